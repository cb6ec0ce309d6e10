using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What came of a DELETE, and whether a message leads to work.</summary>
public sealed class PruneRecordTests
{
    private static readonly LifecycleTimings Timings = new();
    private static readonly DateTimeOffset Sample = World.At("2026-01-02T03:04:05Z");

    public static TheoryData<SnapshotPhase, DeleteResult> Everywhere =>
        [.. from phase in Enum.GetValues<SnapshotPhase>() from result in Enum.GetValues<DeleteResult>() select (phase, result)];

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void A_result_counts_only_while_its_own_attempt_is_open(SnapshotPhase phase, DeleteResult result)
    {
        Assert.Equal(phase is SnapshotPhase.Pruning, Record(phase, EventSamples.Id, 1, result).Count == 1);
        Assert.Empty(Record(phase, EventSamples.Id, 0, result));
        Assert.Empty(Record(phase, EventSamples.Id, 2, result));
        Assert.Empty(Record(phase, Guid.NewGuid(), 1, result));
    }

    [Fact]
    public void A_result_is_recorded_as_what_it_is()
    {
        Assert.Equal(new SnapshotPruned(EventSamples.Id, 42, 3_000_000_002, World.Start), One(DeleteResult.Gone));
        Assert.Equal(new PruneRefused(EventSamples.Id, 42, null, "detail", World.Start), One(DeleteResult.Refused));
        Assert.Equal(new PruneDeferred(EventSamples.Id, 42, "detail", World.Start, World.Start.AddMinutes(2)), One(DeleteResult.NotYet));
        Assert.Equal(new PruneDeferred(EventSamples.Id, 42, "detail", World.Start, World.Start.AddMinutes(2), NotDone: true), One(DeleteResult.NotDone));

        static object One(DeleteResult result) => Assert.Single(Record(SnapshotPhase.Pruning, EventSamples.Id, 1, result)).Data;
    }

    [Theory]
    [InlineData(SnapshotPhase.Requested, false)]
    [InlineData(SnapshotPhase.Complete, false)]
    [InlineData(SnapshotPhase.Expired, true)]
    [InlineData(SnapshotPhase.Pruned, false)]
    [InlineData(SnapshotPhase.Failed, false)]
    [InlineData(SnapshotPhase.Lost, false)]
    public void Only_an_expiry_is_due(SnapshotPhase phase, bool due) => Assert.Equal(due, PruneWork.IsDue(EvolutionTests.At(phase), Sample.AddHours(1)));

    [Theory]
    [InlineData(SnapshotPhase.Expired)]
    [InlineData(SnapshotPhase.Pruning)]
    public void What_was_put_off_is_due_when_its_time_has_come(SnapshotPhase phase)
    {
        var s = SnapshotEvolution.Evolve(EvolutionTests.At(phase), "x", EventSamples.Of("PruneDeferred"));
        Assert.False(PruneWork.IsDue(s, Sample.AddMinutes(2).AddTicks(-1)));
        Assert.True(PruneWork.IsDue(s, Sample.AddMinutes(2)));
    }

    [Fact]
    public void An_attempt_is_not_due_while_its_delete_may_still_be_sent()
    {
        Assert.False(PruneWork.IsDue(EvolutionTests.At(SnapshotPhase.Pruning), Sample.AddMinutes(1)));
        Assert.True(PruneWork.IsDue(EvolutionTests.At(SnapshotPhase.Pruning), Sample.AddMinutes(1).AddTicks(1)));
    }

    [Fact]
    public void Without_an_image_there_is_nothing_to_delete()
    {
        var s = EvolutionTests.At(SnapshotPhase.Expired) with { ImageId = null };
        Assert.False(PruneWork.IsDue(s, Sample.AddHours(1)));
        var ledger = Given.Ledger(World.Terms(), s);
        Assert.Empty(PruneWork.Begin(ledger, s.SnapshotId, Sight.Of(ledger, null), Sample.AddHours(1), Timings));
    }

    private static IReadOnlyList<NewEvent> Record(SnapshotPhase phase, Guid id, int attempt, DeleteResult result) => PruneWork.Record(
        Given.Ledger(World.Terms(), EvolutionTests.At(phase)), id, attempt, result, "detail", World.Start, Timings);
}
