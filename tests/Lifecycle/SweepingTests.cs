using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What is published again when nothing comes of it.</summary>
public sealed class SweepingTests
{
    private static readonly DateTimeOffset Sample = World.At("2026-01-02T03:04:05Z");

    public static TheoryData<string, SnapshotPhase, string, Type?, double> Cases => new()
    {
        { "a request that nobody took", SnapshotPhase.Requested, "", typeof(SnapshotRequested), 10 },
        { "a request to be tried again", SnapshotPhase.Requested, "SnapshotDeferred", typeof(SnapshotRequested), 1 },
        { "an attempt that failed", SnapshotPhase.Attempted, "SnapshotFailed", typeof(SnapshotRequested), 2 },
        { "an attempt is for the follower", SnapshotPhase.Attempted, "", null, 0 },
        { "so is an action", SnapshotPhase.Started, "", null, 0 },
        { "a complete snapshot waits for nothing", SnapshotPhase.Complete, "", null, 0 },
        { "a transfer that nobody took", SnapshotPhase.Complete, "TransferRequested", typeof(TransferRequested), 10 },
        { "a transfer to be tried again", SnapshotPhase.Complete, "TransferDeferred", typeof(TransferRequested), 1 },
        { "a transfer that failed once", SnapshotPhase.Complete, "TransferFailed", typeof(TransferRequested), 2 },
        { "a transfer's attempt is for the follower", SnapshotPhase.Complete, "TransferAttempted", null, 0 },
        { "so is its action", SnapshotPhase.Complete, "TransferStarted", null, 0 },
        { "a transfer that is done", SnapshotPhase.Complete, "TransferCompleted", null, 0 },
        { "an expiry that nobody took", SnapshotPhase.Expired, "", typeof(SnapshotExpired), 10 },
        { "an expiry put off", SnapshotPhase.Expired, "PruneDeferred", typeof(SnapshotExpired), 2 },
        { "a deletion of which nothing was heard", SnapshotPhase.Pruning, "", typeof(SnapshotExpired), 1 },
        { "a deletion to be tried again", SnapshotPhase.Pruning, "PruneDeferred", typeof(SnapshotExpired), 2 },
        { "an expiry withdrawn", SnapshotPhase.Expired, "ExpiryWithdrawn", null, 0 },
        { "a refused deletion", SnapshotPhase.Pruning, "PruneRefused", null, 0 },
        { "pruned", SnapshotPhase.Pruned, "", null, 0 },
        { "given up", SnapshotPhase.Failed, "", null, 0 },
        { "lost", SnapshotPhase.Lost, "", null, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_waits_and_from_when_on(string name, SnapshotPhase phase, string last, Type? command, double minutes)
    {
        var s = EvolutionTests.At(phase);
        s = last.Length == 0 ? s : SnapshotEvolution.Evolve(s, s.Id, EventSamples.Of(last));

        var waiting = Sweeping.Waiting(Given.Ledger(World.Terms(regions: ["lon1"]), s)).ToList();

        Assert.True(command == waiting.SingleOrDefault()?.Command, name);
        if (waiting is [{ } one])
        {
            Assert.Equal((EventSamples.Id, 42L, command == typeof(TransferRequested) ? "lon1" : null), (one.SnapshotId, one.DropletId, one.Region));
            Assert.Equal(Sample.AddMinutes(minutes), one.DueAt);
            Assert.Equal(Sample, one.Since);
        }
    }

    [Fact]
    public void Each_region_waits_for_itself()
    {
        var world = new World(World.Terms(regions: ["ams3", "lon1", "sfo3"]));
        var id = world.Complete(World.Start.AddHours(-1));
        world.Plan();
        world.Given(NewEvent.Of(id, new TransferFailed(id, World.Droplet, "lon1", "no", true, world.Now)));
        Assert.Equal(["ams3", "sfo3"], Sweeping.Waiting(world.Ledger).Select(w => w.Region));
    }

    [Fact]
    public void What_is_published_when_it_is_due_leads_to_work()
    {
        var world = new World();
        var id = ((SnapshotRequested)world.Plan().Single()).SnapshotId;
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings));
            world.When(l => SnapshotWork.Record(l, id, attempt, new SendOutcome.NotYet("busy"), world.Now, world.Timings));
            world.Now = Assert.Single(Sweeping.Waiting(world.Ledger)).DueAt;
        }

        Assert.NotEmpty(world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings)));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 40)]
    [InlineData(4, 60)]
    [InlineData(5, 60)]
    [InlineData(1_000_000, 60)]
    [InlineData(0, 10)]
    public void The_wait_doubles_up_to_an_hour(int times, double minutes) =>
        Assert.Equal(World.Start.AddMinutes(minutes), Sweeping.Again(World.Start, times));

    [Theory]
    [InlineData(-5, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(int.MaxValue, 60)]
    public void Waits_between_attempts_double_up_to_an_hour(int attempts, double minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), new LifecycleTimings().Backoff(attempts));

    [Theory]
    [InlineData(-7, 1)]
    [InlineData(0, 1)]
    [InlineData(30, 30)]
    [InlineData(61, 60)]
    public void What_has_waited_waits_as_long_again(double waited, double minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), new LifecycleTimings().AsLongAgain(TimeSpan.FromMinutes(waited)));
}
