using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>The last decision before a DELETE, held against the plainest possible reading of what may be deleted.</summary>
public sealed class PrunePropertyTests
{
    private const int Iterations = 5_000;

    private static readonly LifecycleTimings Timings = new();

    private static readonly Gen<RandomLedger> Ledgers = RandomLedger.Any(
        SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Expired, SnapshotPhase.Expired, SnapshotPhase.Pruning,
        SnapshotPhase.Pruned, SnapshotPhase.Lost);

    [Fact]
    public void An_intent_to_delete_is_given_when_every_guard_passes_and_only_then()
    {
        var intents = 0;
        var refusals = 0;
        Ledgers.Sample(
            random =>
            {
                var ledger = random.Ledger();
                foreach (var shot in random.Shots)
                {
                    var intent = PruneWork.Begin(ledger, shot.Id, Sight.Of(ledger, shot.Seen), World.Start, Timings) is [{ Data: PruneAttempted attempt }] ? attempt : null;
                    Assert.True(intent is not null == MayDelete(random, shot), $"{shot}");
                    Assert.True(intent is null || intent.ImageId == shot.Image);
                    Interlocked.Increment(ref intent is null ? ref refusals : ref intents);
                }
            },
            iter: Iterations);
        Assert.True(intents > 500 && refusals > 500, $"The samples show too little: {intents} intents, {refusals} refusals.");
    }

    [Fact]
    public void However_many_are_deleted_one_after_the_other_what_must_stay_stays() => Ledgers.Sample(
        random =>
        {
            var ledger = random.Ledger();
            foreach (var shot in random.Shots)
            {
                var begun = PruneWork.Begin(ledger, shot.Id, Sight.Of(ledger, shot.Seen), World.Start, Timings);
                ledger = ledger.After(begun);
                if (begun is [{ Data: PruneAttempted attempt }])
                {
                    ledger = ledger.After(PruneWork.Record(ledger, shot.Id, attempt.Attempt, DeleteResult.Gone, "", World.Start, Timings));
                }
            }

            var complete = random.Shots.Where(s => s.Complete && s.OfPlan).ToList();
            Assert.All(complete.Concat(random.Shots.Where(s => s.Pinned)), s => Assert.True(
                s.Phase is SnapshotPhase.Pruned || ledger.Find(s.Id)!.Phase is not SnapshotPhase.Pruned, $"{s} was deleted"));
        },
        iter: Iterations);

    [Fact]
    public void Nothing_is_deleted_of_which_anything_differs() => Gen.Select(Ledgers, Gen.Int[0, 4]).Sample(
        (random, difference) =>
        {
            var ledger = random.Ledger();
            foreach (var shot in random.Shots)
            {
                var seen = difference switch
                {
                    0 => shot.Seen with { ImageId = shot.Image + 1 },
                    1 => shot.Seen with { Name = shot.Name.ToUpperInvariant() },
                    2 => shot.Seen with { DropletId = World.Droplet + 1 },
                    3 => shot.Seen with { DropletId = null },
                    _ => shot.Seen with { CreatedAt = shot.Created.AddSeconds(1) },
                };
                Assert.DoesNotContain(PruneWork.Begin(ledger, shot.Id, Sight.Of(ledger, seen), World.Start, Timings), e => e.Data is PruneAttempted);
            }
        },
        iter: Iterations);

    [Fact]
    public void What_the_planner_expires_the_pruner_deletes_unless_something_changed() => RandomLedger.Any(SnapshotPhase.Complete).Sample(
        random =>
        {
            var decided = Planning.Decide(random.Ledger(), World.Start);
            var ledger = random.Ledger().After(decided);
            foreach (var expired in decided.Select(e => e.Data).OfType<SnapshotExpired>())
            {
                // In any order, with the others still there or gone: otherwise they would be withdrawn and expired again for ever.
                Assert.IsType<PruneAttempted>(Assert.Single(
                    PruneWork.Begin(ledger, expired.SnapshotId, Sight.Of(ledger, random.Of(expired.SnapshotId).Seen), World.Start.AddSeconds(1), Timings)).Data);
            }
        },
        iter: Iterations);

    private static bool MayDelete(RandomLedger random, Shot shot)
    {
        var plansOwn = random.Shots.Where(s => s.Complete && s.OfPlan && s.Image != shot.Image).ToList();
        return shot.Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning
            && shot.DecidedMinutesAgo <= 60
            && (shot.OfPlan ? random.MaySpare(shot, plansOwn) : !shot.Pinned && !shot.Transferring)
            && (shot.DecidedByHand || (shot.OfPlan && !random.Paused && random.RulesLetGo(shot, plansOwn.Append(shot))));
    }
}
