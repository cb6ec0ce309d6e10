using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Audit;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>Whoever tampers with the log, or with what was decided, is found: each planted fault by its name, on the snapshot that it is about.</summary>
public sealed class PlantedFaultTests
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>A month of one droplet: what is older than three days stays every other day, and nothing after two weeks.</summary>
    private static History Honest() => new History(History.Terms("2d:3d 0d:14d", regions: ["lon1"])).Run(Month, h =>
    {
        if (h.Now == History.Start.AddDays(20))
        {
            h.State(new PlanChanged(History.Plan, 2, History.Terms("2d:4d 0d:14d", regions: ["lon1"]), h.Now));
        }
    });

    private static readonly Dictionary<string, (FindingKind Kind, Func<Tampered, object?> Plant)> Faults = new()
    {
        ["a snapshot that the rules keep is expired and deleted"] = (FindingKind.KeptByRules, t =>
        {
            var (_, young) = t.Last<SnapshotCompleted>();
            var (_, before) = t.Last<SnapshotExpired>();
            var stream = Streams.OfSnapshot(young.SnapshotId);
            var at = young.At.AddHours(1);
            t.Plant(stream, before with { SnapshotId = young.SnapshotId, ImageId = young.ImageId, Age = at - young.CreatedAt, DecidedAt = at });
            t.Plant(stream, new PruneAttempted(young.SnapshotId, young.DropletId, young.ImageId, 1, at, at.AddMinutes(1)));
            t.Plant(stream, new SnapshotPruned(young.SnapshotId, young.DropletId, young.ImageId, at));
            return young.SnapshotId;
        }
        ),
        ["a rule of the plan was changed in the store"] = (FindingKind.KeptByRules, t =>
        {
            t.ChangeAll<PlanChanged>(e => e with { Terms = e.Terms with { Keep = ["0d:20d"] } });
            return null;
        }
        ),
        ["a rule of the plan was changed to another that lets it go too"] = (FindingKind.OtherReason, t =>
        {
            t.ChangeAll<PlanChanged>(e => e with { Terms = e.Terms with { Keep = [.. e.Terms.Keep.Select(k => k == "0d:14d" ? "0d:13d" : k)] } });
            return null;
        }
        ),
        ["an expiry names another rule"] = (FindingKind.OtherReason, t => Expiry(t, e => e with { Rule = "3d:4d" })),
        ["an expiry names another interval"] = (FindingKind.OtherReason, t => Expiry(t, e => e with { Interval = TimeSpan.FromDays(3) })),
        ["an expiry names another neighbour"] = (FindingKind.OtherReason, t => Expiry(t, e => e with { KeptInstead = e.KeptInstead! with { ImageId = 7 } })),
        ["an expiry names another age"] = (FindingKind.OtherReason, t => Expiry(t, e => e with { Age = e.Age + TimeSpan.FromDays(1) })),
        ["an expiry names another moment"] = (FindingKind.KeptByRules, t => Expiry(t, e => e with { DecidedAt = e.DecidedAt.AddDays(-2) })),
        ["an expiry names the plan's version before"] = (FindingKind.OtherPlanVersion, t => Expiry(t, e => e with { PlanVersion = 1 })),
        ["an expiry names a version that there never was"] = (FindingKind.OtherPlanVersion, t => Expiry(t, e => e with { PlanVersion = 9 })),
        ["a pin is missing from what was obeyed"] = (FindingKind.Held, t => Before<SnapshotExpired>(t, e => (e.SnapshotId, new SnapshotPinned(e.SnapshotId, e.DropletId, "ann", "court", e.DecidedAt.AddHours(-1))))),
        ["a pin came before the deletion"] = (FindingKind.DeletedAgainstGuard, t => Before<PruneAttempted>(t, e => (e.SnapshotId, new SnapshotPinned(e.SnapshotId, e.DropletId, "ann", "court", e.At)))),
        ["a transfer ran at the deletion"] = (FindingKind.DeletedAgainstGuard, t => Before<PruneAttempted>(t, e => (e.SnapshotId, new TransferAttempted(e.SnapshotId, e.DropletId, "sgp1", 1, e.At, e.At)))),
        ["the brake was on at the decision"] = (FindingKind.Held, t =>
        {
            var (logged, e) = Rule(t);
            t.Plant(logged, Streams.OfPlan(History.Plan), new BrakeApplied(History.Plan, null, "half", e.DecidedAt.AddHours(-1), 2)).ChangeAll<PlanChanged>(p => p with { Terms = p.Terms with { Brake = BrakeSetting.On } });
            return e.SnapshotId;
        }
        ),
        ["the plan was paused"] = (FindingKind.NotUnderRules, t =>
        {
            var (logged, e) = Rule(t);
            t.Plant(logged, Streams.OfPlan(History.Plan), new PlanPaused(History.Plan, "ann", "move", e.DecidedAt.AddHours(-1)));
            return e.SnapshotId;
        }
        ),
        ["a deletion was paused between decision and deed"] = (FindingKind.DeletedAgainstGuard, t =>
        {
            var (logged, e) = t.Last<PruneAttempted>();
            t.Plant(logged, Streams.OfDroplet(e.DropletId), new DropletPaused(e.DropletId, "ann", "move", e.At.AddHours(-1)));
            return e.SnapshotId;
        }
        ),
        ["a deletion came long after its decision"] = (FindingKind.DeletedAgainstGuard, t =>
        {
            var (logged, e) = t.Last<PruneAttempted>();
            t.Change(logged, e with { At = e.At.AddHours(3), SendBefore = e.SendBefore.AddHours(3) });
            return e.SnapshotId;
        }
        ),
        ["another image was deleted"] = (FindingKind.DeletedOtherImage, t =>
        {
            var (logged, e) = t.Last<PruneAttempted>();
            t.Change(logged, e with { ImageId = 1 });
            return e.SnapshotId;
        }
        ),
        ["the expiry of a deletion was taken out of the store"] = (FindingKind.MissingEvents, t => Lost<SnapshotExpired>(t, e => e.SnapshotId)),
        ["the expiry of a deletion was taken out and the gap closed"] = (FindingKind.DeletedWithoutExpiry, t => Hidden<SnapshotExpired>(t, e => e.SnapshotId)),
        ["the intent of a deletion was taken out and the gap closed"] = (FindingKind.DeletedWithoutIntent, t => Hidden<PruneAttempted>(t, e => e.SnapshotId)),
        ["an event in the middle is missing"] = (FindingKind.MissingEvents, t => Lost<SnapshotAttempted>(t, e => e.SnapshotId)),
        ["the beginning of a stream is missing"] = (FindingKind.MissingEvents, t => Lost<SnapshotRequested>(t, e => e.SnapshotId)),
        ["the beginning of a stream is missing and the gap closed"] = (FindingKind.CannotStart, t => Hidden<SnapshotRequested>(t, e => e.SnapshotId)),
        ["a version of the plan is missing"] = (FindingKind.BadPlan, t =>
        {
            t.Hide(t.Last<PlanChanged>(e => e.Version == 1).Event);
            return null;
        }
        ),
        ["a plan cannot be read"] = (FindingKind.NotReplayed, t =>
        {
            t.ChangeAll<PlanChanged>(e => e with { Terms = e.Terms with { Keep = ["now and then"] } });
            return null;
        }
        ),
        ["an event is there twice"] = (FindingKind.RepeatedEvent, t =>
        {
            var (logged, e) = t.Last<SnapshotStarted>();
            t.Repeat(logged);
            return e.SnapshotId;
        }
        ),
        ["an event is in another's stream"] = (FindingKind.WrongStream, t =>
        {
            var (logged, e) = t.Last<SnapshotPruned>();
            t.Change(logged, e with { SnapshotId = Guid.NewGuid() });
            return e.SnapshotId;
        }
        ),
        ["a deletion does not come to its end"] = (FindingKind.ExpiryWithoutEnd, t => Hidden<SnapshotPruned>(t, e => e.SnapshotId)),
        ["an event of a kind that nobody knows"] = (FindingKind.UnknownEvent, t =>
        {
            t.Plant("snapshots", "what?");
            return null;
        }
        ),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Fact]
    public void An_honest_log_is_borne_out()
    {
        var report = SimulatedLogs.Audit(Honest().Events, History.Start + Month);
        Assert.Empty(report.Findings);
        Assert.True(report.Holds);
        Assert.InRange(report.Counts.Confirmed, 20, 100);
        Assert.Equal(report.Counts.Confirmed, report.Counts.DeletionsConfirmed);
        Assert.Equal(report.Counts.Confirmed, report.Counts.Pruned);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_fault_is_found_and_named(string fault)
    {
        var (kind, plant) = Faults[fault];
        var tampered = new Tampered(Honest().Events);
        var about = plant(tampered) as Guid?;
        var report = SimulatedLogs.Audit(tampered.Events, History.Start + Month + TimeSpan.FromDays(2));
        var named = report.Findings.Where(f => f.Kind == kind && (about is null || f.SnapshotId == about)).ToList();
        Assert.True(named.Count > 0, $"found was {string.Join('\n', report.Findings.Select(f => $"{f.Kind} {f.SnapshotId}: {f.What}"))}");
        Assert.Equal(kind is FindingKind.UnknownEvent, report.Holds);
    }

    private static (EventLog.LoggedEvent Event, SnapshotExpired Data) Rule(Tampered t) => t.Last<SnapshotExpired>(e => e is { KeptInstead: not null, PlanVersion: 2 });

    private static object? Expiry(Tampered t, Func<SnapshotExpired, SnapshotExpired> change)
    {
        var (logged, e) = Rule(t);
        t.Change(logged, change(e));
        return e.SnapshotId;
    }

    private static object? Before<T>(Tampered t, Func<T, (Guid, object)> plant)
    {
        var (logged, e) = t.Last<T>();
        var (id, data) = plant(e);
        t.Plant(logged, Streams.OfSnapshot(id), data);
        return id;
    }

    private static object? Lost<T>(Tampered t, Func<T, Guid> id)
    {
        var (logged, e) = t.Last<T>();
        t.Lose(logged);
        return id(e);
    }

    private static object? Hidden<T>(Tampered t, Func<T, Guid> id)
    {
        var (logged, e) = t.Last<T>();
        t.Hide(logged);
        return id(e);
    }
}
