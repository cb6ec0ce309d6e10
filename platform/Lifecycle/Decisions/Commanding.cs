using System.Globalization;
using System.Text.RegularExpressions;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>What comes of a person's command.</summary>
/// <param name="Events">What is to be appended; nothing where it is refused.</param>
/// <param name="Refusal">Why nothing is, in words; null where it is done.</param>
public sealed record Commanded(IReadOnlyList<NewEvent> Events, string? Refusal)
{
    internal static Commanded Of(NewEvent e) => new([e], null);

    internal static Commanded Refused(string why) => new([], why);
}

/// <summary>Who commands, and why: both are in every event that follows.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record CommandedBy(string Actor, string Reason, DateTimeOffset At);

/// <summary>Another policy for a plan, as a person wants it.</summary>
/// <param name="Keep">The rules, <c>INTERVAL:AGE</c> each; none where everything is kept.</param>
/// <param name="Every">The time between snapshots; null for as it is.</param>
/// <param name="BasedOn">The version of the plan that the person has looked at.</param>
public sealed record PolicyWanted(IReadOnlyList<string> Keep, string? Every, int BasedOn)
{
    /// <summary>A plan's terms with this policy in them; all else stays as it is.</summary>
    /// <param name="terms">The plan's terms.</param>
    public PlanTerms In(PlanTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return terms with { Keep = [.. Keep.Select(k => k.Trim())], Every = Every?.Trim() ?? terms.Every };
    }
}

/// <summary>
/// Commands by hand. Each is decided under the lock of what it is about, by the state that was read under it: what makes no sense is refused, and
/// leaves nothing behind. What is asked for goes the same way as what a plan asks for, past the same guards.
/// </summary>
public static partial class Commanding
{
    /// <summary>A snapshot of a droplet, in no plan: no rule removes it, and it stands in for none of the plan's.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    /// <param name="snapshotId">The id of the new snapshot, which nothing else has.</param>
    /// <param name="by">Who and why.</param>
    public static Commanded Snapshot(DropletLedger ledger, Guid snapshotId, CommandedBy by)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(by);
        if (ledger.Droplet is not { } droplet)
        {
            return Commanded.Refused("the log does not know this droplet");
        }

