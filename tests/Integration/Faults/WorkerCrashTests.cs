using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>Each worker, killed by SIGKILL at each point of its work. Whoever comes after it finds out what was done, and does the rest once.</summary>
[Trait("Category", "Slow")]
public sealed class WorkerCrashTests : IClassFixture<WorkerCrashTests.Surroundings>
{
    private readonly Surroundings _surroundings;

    public WorkerCrashTests(Surroundings surroundings) => _surroundings = surroundings;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A worker: what it is for, and what is at each of its points.</summary>
    private static readonly (string Name, Purpose Purpose, string Intent, string Call, string Outcome, string Message, string? End)[] Workers =
    [
        ("SnapshotWorker", Purpose.Taken, "SnapshotAttempted", "POST", "SnapshotStarted", "SnapshotRequested", "SnapshotCompleted"),
        ("TransferWorker", Purpose.Copied, "TransferAttempted", "POST", "TransferStarted", "TransferRequested", "TransferCompleted"),
        ("PrunerWorker", Purpose.Thinned, "PruneAttempted", "DELETE", "SnapshotPruned", "SnapshotExpired", null),
    ];

    [Theory]
    [InlineData("before the intent")]
    [InlineData("after the intent")]
    [InlineData("after the call")]
    [InlineData("before the outcome")]
    [InlineData("before the ack")]
    [InlineData("before the end")]
    public Task Killed_at_any_point_nothing_is_lost_and_nothing_doubled(string name) =>
        // All three at once: most of the time is waiting.
        Task.WhenAll(
            from worker in Workers
            let point = name switch
            {
                "before the intent" => $"before-append {worker.Intent}",
                "after the intent" => $"after-append {worker.Intent}",
                "after the call" => $"after-call {worker.Call}",
                "before the outcome" => $"before-append {worker.Outcome}",
                "before the ack" => $"before-ack {worker.Message}",
                _ => worker.End is { } end ? $"before-append {end}" : null,
            }
            where point is not null
            select Crash.RunAsync(_surroundings.World, worker.Name, name, point, [worker.Purpose], Ct));

    /// <summary>The sandbox and a planner, for all of them.</summary>
    public sealed class Surroundings(PostgresFixture postgres, RabbitMqFixture rabbitMq) : IAsyncLifetime
    {
        internal FaultWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await FaultWorld.StartAsync(postgres, rabbitMq, ["Planner"], Ct);

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
