using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>The brake on a plan as a whole, which is checked before anything of it expires; and what a check clears.</summary>
public sealed class PlanBrakeTests
{
    private static readonly Clock Now = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly InMemoryEventLog _log = new(Now);
    private long _lastImage = 5_000_000_000;

    /// <summary>Droplets, how many old ones each has, how many young ones, and whether the plan is braked. Three of a droplet may always go.</summary>
    public static TheoryData<string, int, int, int, bool> Boundaries => new()
    {
        { "ten of fifteen: not more than ten", 5, 2, 1, false },
        { "twelve of sixteen", 4, 3, 1, true },
        { "twelve of twenty-four: no more than half", 4, 3, 3, false },
        { "twelve of twenty", 4, 3, 2, true },
        { "nine of twelve", 3, 3, 1, false },
    };

    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task More_than_half_and_more_than_ten_of_a_plan_wait(string name, int droplets, int old, int young, bool waits)
    {
        await PlanAsync("p");
        await FleetAsync("p", 1, droplets, old, young);
        var round = await RoundAsync();
        var (expired, brakes) = round;
        Assert.Equal(waits ? ["p"] : [], brakes.Select(b => b.Plan));
        Assert.True((waits ? 0 : droplets * old) == expired.Count, name);
        Assert.All(brakes, b => Assert.Equal($"{droplets * old} of {droplets * (old + young)} snapshots of plan 'p' would go within a day", b.Detail));

        // It is said of each snapshot once, and nothing goes.
        Assert.Equal(waits ? droplets * old : 0, round.Held);
        Assert.Equal(0, (await RoundAsync()).Held);
        Assert.Equal(waits ? 1 : 0, Braking.InForce(await LedgersAsync()).Count);
    }

    [Fact]
    public async Task Released_as_a_whole_everything_goes_also_of_droplets_that_were_braked_by_themselves()
    {
        await PlanAsync("p");
        await FleetAsync("p", 1, droplets: 4, old: 3, young: 1);
        await FleetAsync("p", 9, droplets: 1, old: 4, young: 1);
        await DecideAsync(9, Clearance.All);
        Assert.Equal([9L], Braking.InForce(await LedgersAsync()).Select(b => b.DropletId!.Value));
        Assert.Single((await RoundAsync()).Brakes);
        Assert.Equal([(long?)null], Braking.InForce(await LedgersAsync()).Select(b => b.DropletId));

        await StateAsync("p", new BrakeReleased("p", null, "ann", "looked", Now.GetUtcNow()));
        Assert.Empty(Braking.InForce(await LedgersAsync()));
        Assert.Equal(16, (await RoundAsync()).Expired.Count);
        Assert.Equal(0, (await RoundAsync()).Held);
    }

    [Fact]
    public async Task A_plan_that_was_resumed_or_changed_is_checked_although_it_was_released()
    {
        foreach (var happening in new object[] { new PlanResumed("p", "ann", "", Now.GetUtcNow()), new PlanChanged("p", 2, Terms("p", "0h:2d"), Now.GetUtcNow()) })
        {
            var test = new PlanBrakeTests();
            await test.PlanAsync("p");
            await test.FleetAsync("p", 1, droplets: 4, old: 3, young: 1);
            await test.StateAsync("p", new BrakeReleased("p", null, "ann", "beforehand", Now.GetUtcNow()));
            await test.StateAsync("p", happening);
            Assert.Single((await test.RoundAsync()).Brakes);
        }
    }

    [Fact]
    public async Task Several_plans_that_each_lose_little_are_braked_for_what_they_lose_together()
    {
        foreach (var (plan, first) in new[] { ("p", 1), ("q", 11), ("r", 21) })
        {
            await PlanAsync(plan);
            await FleetAsync(plan, first, droplets: plan == "r" ? 1 : 2, old: plan == "r" ? 1 : 3, young: plan == "r" ? 2 : 1);
        }

        // 6 of 8, 6 of 8 and 1 of 3: the last loses no more than its share.
        var (expired, brakes) = await RoundAsync();
        Assert.Equal(["p", "q"], brakes.Select(b => b.Plan).Order());
        Assert.Equal([21L], expired.Select(e => e.DropletId));
    }

    [Fact]
    public async Task Only_what_was_counted_is_cleared_and_only_under_the_version_that_was_checked()
    {
        await PlanAsync("p");
        await FleetAsync("p", 1, droplets: 1, old: 1, young: 4);
        var (clearance, _) = Braking.Check(await LedgersAsync(), Now.GetUtcNow());
        await CompleteAsync("p", 1, Now.GetUtcNow().AddDays(-2));
        Assert.Single((await DecideAsync(1, clearance)).OfType<SnapshotExpired>());
        Assert.Empty(await DecideAsync(1, clearance));
        Assert.Empty(await DecideAsync(1, Clearance.None));

        (clearance, _) = Braking.Check(await LedgersAsync(), Now.GetUtcNow());
        await StateAsync("p", new PlanChanged("p", 2, Terms("p", "0h:2d"), Now.GetUtcNow()));
        Assert.Empty(await DecideAsync(1, clearance));
        Assert.Single((await RoundAsync()).Expired);
    }