        var name = $"{droplet.Name}-manual-{by.At.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        return ledger.Snapshots.Any(s => string.Equals(s.Name, name, StringComparison.Ordinal))
            ? Commanded.Refused($"'{name}' was asked for in the same second")
            : Commanded.Of(NewEvent.Of(snapshotId, new SnapshotRequested(
                snapshotId, droplet.DropletId, droplet.Name, name, null, Origin.Manual, by.At, Actor: by.Actor, Reason: by.Reason)));
    }

    /// <summary>A copy of a snapshot in another region.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="region">The region's slug.</param>
    /// <param name="by">Who and why.</param>
    public static Commanded Transfer(DropletLedger ledger, Guid snapshotId, string region, CommandedBy by)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(by);
        if (!Slug().IsMatch(region))
        {
            return Commanded.Refused($"'{region}' is no region's slug, such as lon1");
        }

        return ledger.Find(snapshotId) switch
        {
            null => Unknown,
            { IsComplete: false } s => Commanded.Refused($"it is {Words(s)}: only a complete snapshot can be copied"),
            var s when s.Regions.Contains(region) => Commanded.Refused($"{region} holds it already"),
            var s when s.Transfers.GetValueOrDefault(region) is { Phase: TransferPhase.Requested or TransferPhase.Attempted or TransferPhase.Started, Origin: Origin.Manual } =>
                Commanded.Refused($"a copy in {region} is asked for already"),
            var s => Commanded.Of(NewEvent.Of(snapshotId, new TransferRequested(
                snapshotId, s.DropletId, s.ImageId!.Value, region, Origin.Manual, by.At, by.Actor, by.Reason))),
        };
    }

    /// <summary>The removal of a snapshot. What a guard would hold back in the end is refused at once.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="by">Who and why.</param>
    public static Commanded Expire(DropletLedger ledger, Guid snapshotId, CommandedBy by)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(by);
        if (ledger.Find(snapshotId) is not { } s)
        {
            return Unknown;
        }

        if (!s.IsComplete)
        {
            return Commanded.Refused($"it is {Words(s)}");
        }

        var plan = ledger.Plan is { } own && string.Equals(own.Name, s.Plan, StringComparison.Ordinal) ? own : null;
        var held = plan is null
            ? Guards.CheckItself(s)
            : Guards.Check(s, [.. ledger.Snapshots.Where(o => o.IsComplete && string.Equals(o.Plan, plan.Name, StringComparison.Ordinal))], plan);
        return held is not null
            ? Commanded.Refused($"guard {held.Guard} holds it: {held.Detail}")
            : Commanded.Of(NewEvent.Of(snapshotId, new SnapshotExpired(
                snapshotId, s.DropletId, s.ImageId!.Value, s.Name, s.Plan, null, null, null, by.At - s.CreatedAt!.Value, null, Origin.Manual, by.At, by.Actor, by.Reason)));
    }

    /// <summary>No rule removes the snapshot until it is unpinned. One that is to go and whose deletion has not begun is kept by it.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="by">Who and why.</param>
    public static Commanded Pin(DropletLedger ledger, Guid snapshotId, CommandedBy by)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(by);
        return ledger.Find(snapshotId) switch
        {
            null => Unknown,
            { Pinned: true } => Commanded.Refused("it is pinned already"),
            { Phase: SnapshotPhase.Pruning } => Commanded.Refused("its deletion has begun"),
            { Live: false } s => Commanded.Refused($"it is {Words(s)}"),
            var s => Commanded.Of(NewEvent.Of(snapshotId, new SnapshotPinned(snapshotId, s.DropletId, by.Actor, by.Reason, by.At))),
        };
    }

    /// <summary>The rules apply to the snapshot again.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="by">Who and why.</param>
    public static Commanded Unpin(DropletLedger ledger, Guid snapshotId, CommandedBy by)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(by);
        return ledger.Find(snapshotId) switch
        {
            null => Unknown,
            { Pinned: false } => Commanded.Refused("it is not pinned"),
            var s => Commanded.Of(NewEvent.Of(snapshotId, new SnapshotUnpinned(snapshotId, s.DropletId, by.Actor, by.Reason, by.At))),
        };
    }

    /// <summary>What waits of the snapshot, or was given up and can be wanted again, is tried at once.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="by">Who and why.</param>
    public static Commanded Retry(DropletLedger ledger, Guid snapshotId, CommandedBy by)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(by);
        return ledger.Find(snapshotId) switch
        {
            null => Unknown,
            { Phase: SnapshotPhase.Failed } => Commanded.Refused("it is given up, and what its droplet was then is past: ask for a snapshot of the droplet as it is now"),
            { Live: false } s => Commanded.Refused($"it is {Words(s)}"),
            var s when IsToBeRetried(ledger, s, by.At) => Commanded.Of(NewEvent.Of(snapshotId, new RetryRequested(snapshotId, s.DropletId, by.Actor, by.Reason, by.At))),
            { InFlight: true } or { Transferring: true } or { Phase: SnapshotPhase.Pruning } => Commanded.Refused("it is at work already"),
            _ => Commanded.Refused("nothing of it waits for another try"),
        };
    }

    /// <summary>Pauses a droplet, or has it go on.</summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="pause">Whether it is paused from now on.</param>
    /// <param name="by">Who and why.</param>
    public static Commanded PauseDroplet(DropletLedger ledger, bool pause, CommandedBy by)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(by);
        return ledger.Droplet switch
        {
            null => Commanded.Refused("the log does not know this droplet"),
            var d when d.Paused == pause => Commanded.Refused(pause ? "it is paused already" : "it is not paused"),
            var d => Commanded.Of(new NewEvent(d.Id, pause
                ? new DropletPaused(d.DropletId, by.Actor, by.Reason, by.At)
                : new DropletResumed(d.DropletId, by.Actor, by.Reason, by.At))),
        };
    }

    /// <summary>Pauses a plan, or has it go on.</summary>
    /// <param name="fleet">What the log knows about the plans.</param>
    /// <param name="plan">Its name.</param>
    /// <param name="pause">Whether it is paused from now on.</param>
    /// <param name="by">Who and why.</param>
    public static Commanded PausePlan(FleetFacts fleet, string plan, bool pause, CommandedBy by)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(by);
        return fleet.InForce.FirstOrDefault(p => string.Equals(p.Name, plan, StringComparison.Ordinal)) switch
        {
            null => Commanded.Refused("there is no such plan in force"),
            var p when p.Paused == pause => Commanded.Refused(pause ? "it is paused already" : "it is not paused"),
            var p => Commanded.Of(new NewEvent(p.Id, pause
                ? new PlanPaused(p.Name, by.Actor, by.Reason, by.At)
                : new PlanResumed(p.Name, by.Actor, by.Reason, by.At))),
        };
    }

    /// <summary>
    /// Another policy for a plan, as its next version: what the configuration would bring in by saying so. Whatever it lets go is counted anew, past the
    /// same guards and the brake. It stays until the configuration says something new.
    /// </summary>
    /// <param name="fleet">What the log knows about the plans.</param>
    /// <param name="plan">Its name.</param>
    /// <param name="wanted">The policy.</param>
    /// <param name="by">Who and why.</param>
    public static Commanded ChangePolicy(FleetFacts fleet, string plan, PolicyWanted wanted, CommandedBy by)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(by);
        if (fleet.InForce.FirstOrDefault(p => string.Equals(p.Name, plan, StringComparison.Ordinal)) is not { } facts)
        {
            return Commanded.Refused("there is no such plan in force");
        }

        if (facts.PlanVersion != wanted.BasedOn)
        {
            return Commanded.Refused($"it is version {Number(facts.PlanVersion)} by now, and this is based on version {Number(wanted.BasedOn)}: look again at what it says");
        }

        if (fleet.Applied is { OnlyWayIn: true } applied)
        {
            return Commanded.Refused($"the configuration is the only way to change a plan (Plans:OnlyWayIn): state it there, in {applied.Source}");
        }

        var terms = wanted.In(facts.Terms!);
        if (PlanSet.Problems([new StatedPlan(facts.Name, terms)]) is [{ Problem: var problem }, ..])
        {
            return Commanded.Refused($"{problem.Term} '{problem.Value}' cannot be used: {problem.Wanted}");
        }

        var (before, after) = (facts.ToPlan()!, Plan.From(facts.Name, facts.PlanVersion, terms));
        return before.Keep.Equals(after.Keep) && before.Every.Duration == after.Every.Duration
            ? Commanded.Refused("it says that already")
            : Commanded.Of(new NewEvent(facts.Id, new PlanChanged(facts.Name, facts.PlanVersion + 1, terms, by.At, by.Actor, by.Reason)));
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool IsToBeRetried(DropletLedger ledger, Snapshot s, DateTimeOffset now) =>
        s.LeftAlone
        || (s.Phase is SnapshotPhase.Requested or SnapshotPhase.Expired && s.RetryAt > now)
        || (s.IsComplete && s.Transfers.Any(t =>
            (t.Value.Phase is TransferPhase.Failed || (t.Value.Phase is TransferPhase.Requested && t.Value.RetryAt > now))
            && TransferWork.IsWanted(ledger, s, t.Key, t.Value)));

    private static Commanded Unknown { get; } = Commanded.Refused("the log does not know this snapshot");

    private static string Words(Snapshot s) => s.Phase switch
    {
        SnapshotPhase.Requested or SnapshotPhase.Attempted or SnapshotPhase.Started => "not complete yet",
        SnapshotPhase.Expired => "to be removed already",
        SnapshotPhase.Pruning => "being deleted",
        SnapshotPhase.Pruned => "deleted",
        SnapshotPhase.Failed => "given up",
        SnapshotPhase.Lost => "gone",
        _ => "complete",
    };

    [GeneratedRegex(@"^[a-z]{2,10}[0-9]{1,2}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Slug();
}
