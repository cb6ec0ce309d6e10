using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>Each worker, killed by SIGKILL at each point of its work. Whoever comes after it finds out what was done, and does the rest once.</summary>
[Trait("Category", "Slow")]
public sealed class WorkerCrashTests : IClassFixture<WorkerCrashTests.Surroundings>
{
    private readonly Surroundings _surroundings;

    public WorkerCrashTests(Surroundings surroundings) => _surroundings = surroundings;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SnapshotWorker", "before the intent", "before-append SnapshotAttempted")]
    [InlineData("SnapshotWorker", "after the intent", "after-append SnapshotAttempted")]
    [InlineData("SnapshotWorker", "after the POST", "after-call POST")]
    [InlineData("SnapshotWorker", "before the outcome", "before-append SnapshotStarted")]
    [InlineData("SnapshotWorker", "before the ack", "before-ack SnapshotRequested")]
    [InlineData("SnapshotWorker", "before the end", "before-append SnapshotCompleted")]
    [InlineData("TransferWorker", "before the intent", "before-append TransferAttempted")]
    [InlineData("TransferWorker", "after the intent", "after-append TransferAttempted")]
    [InlineData("TransferWorker", "after the POST", "after-call POST")]
    [InlineData("TransferWorker", "before the outcome", "before-append TransferStarted")]
    [InlineData("TransferWorker", "before the ack", "before-ack TransferRequested")]
    [InlineData("TransferWorker", "before the end", "before-append TransferCompleted")]
    [InlineData("PrunerWorker", "before the intent", "before-append PruneAttempted")]
    [InlineData("PrunerWorker", "after the intent", "after-append PruneAttempted")]
    [InlineData("PrunerWorker", "after the DELETE", "after-call DELETE")]
    [InlineData("PrunerWorker", "before the outcome", "before-append SnapshotPruned")]
    [InlineData("PrunerWorker", "before the ack", "before-ack SnapshotExpired")]
    public Task Killed_at_any_point_nothing_is_lost_and_nothing_doubled(string worker, string name, string point)
    {
        var purpose = worker switch
        {
            "SnapshotWorker" => Purpose.Taken,
            "TransferWorker" => Purpose.Copied,
            _ => Purpose.Thinned,
        };
        return Crash.RunAsync(_surroundings.World, worker, name, point, [purpose], Ct);
    }

    /// <summary>The sandbox and a planner, for all of them.</summary>
    public sealed class Surroundings(PostgresFixture postgres, RabbitMqFixture rabbitMq) : IAsyncLifetime
    {
        internal FaultWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await FaultWorld.StartAsync(postgres, rabbitMq, ["Planner"], Ct);

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
