using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>The planner, killed by SIGKILL around its decisions, around what the relay publishes, and in the middle of a comparison.</summary>
[Trait("Category", "Slow")]
public sealed class PlannerCrashTests : IClassFixture<PlannerCrashTests.Surroundings>
{
    private readonly Surroundings _surroundings;

    public PlannerCrashTests(Surroundings surroundings) => _surroundings = surroundings;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("before a request is decided", "before-append SnapshotRequested")]
    [InlineData("after a request is decided", "after-append SnapshotRequested")]
    [InlineData("before the relay publishes a request", "before-publish SnapshotRequested")]
    [InlineData("after the relay published a request", "after-publish SnapshotRequested")]
    [InlineData("before a transfer is decided", "before-append TransferRequested")]
    [InlineData("before the relay publishes a transfer", "before-publish TransferRequested")]
    [InlineData("before an expiry is decided", "before-append SnapshotExpired")]
    [InlineData("before the relay publishes an expiry", "before-publish SnapshotExpired")]
    [InlineData("in a comparison, with the lists read", "after-call /v2/snapshots")]
    [InlineData("in a comparison, between two droplets", "after-append SnapshotDiscovered")]
    public Task Killed_at_any_point_every_decision_is_made_once_and_carried_out(string name, string point) =>
        Crash.RunAsync(_surroundings.World, "Planner", name, point, [Purpose.Taken, Purpose.Copied, Purpose.Thinned], Ct);

    /// <summary>The sandbox and the workers, for all of them.</summary>
    public sealed class Surroundings(PostgresFixture postgres, RabbitMqFixture rabbitMq) : IAsyncLifetime
    {
        internal FaultWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            // A planner first: the workers wait until one has bound the log to its account.
            World = await FaultWorld.StartAsync(postgres, rabbitMq, Platform.Services, Ct);
            await World.Platform.KillAsync("Planner");
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
