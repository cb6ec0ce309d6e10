using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What holds for every ledger, however it came about.</summary>
public sealed class ExpiringPropertyTests
{
    private const int Iterations = 3_000;

    private static readonly Gen<RandomLedger> Ledgers = RandomLedger.Any(
        SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete,
        SnapshotPhase.Expired, SnapshotPhase.Pruning, SnapshotPhase.Pruned, SnapshotPhase.Lost);

    [Fact]
    public void Deciding_again_at_the_same_moment_decides_nothing() => Ledgers.Sample(
        random =>
        {
            var ledger = random.Ledger();
            Assert.Empty(Planning.Decide(ledger.After(Planning.Decide(ledger, World.Start)), World.Start));
        },
        iter: Iterations);

    [Fact]
    public void The_newest_complete_snapshot_of_the_plan_survives_and_with_it_as_many_as_are_wanted() => Ledgers.Sample(
        random =>
        {
            var before = random.Shots.Where(s => s.Complete && s.OfPlan).ToList();
            var gone = Expired(random).Select(e => e.ImageId).ToHashSet();
            var after = before.Where(s => !gone.Contains(s.Image)).ToList();
            Assert.Equal(Newest(before)?.Image, Newest(after)?.Image);
            Assert.True(after.Count >= Math.Min(before.Count, Math.Max(1, random.KeepAtLeast)));
            foreach (var region in random.Regions)
            {
                Assert.Equal(Newest(before.Where(s => s.Regions.Contains(region)))?.Image, Newest(after.Where(s => s.Regions.Contains(region)))?.Image);
            }
        },
        iter: Iterations);

    [Fact]
    public void Exactly_what_the_rules_let_go_and_nothing_holds_is_expired() => Ledgers.Sample(
        random =>
        {
            var complete = random.Shots.Where(s => s.Complete && s.OfPlan).ToList();
            var left = complete.ToList();
            var expected = new List<long>();
            foreach (var shot in complete.Where(s => random.RulesLetGo(s, complete) && !s.LeftAlone).OrderBy(s => s.Created).ThenBy(s => s.Image))
            {
                if (random.MaySpare(shot, left))
                {
                    left.Remove(shot);
                    expected.Add(shot.Image);
                }
            }

            var expired = Expired(random).Select(e => e.ImageId).Order().ToList();

            // Oldest first by slot, which may order two of one slot otherwise than by creation: then another of them may be the one that stays.
            Assert.All(expired, image => Assert.True(random.RulesLetGo(random.Shots.Single(s => s.Image == image), complete)));
            Assert.Equal(random.Paused ? 0 : expected.Count, expired.Count);
        },
        iter: Iterations);

    [Fact]
    public void A_decision_does_not_depend_on_the_order_of_the_ledger() => Ledgers
        .SelectMany(random => Gen.Shuffle(random.Ledger().Snapshots.ToArray()).Select(shuffled => (random, shuffled)))
        .Sample(
            pair =>
            {
                var ledger = pair.random.Ledger();
                var shuffled = ledger with { Snapshots = [.. pair.shuffled] };
                Assert.Equal(Texts(Planning.Decide(ledger, World.Start)), Texts(Planning.Decide(shuffled, World.Start)));
            },
            iter: Iterations);

    [Fact]
    public void What_is_held_is_never_expired_in_the_same_decision_and_each_is_spoken_of_once() => Ledgers.Sample(
        random =>
        {
            var events = Planning.Decide(random.Ledger(), World.Start).Select(e => e.Data).ToList();
            var spoken = events.OfType<ExpiryHeld>().Select(e => e.SnapshotId).Concat(events.OfType<SnapshotExpired>().Select(e => e.SnapshotId)).ToList();
            Assert.Equal(spoken.Distinct().Count(), spoken.Count);
            Assert.All(spoken, id => Assert.True(random.Of(id).Complete && random.Of(id).OfPlan));
        },
        iter: Iterations);

    [Fact]
    public void Time_alone_ends_in_silence() => Ledgers.Sample(
        random =>
        {
            // Whatever a ledger holds, deciding each minute of an hour says at most one thing of each snapshot's removal and one of each guard.
            var ledger = random.Ledger();
            var events = 0;
            for (var minute = 0; minute < 60; minute++)
            {
                var decided = Planning.Decide(ledger, World.Start.AddMinutes(minute), mayRequest: false);
                events += decided.Count(e => e.Data is SnapshotExpired or ExpiryHeld);
                ledger = ledger.After(decided);
            }

            Assert.True(events <= random.Shots.Count * 2, $"{events} events");
        },
        iter: 300);

    private static List<SnapshotExpired> Expired(RandomLedger random) =>
        [.. Planning.Decide(random.Ledger(), World.Start).Select(e => e.Data).OfType<SnapshotExpired>()];

    private static Shot? Newest(IEnumerable<Shot> shots) => shots.OrderBy(s => s.Created).ThenBy(s => s.Image).LastOrDefault();

    private static IEnumerable<string> Texts(IEnumerable<NewEvent> events) => events.Select(e => e.Stream + Json.Of(e.Data)).Order();
}
