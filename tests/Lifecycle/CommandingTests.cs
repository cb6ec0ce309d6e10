using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Commands by hand: what each does, and what is refused and leaves nothing behind.</summary>
public sealed class CommandingTests
{
    private readonly World _world = new(World.Terms(keep: ["0d:30d"], regions: ["lon1"]));

    private CommandedBy By => new("ann", "before the upgrade", _world.Now);

    [Fact]
    public void A_snapshot_by_hand_is_in_no_plan_and_says_who_asked()
    {
        var id = Guid.NewGuid();
        var e = Assert.IsType<SnapshotRequested>(Assert.Single(Do(l => Commanding.Snapshot(l, id, By))));
        Assert.Equal((id, "web-1-manual-20260101T120000Z", null, Origin.Manual), (e.SnapshotId, e.SnapshotName, e.Plan, e.Origin));
        Assert.Equal(("ann", "before the upgrade"), (e.Actor, e.Reason));
        Refused("asked for in the same second", l => Commanding.Snapshot(l, Guid.NewGuid(), By));
        Assert.IsType<SnapshotAttempted>(Assert.Single(_world.When(l => SnapshotWork.Begin(l, id, _world.Now, _world.Timings))));
    }

    [Fact]
    public void A_snapshot_of_a_droplet_that_the_log_does_not_know_is_refused() => Assert.Contains(
        "does not know this droplet",
        Commanding.Snapshot(new DropletLedger(1, null, null, []), Guid.NewGuid(), By).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public void A_copy_is_made_where_there_is_none()
    {
        var id = _world.Complete(_world.Now.AddHours(-1), "nyc3");
        var e = Assert.IsType<TransferRequested>(Assert.Single(Do(l => Commanding.Transfer(l, id, "ams3", By))));
        Assert.Equal(("ams3", Origin.Manual, "ann"), (e.Region, e.Origin, e.Actor));
        Refused("asked for already", l => Commanding.Transfer(l, id, "ams3", By));
        Refused("nyc3 holds it already", l => Commanding.Transfer(l, id, "nyc3", By));
        Refused("'Nowhere' is no region's slug", l => Commanding.Transfer(l, id, "Nowhere", By));
        Refused("does not know this snapshot", l => Commanding.Transfer(l, Guid.NewGuid(), "ams3", By));
        var waiting = _world.Manual("golden");
        Refused("not complete yet", l => Commanding.Transfer(l, waiting, "ams3", By));
    }

    [Fact]
    public void A_removal_by_hand_says_who_and_why_and_goes_past_the_guards()
    {
        var (old, newest) = (_world.Complete(_world.Now.AddDays(-2), "nyc3", "lon1"), _world.Complete(_world.Now.AddHours(-1), "nyc3"));
        Refused("guard NewestComplete holds it", l => Commanding.Expire(l, newest, By));
        Refused("guard NewestInRegion holds it: it is the newest complete copy in lon1", l => Commanding.Expire(l, old, By));

        var older = _world.Complete(_world.Now.AddDays(-3));
        Do(l => Commanding.Pin(l, older, By));
        Refused("guard Pinned holds it", l => Commanding.Expire(l, older, By));
        Do(l => Commanding.Unpin(l, older, By));
        var e = Assert.IsType<SnapshotExpired>(Assert.Single(Do(l => Commanding.Expire(l, older, By))));
        Assert.Equal((Origin.Manual, "ann", "before the upgrade", (string?)null), (e.Origin, e.Actor, e.Reason, e.Rule));
        Refused("to be removed already", l => Commanding.Expire(l, older, By));

        // What was let go by hand the pruner lets go.
        var sight = new PruneSight(_world.Seen(older), new HashSet<long> { _world.Find(newest).ImageId!.Value }, TimeSpan.Zero, _world.Now);
        Assert.IsType<PruneAttempted>(Assert.Single(_world.When(l => PruneWork.Begin(l, older, sight, _world.Now, _world.Timings))));
        Refused("its deletion has begun", l => Commanding.Pin(l, older, By));
    }

    [Fact]
    public void A_manual_snapshot_is_removed_by_its_owner_though_it_is_the_newest()
    {
        var id = _world.Manual("golden", _world.Now.AddMinutes(-5));
        Assert.IsType<SnapshotExpired>(Assert.Single(Do(l => Commanding.Expire(l, id, By))));
    }

    [Fact]
    public void A_pin_keeps_one_that_is_to_go_until_its_deletion_begins()
    {
        var (old, newest) = (_world.Complete(_world.Now.AddDays(-40)), _world.Complete(_world.Now.AddHours(-1)));
        _world.Expire(old);
        Assert.IsType<SnapshotPinned>(Assert.Single(Do(l => Commanding.Pin(l, old, By))));
        Refused("pinned already", l => Commanding.Pin(l, old, By));
        var sight = new PruneSight(_world.Seen(old), new HashSet<long> { _world.Find(newest).ImageId!.Value }, TimeSpan.Zero, _world.Now);
        Assert.Equal(
            Guard.Pinned, Assert.IsType<ExpiryWithdrawn>(Assert.Single(_world.When(l => PruneWork.Begin(l, old, sight, _world.Now, _world.Timings)))).Guard);
        Assert.IsType<SnapshotUnpinned>(Assert.Single(Do(l => Commanding.Unpin(l, old, By))));
        Refused("not pinned", l => Commanding.Unpin(l, old, By));
        Refused("does not know this snapshot", l => Commanding.Pin(l, Guid.NewGuid(), By));
    }

    [Fact]
    public void A_droplet_and_a_plan_are_paused_and_go_on()
    {
        Refused("not paused", l => Commanding.PauseDroplet(l, pause: false, By));
        Assert.IsType<DropletPaused>(Assert.Single(Do(l => Commanding.PauseDroplet(l, pause: true, By))));
        Assert.Empty(_world.Plan());
        Refused("paused already", l => Commanding.PauseDroplet(l, pause: true, By));
        Assert.IsType<DropletResumed>(Assert.Single(Do(l => Commanding.PauseDroplet(l, pause: false, By))));
        Assert.IsType<SnapshotRequested>(Assert.Single(_world.Plan()));

        var fleet = new FleetFacts(null, [_world.Ledger.PlanFacts!]);
        Assert.IsType<PlanPaused>(Assert.Single(Commanding.PausePlan(fleet, "p", pause: true, By).Events).Data);
        Assert.Contains("not paused", Commanding.PausePlan(fleet, "p", pause: false, By).Refusal, StringComparison.Ordinal);
        Assert.Contains("no such plan", Commanding.PausePlan(fleet, "q", pause: true, By).Refusal, StringComparison.Ordinal);
        _world.GivenPlan(new PlanPaused("p", "ann", "", _world.Now));
        Assert.IsType<PlanResumed>(Assert.Single(
            Commanding.PausePlan(fleet with { Plans = [_world.Ledger.PlanFacts!] }, "p", pause: false, By).Events).Data);
    }

    [Fact]
    public void Another_policy_is_the_plans_next_version_with_who_and_why_and_changes_nothing_else()
    {
        var before = _world.Ledger.PlanFacts!;
        var changed = Assert.IsType<PlanChanged>(Assert.Single(Commanding.ChangePolicy(new FleetFacts(null, [before]), "p", new PolicyWanted(["1d:1w", "0d:60d"], "12h", 1), By).Events).Data);
        Assert.Equal(("p", 2, By.At, "ann", "before the upgrade"), (changed.Plan, changed.Version, changed.At, changed.Actor, changed.Reason));
        Assert.Equal("12h", changed.Terms.Every);
        Assert.Equal(["1d:1w", "0d:60d"], changed.Terms.Keep);
        Assert.True(PlanSet.SaySame(before.Terms!, changed.Terms with { Every = before.Terms!.Every, Keep = before.Terms.Keep }));

        // The planner's unchanged configuration leaves it as it is at the next start.
        var configured = new PlanSet([new StatedPlan("p", before.Terms!)]);
        var applied = new AppliedPlans { Id = Streams.Plans, Hash = configured.Hash, Source = "plans.yaml", Plans = ["p"] };
        _world.GivenPlan(changed);
        var after = new FleetFacts(null, [_world.Ledger.PlanFacts!], applied);
        Assert.Empty(Stating.Decide(after, configured, "plans.yaml", onlyWayIn: false, _world.Now));
        Assert.Equal(3, Assert.IsType<PlanChanged>(Stating.Decide(after, configured, "plans.yaml", onlyWayIn: true, _world.Now)[0].Data).Version);
    }

    /// <summary>The plan's name, the rules, the time between snapshots, the version, whether the configuration is the only way in, and why it is refused.</summary>
    public static TheoryData<string, string, string?, int, bool, string> RefusedPolicies => new()
    {
        { "q", "0d:60d", null, 1, false, "no such plan in force" },
        { "p", "0d:60d", null, 2, false, "it is version 1 by now, and this is based on version 2" },
        { "p", "0d:60d", null, 0, false, "it is version 1 by now, and this is based on version 0" },
        { "p", "0d:30d", null, 1, false, "it says that already" },
        { "p", " 0d:30d ", "24h", 1, false, "it says that already" },
        { "p", "0d", null, 1, false, "keep '0d' cannot be used" },
        { "p", "0d:60d", "often", 1, false, "every 'often' cannot be used" },
        { "p", "0d:60d", "0h", 1, false, "every '0h' cannot be used" },
        { "p", "0d:60d", null, 1, true, "the configuration is the only way to change a plan (Plans:OnlyWayIn): state it there, in plans.yaml" },
    };

    [Theory]
    [MemberData(nameof(RefusedPolicies))]
    public void A_policy_that_makes_no_sense_is_refused_and_leaves_nothing(string plan, string keep, string? every, int basedOn, bool onlyWayIn, string why)
    {
        var fleet = new FleetFacts(null, [_world.Ledger.PlanFacts!], new AppliedPlans { Id = Streams.Plans, Hash = "0f", Source = "plans.yaml", Plans = ["p"], OnlyWayIn = onlyWayIn });
        var commanded = Commanding.ChangePolicy(fleet, plan, new PolicyWanted([keep], every, basedOn), By);
        Assert.Empty(commanded.Events);
        Assert.Contains(why, commanded.Refusal, StringComparison.Ordinal);
    }

    private IReadOnlyList<object> Do(Func<DropletLedger, Commanded> command) => _world.When(l =>
    {
        var commanded = command(l);
        Assert.Null(commanded.Refusal);
        return commanded.Events;
    });

    private void Refused(string why, Func<DropletLedger, Commanded> command)
    {
        var commanded = command(_world.Ledger);
        Assert.Empty(commanded.Events);
        Assert.Contains(why, commanded.Refusal, StringComparison.Ordinal);
    }
}
