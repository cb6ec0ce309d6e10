using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.EventLog.Tests;

/// <summary>What every implementation of the log must do. Each is run through the whole of it.</summary>
public abstract class EventLogContract : IAsyncLifetime
{
    private const long Droplet = 7;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    protected FakeTimeProvider Clock { get; } = new(Start);

    protected IEventLog Log { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_appended_is_read_as_it_was_returned()
    {
        var id = Guid.NewGuid();
        var appended = await Append(Enrolled(), Requested(id), Attempted(id));

        Assert.Equal([1L, 2L], appended.Where(e => e.Stream == Streams.OfSnapshot(id)).Select(e => e.StreamVersion));
        AssertSame(appended, await Log.ReadAsync(0, 100, Ct));
        AssertSame([.. appended.Where(e => e.Stream == Streams.OfSnapshot(id))], await Log.ReadStreamAsync(Streams.OfSnapshot(id), Ct));
        Assert.Equal(appended.Max(e => e.Sequence), await Log.HeadAsync(Ct));
        Assert.Empty(await Log.ReadAsync(await Log.HeadAsync(Ct), 100, Ct));
    }

    [Fact]
    public async Task Deciding_nothing_writes_nothing()
    {
        var head = await Log.HeadAsync(Ct);
        Assert.Empty(await Append());
        Assert.Equal(head, await Log.HeadAsync(Ct));
    }

    [Fact]
    public async Task A_decision_sees_all_earlier_ones()
    {
        var id = Guid.NewGuid();
        await Append(Enrolled(), Requested(id));
        await Append(Attempted(id));
        DropletLedger? seen = null;
        await Log.DecideAsync(Droplet, ledger => { seen = ledger; return []; }, Ct);

        var snapshot = seen!.Find(id)!;
        Assert.Equal((SnapshotPhase.Attempted, 2L, true), (snapshot.Phase, snapshot.Version, snapshot.Working));
        Assert.Equal("web-1", seen.Droplet!.Name);
        Assert.Equal(id, Assert.Single(await Log.FindWorkingAsync(Ct)).SnapshotId);
    }

    [Fact]
    public async Task A_stream_is_started_once_and_who_comes_second_writes_nothing_at_all()
    {
        var id = Guid.NewGuid();
        await Append(Requested(id));
        var head = await Log.HeadAsync(Ct);

        await Assert.ThrowsAsync<LogConflictException>(() => Append(Enrolled(), Requested(id)));

        Assert.Equal(head, await Log.HeadAsync(Ct));
        Assert.Null((await Ledger()).Droplet);
    }

    [Fact]
    public async Task A_decision_that_throws_writes_nothing_and_lets_the_next_one_in()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Log.DecideAsync(Droplet, _ => throw new InvalidOperationException(), Ct));
        Assert.Single(await Append(Enrolled()));
    }

    [Fact]
    public async Task Decisions_for_one_droplet_happen_one_after_the_other()
    {
        var id = Guid.NewGuid();
        await Append(Requested(id));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Log.DecideAsync(
            Droplet,
            ledger => [NewEvent.Of(id, new SnapshotAttempted(id, Droplet, ledger.Find(id)!.Attempts + 1, Start, Start))],
            Ct))));

        Assert.Equal(20, (await Ledger()).Find(id)!.Attempts);
        var attempts = (await Log.ReadStreamAsync(Streams.OfSnapshot(id), Ct)).Select(e => e.Data).OfType<SnapshotAttempted>();
        Assert.Equal(Enumerable.Range(1, 20), attempts.Select(a => a.Attempt));
    }

    [Fact]
    public async Task The_ledger_has_what_lives_what_ended_lately_and_the_last_scheduled_whatever_became_of_it()
    {
        var (older, last, found, lost) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await Append(Requested(older), Failed(older, Start));
        await Append(Requested(last, Start.AddMinutes(1)), Failed(last, Start.AddMinutes(1)));
        await Append(Discovered(found, 1), Discovered(lost, 2), NewEvent.Of(lost, new SnapshotLost(lost, Droplet, 2, Start)));
        Assert.Equal(4, (await Ledger()).Snapshots.Length);

        Clock.Advance(TimeSpan.FromDays(3));

        var ledger = await Ledger();
        Assert.Equal(new HashSet<Guid> { last, found, lost }, ledger.Snapshots.Select(s => s.SnapshotId).ToHashSet());
        Assert.Equal(last, ledger.LastScheduled!.SnapshotId);
        // What was lost may be found again, on its own stream.
        Assert.Equal(3, Assert.Single(await Append(Discovered(lost, 2))).StreamVersion);
        Assert.True((await Ledger()).Find(lost)!.IsComplete);
    }

    [Fact]
    public async Task A_pinned_snapshot_that_was_lost_for_long_is_found_again_with_its_pin()
    {
        var terms = new PlanTerms("autosnapshot", "$droplet-", "1d", "03:00", "2h", ["0h:0h"], [], 1, PlanTiming.Anchored);
        await Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("p"), new PlanChanged("p", 1, terms, Start))], Ct);
        // One of our own: its id is not derived from the image's.
        var id = Guid.NewGuid();
        var seen = new ObservedSnapshot(5, "web-1-20260101T000000Z", Droplet, Start, 1, ["nyc3"]);
        await Append(
            Enrolled(),
            NewEvent.Of(id, new SnapshotRequested(id, Droplet, "web-1", seen.Name, "p", Origin.Plan, Start)),
            NewEvent.Of(id, new SnapshotCompleted(id, Droplet, 5, 1, ["nyc3"], Start, Start)),
            NewEvent.Of(id, new SnapshotPinned(id, Droplet, "ann", "evidence", Start)),
            NewEvent.Of(id, new SnapshotLost(id, Droplet, 5, Start)),
            // Later ones, so that it is not in sight for being the last.
            Requested(Guid.NewGuid(), Start.AddHours(1)));
        Clock.Advance(TimeSpan.FromDays(30));

        await Log.DecideAsync(
            Droplet,
            ledger => Reconciliation.Decide(
                ledger, ledger.PlanFacts!, new ObservedDroplet(Droplet, "web-1"), [seen], new HashSet<long>(), Clock.GetUtcNow(), new LifecycleTimings()),
            Ct);

        var found = Assert.Single((await Ledger()).Snapshots, s => s.ImageId == 5);
        Assert.Equal((id, true, true), (found.SnapshotId, found.Pinned, found.IsComplete));
    }

    [Fact]
    public async Task Ledgers_are_loaded_for_all_that_are_known_or_for_those_asked_for()
    {
        await Append(Enrolled());
        await Log.DecideAsync(8, _ => [new NewEvent(Streams.OfDroplet(8), new DropletEnrolled(8, "db-1", "p", Start))], Ct);

        Assert.Equal([7L, 8L], (await Log.LoadLedgersAsync(null, Ct)).Select(l => l.DropletId));
        var unknown = Assert.Single(await Log.LoadLedgersAsync([99], Ct));
        Assert.Null(unknown.Droplet);
        Assert.Empty(unknown.Snapshots);
    }

    [Fact]
    public async Task Plans_and_the_account_are_facts_of_the_fleet_and_a_plan_reaches_its_droplets()
    {
        var terms = new PlanTerms("autosnapshot", "$droplet-", "1d", "03:00", "2h", ["3d:1d"], ["lon1"], 1, PlanTiming.Elapsed);
        await Log.DecideFleetAsync(
            fleet => fleet.Account is null
                ? [new NewEvent(Streams.Account, new AccountBound("abc", Start)), new NewEvent(Streams.OfPlan("p"), new PlanChanged("p", 1, terms, Start))]
                : [],
            Ct);
        await Append(Enrolled());

        var facts = await Log.LoadFleetFactsAsync(Ct);
        Assert.Equal("abc", facts.Account!.Uuid);
        Assert.Equal(JsonSerializer.Serialize(terms), JsonSerializer.Serialize(Assert.Single(facts.Plans).Terms));
        Assert.Equal(["lon1"], (await Ledger()).Plan!.Regions);
    }

    [Fact]
    public async Task Brakes_and_releases_are_read_back_with_the_plan_and_with_the_droplet()
    {
        var terms = new PlanTerms("autosnapshot", "$droplet-", "1d", "03:00", "2h", ["0h:1d"], [], 1, PlanTiming.Anchored);
        await Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("Web_1"), new PlanChanged("Web_1", 1, terms, Start))], Ct);
        await Append(
            new NewEvent(Streams.OfDroplet(Droplet), new DropletEnrolled(Droplet, "web-1", "Web_1", Start)),
            new NewEvent(Streams.OfDroplet(Droplet), new BrakeApplied("Web_1", Droplet, "4 of 5", Start, 1)));
        var brake = Assert.Single(Braking.InForce([await Ledger()], Start));
        Assert.Equal(("Web_1", Droplet, new Brake(1, "4 of 5", Start)), (brake.Plan, brake.DropletId!.Value, brake.Brake));

        await Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("Web_1"), new BrakeApplied("Web_1", null, "12 of 16", Start.AddHours(1), 1))], Ct);
        Assert.Equal("12 of 16", Assert.Single(Braking.InForce([await Ledger()], Start)).Brake.Detail);

        await Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("Web_1"), new BrakeReleased("Web_1", null, "ann", "", Start.AddHours(2)))], Ct);
        Assert.Empty(Braking.InForce([await Ledger()], Start));
        var facts = Assert.Single((await Log.LoadFleetFactsAsync(Ct)).Plans);
        Assert.Equal(
            (Start.AddHours(2), Start.AddHours(2), Start.AddDays(1).AddHours(2), Start),
            (facts.Brake!.ReleasedAt!.Value, facts.ReleasedAt!.Value, facts.LookedAtUntil!.Value, facts.CheckedSince!.Value));

        await Append(new NewEvent(Streams.OfDroplet(Droplet), new BrakeApplied("Web_1", Droplet, "5 of 6", Start.AddDays(2), 1)));
        await Append(new NewEvent(Streams.OfDroplet(Droplet), new BrakeReleased("Web_1", Droplet, "ann", "", Start.AddDays(3))));
        Assert.Equal(new Brake(1, "5 of 6", Start.AddDays(2), Start.AddDays(3)), (await Ledger()).Droplet!.Brakes["Web_1"]);
    }

    [Fact]
    public async Task A_plan_that_was_removed_and_one_that_the_droplet_left_are_known_with_what_they_left()
    {
        var terms = new PlanTerms(
            "autosnapshot", "$droplet-", "1d", "03:00", "2h", ["3d:1d"], [], 1, PlanTiming.Elapsed, "no-snapshots", OrphanHandling.Apply);
        await Log.DecideFleetAsync(
            _ =>
            [
                new NewEvent(Streams.OfPlan("p"), new PlanChanged("p", 1, terms, Start)),
                new NewEvent(Streams.OfPlan("q"), new PlanChanged("q", 1, terms with { Tag = "q" }, Start)),
                new NewEvent(Streams.Plans, new PlansApplied("0f", "plans.yaml", ["p", "q"], false, Start)),
            ],
            Ct);
        await Append(Enrolled(), Discovered(Guid.NewGuid(), 1));
        Assert.Empty((await Ledger()).OrphanPlans);

        await Append(
            new NewEvent(Streams.OfDroplet(Droplet), new DropletWithdrawn(Droplet, "p", "moved", Start)),
            new NewEvent(Streams.OfDroplet(Droplet), new DropletEnrolled(Droplet, "web-1", "q", Start)),
            new NewEvent(Streams.OfDroplet(Droplet), new PlansOverlapped(Droplet, ["p", "q"], Start)));
        var moved = await Ledger();
        Assert.Equal(("q", "p", true), (moved.Plan!.Name, Assert.Single(moved.OrphanPlans).Name, moved.Overlaps));
        Assert.Equal("p", moved.RulesFor(moved.Snapshots.Single())!.Name);
        Assert.Equal(("no-snapshots", OrphanHandling.Apply), (moved.Plan.OptOutTag, moved.Plan.Orphans));

        await Log.DecideFleetAsync(
            fleet =>
            [
                new NewEvent(Streams.OfPlan("q"), new PlanRemoved("q", "no longer stated", Start)),
                new NewEvent(Streams.Plans, new PlansApplied("1f", fleet.Applied!.Source, ["p"], true, Start)),
            ],
            Ct);
        var facts = await Log.LoadFleetFactsAsync(Ct);
        Assert.Equal(("1f", "plans.yaml", true, 2L), (facts.Applied!.Hash, facts.Applied.Source, facts.Applied.OnlyWayIn, facts.Applied.Version));
        Assert.Equal(["p"], facts.Applied.Plans);
        Assert.Equal(["p"], facts.InForce.Select(p => p.Name));
        Assert.Equal(["p", "q"], facts.Plans.Select(p => p.Name));
        var left = (await Log.LoadLedgersAsync(null, Ct)).Single();
        Assert.Null(left.Plan);
        Assert.Equal(["p", "q"], left.OrphanPlans.Select(p => p.Name).Order());
    }

    public async ValueTask InitializeAsync() => Log = await CreateAsync(Ct);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes an empty log.</summary>
    protected abstract Task<IEventLog> CreateAsync(CancellationToken ct);

    private static NewEvent Enrolled() => new(Streams.OfDroplet(Droplet), new DropletEnrolled(Droplet, "web-1", "p", Start));

    private static NewEvent Requested(Guid id, DateTimeOffset? at = null) =>
        NewEvent.Of(id, new SnapshotRequested(id, Droplet, "web-1", $"web-1-{id}", "p", Origin.Plan, at ?? Start));

    private static NewEvent Attempted(Guid id) => NewEvent.Of(id, new SnapshotAttempted(id, Droplet, 1, Start, Start.AddMinutes(1)));

    private static NewEvent Failed(Guid id, DateTimeOffset at) => NewEvent.Of(id, new SnapshotFailed(id, Droplet, "given up", true, at));

    private static NewEvent Discovered(Guid id, long image) =>
        NewEvent.Of(id, new SnapshotDiscovered(id, Droplet, "web-1", image, $"web-1-{image}", "p", 2.5m, ["nyc3"], Start, Start));

    private static void AssertSame(IReadOnlyList<LoggedEvent> expected, IReadOnlyList<LoggedEvent> actual) => Assert.Equal(
        expected.Select(e => (e.Id, e.Sequence, e.Stream, e.StreamVersion, JsonSerializer.Serialize(e.Data, e.Data.GetType()))),
        actual.Select(e => (e.Id, e.Sequence, e.Stream, e.StreamVersion, JsonSerializer.Serialize(e.Data, e.Data.GetType()))));

    private async Task<DropletLedger> Ledger() => (await Log.LoadLedgersAsync([Droplet], Ct))[0];

    private Task<IReadOnlyList<LoggedEvent>> Append(params NewEvent[] events) => Log.DecideAsync(Droplet, _ => events, Ct);
}