    [Fact]
    public async Task A_plan_that_changed_since_it_was_checked_is_not_braked_for_what_it_no_longer_says()
    {
        await PlanAsync("p");
        await FleetAsync("p", 1, droplets: 4, old: 3, young: 1);
        var (_, found) = Braking.Check(await LedgersAsync(), Now.GetUtcNow());
        Assert.Single(found);
        await StateAsync("p", new PlanChanged("p", 2, Terms("p", "0h:1m"), Now.GetUtcNow()));
        Assert.Empty(Braking.Apply(await _log.LoadFleetFactsAsync(Ct), found));
        Assert.Empty(Braking.InForce(await LedgersAsync()));
    }

    [Fact]
    public async Task A_paused_plan_neither_counts_nor_is_cleared()
    {
        await PlanAsync("p");
        await FleetAsync("p", 1, droplets: 4, old: 3, young: 1);
        await StateAsync("p", new PlanPaused("p", "ann", "", Now.GetUtcNow()));
        var (clearance, found) = Braking.Check(await LedgersAsync(), Now.GetUtcNow());
        Assert.Empty(found);
        await StateAsync("p", new PlanResumed("p", "ann", "", Now.GetUtcNow()));
        Assert.Empty(await DecideAsync(1, clearance));
    }

    [Fact]
    public void Never_does_more_than_half_and_more_than_three_of_a_droplet_go_within_a_day() => RandomLedger
        .Any(
            SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete,
            SnapshotPhase.Expired, SnapshotPhase.Pruning, SnapshotPhase.Pruned)
        .Sample(
            random =>
            {
                var ledger = (random with { Brake = BrakeSetting.On }).Ledger();
                var before = ledger.Snapshots.Count(s => IsMember(s) && Goes(s));
                var all = ledger.Snapshots.Where(s => IsMember(s) && (s.IsComplete || Goes(s))).DistinctBy(s => s.ImageId).Count();
                var decided = Planning.Decide(ledger, World.Start);
                var going = decided.Count(e => e.Data is SnapshotExpired);
                Assert.True(going == 0 || before + going <= 3 || (before + going) * 2 <= all, $"{before} and {going} of {all}");
                // And nothing is held that may go.
                var free = Planning.Decide(random.Ledger(), World.Start).Count(e => e.Data is SnapshotExpired);
                Assert.Equal(before + free > 3 && (before + free) * 2 > all ? 0 : free, going);
                Assert.Empty(Planning.Decide(ledger.After(decided), World.Start));
            },
            iter: 5_000);

    private static bool IsMember(Snapshot s) => s.Plan is not null;

    private static bool Goes(Snapshot s) =>
        s is { Phase: SnapshotPhase.Expired or SnapshotPhase.Pruning or SnapshotPhase.Pruned, Expiry.Origin: Origin.Plan };

    private static PlanTerms Terms(string plan, string keep) =>
        World.Terms(keep: [keep], brake: BrakeSetting.On) with { Tag = plan, Prefix = $"$droplet-{plan}-" };

    private Task PlanAsync(string plan) => StateAsync(plan, new PlanChanged(plan, 1, Terms(plan, "0h:1d"), Now.GetUtcNow()));

    private Task StateAsync(string plan, object @event) => _log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan(plan), @event)], Ct);

    private async Task FleetAsync(string plan, long firstDroplet, int droplets, int old, int young)
    {
        for (var droplet = firstDroplet; droplet < firstDroplet + droplets; droplet++)
        {
            await _log.DecideAsync(droplet, _ => [new NewEvent(Streams.OfDroplet(droplet), new DropletEnrolled(droplet, "web", plan, Now.GetUtcNow()))], Ct);
            foreach (var i in Enumerable.Range(0, old))
            {
                await CompleteAsync(plan, droplet, Now.GetUtcNow().AddDays(-9).AddHours(i));
            }

            foreach (var i in Enumerable.Range(0, young))
            {
                await CompleteAsync(plan, droplet, Now.GetUtcNow().AddHours(-1).AddMinutes(i));
            }
        }
    }

    private Task CompleteAsync(string plan, long droplet, DateTimeOffset at)
    {
        var image = ++_lastImage;
        var id = SnapshotIds.ForImage(image);
        return _log.DecideAsync(
            droplet, _ => [NewEvent.Of(id, new SnapshotDiscovered(id, droplet, "web", image, $"web-{image}", plan, 1, ["nyc3"], at, at))], Ct);
    }

    private async Task<IReadOnlyList<object>> DecideAsync(long droplet, Clearance clearance) =>
        [.. (await _log.DecideAsync(droplet, ledger => Planning.Decide(ledger, Now.GetUtcNow(), mayRequest: false, clearance), Ct)).Select(e => e.Data)];

    private Task<IReadOnlyList<DropletLedger>> LedgersAsync() => _log.LoadLedgersAsync(null, Ct);

    /// <summary>What the planner does each minute.</summary>
    private async Task<Round> RoundAsync()
    {
        var fleet = await LedgersAsync();
        var (clearance, found) = Braking.Check(fleet, Now.GetUtcNow());
        var brakes = await _log.DecideFleetAsync(facts => Braking.Apply(facts, found), Ct);
        var events = new List<object>();
        foreach (var ledger in fleet)
        {
            events.AddRange(await DecideAsync(ledger.DropletId, clearance));
        }

        return new Round([.. events.OfType<SnapshotExpired>()], [.. brakes.Select(e => e.Data).OfType<BrakeApplied>()])
        {
            Held = events.Count(e => e is ExpiryHeld { Guard: Guard.Brake }),
        };
    }

    private sealed record Round(IReadOnlyList<SnapshotExpired> Expired, IReadOnlyList<BrakeApplied> Brakes)
    {
        public int Held { get; init; }
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => World.Start;
    }
}
