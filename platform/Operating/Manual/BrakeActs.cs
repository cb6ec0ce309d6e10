using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Operating.Manual;

/// <summary>The brake that a person means to release.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Droplet">The one droplet of it, by id or name; null for the plan as a whole.</param>
/// <param name="AllDroplets">Whether the plan as a whole is released although the brake is on for single droplets.</param>
/// <param name="HeldAtMost">
/// How many snapshots it held when it was looked at: where more would go at this moment, nothing is released. What comes to go in the day that the release lasts goes
/// all the same. Null where that does not count.
/// </param>
internal sealed record BrakeMeant(string Plan, string? Droplet = null, bool AllDroplets = false, int? HeldAtMost = null);

/// <summary><c>release-brake</c>: an operator's word that what a brake holds may go.</summary>
internal static class BrakeActs
{
    private const string PlanArgument = "PLAN";
    private const string DropletOption = "--droplet";
    private const int MostNamed = 5;

    /// <summary>Releases the brake that is meant.</summary>
    /// <exception cref="SubjectException">No such brake is on, or it may be several.</exception>
    public static async Task<IReadOnlyList<ManualAct>> ReleaseAsync(IEventLog log, BrakeMeant meant, CommandedBy by, CancellationToken ct)
    {
        var brakes = Braking.InForce(await log.LoadLedgersAsync(null, ct), by.At);
        try
        {
            return [Act(brakes, Find(brakes, meant), meant, by)];
        }
        catch (SubjectException)
        {
            // A brake that this very command has released is not on any more.
            if (await DoneBeforeAsync(log, meant, by, ct) is { } done)
            {
                return [done];
            }

            throw;
        }
    }

    private static ManualAct Act(IReadOnlyList<BrakeInForce> brakes, BrakeInForce seen, BrakeMeant meant, CommandedBy by)
    {
        var whole = meant.Droplet is null;
        var whose = whole ? WholePlan(seen.Plan) : seen.Whose;
        var held = Held(brakes, seen, whole);
        return new ManualAct(
            $"release the brake of {whose}",
            $"Released for a day: {whose}. At the next decision {held.DescribeHeld()}",
            whole ? null : seen.DropletId,
            // Counted by what is known under the lock. Of a whole plan that is not all droplets: it is as fresh as what was read for the command.
            whole ? null : ledger => More(HeldBy(ledger, seen, by.At), meant) ?? Told(Releasing.Droplet(ledger, seen, by.Actor, by.Reason, by.At)),
            whole ? facts => More(held.Held, meant) ?? Told(Releasing.Plan(facts, seen, by.Actor, by.Reason, by.At)) : null,
            Stream: whole ? Streams.OfPlan(seen.Plan) : Streams.OfDroplet(seen.DropletId!.Value),
            Follow: whole ? seen.Plan : Number(seen.DropletId!.Value),
            IsIts: e => IsIts(e, seen.Plan, by));
    }

    private static IEnumerable<Snapshot> HeldBy(DropletLedger ledger, BrakeInForce seen, DateTimeOffset now) => Braking.InForce([ledger], now)
        .Where(b => b.DropletId is not null && string.Equals(b.Plan, seen.Plan, StringComparison.Ordinal)).SelectMany(b => b.Held);

    /// <summary>The refusal where more would go than was looked at; null where that is not so.</summary>
    private static Commanded? More(IEnumerable<Snapshot> held, BrakeMeant meant) => held.DistinctBy(s => s.SnapshotId).Count() is var count && count > meant.HeldAtMost
        ? new Commanded([], $"by now it holds {Number(count)} snapshots, and {Number(meant.HeldAtMost.Value)} were looked at: nothing was released; look again")
        : null;

    private static async Task<ManualAct?> DoneBeforeAsync(IEventLog log, BrakeMeant meant, CommandedBy by, CancellationToken ct)
    {
        var found = meant.Droplet is { } droplet ? (await log.FindAsync(droplet, ct)).Droplets : [];
        if (meant.Droplet is not null && found.Count != 1)
        {
            return null;
        }

        var stream = found is [var one] ? Streams.OfDroplet(one.DropletId) : Streams.OfPlan(meant.Plan);
        var whose = found is [var named] ? $"{Subjects.Name(named)} in plan '{meant.Plan}'" : WholePlan(meant.Plan);
        return (await log.ReadStreamAsync(stream, ct)).Any(e => IsIts(e.Data, meant.Plan, by))
            ? new ManualAct(
                $"release the brake of {whose}",
                $"Released for a day: {whose}",
                DropletId: null,
                OnDroplet: null,
                OnFleet: _ => new Commanded([], "it was released a moment ago"),
                Stream: stream,
                Follow: found is [var followed] ? Number(followed.DropletId) : meant.Plan,
                IsIts: e => IsIts(e, meant.Plan, by))
            : null;
    }

    /// <summary>A release is of a moment after its brake was applied, whatever the clocks say: it may be later than the command.</summary>
    private static bool IsIts(object e, string plan, CommandedBy by) => e is BrakeReleased released
        && string.Equals(released.Plan, plan, StringComparison.Ordinal)
        && string.Equals(released.Actor, by.Actor, StringComparison.Ordinal)
        && string.Equals(released.Reason, by.Reason, StringComparison.Ordinal)
        && released.At >= by.At;

    private static Commanded Told(IReadOnlyList<NewEvent> released) =>
        new(released, released.Count > 0 ? null : "the plan says something else since a moment ago: nothing was released; look again");

    /// <summary>What may go by the release: of a whole plan, that of its droplets which are braked by themselves too.</summary>
    private static BrakeInForce Held(IReadOnlyList<BrakeInForce> brakes, BrakeInForce seen, bool whole)
    {
        var released = whole ? brakes.Where(b => string.Equals(b.Plan, seen.Plan, StringComparison.Ordinal)) : [seen];
        return seen with { Held = [.. released.SelectMany(b => b.Held)] };
    }

    private static BrakeInForce Find(IReadOnlyList<BrakeInForce> brakes, BrakeMeant meant)
    {
        var plan = meant.Plan;
        var ofPlan = brakes.Where(b => string.Equals(b.Plan, plan, StringComparison.Ordinal)).ToList();
        if (ofPlan.Count == 0)
        {
            var on = brakes.Select(b => $"'{b.Plan}'").Distinct(StringComparer.Ordinal).ToList();
            throw SubjectException.Unknown(PlanArgument, plan, $"no brake is on there{(on.Count == 0 ? ", nor anywhere" : $"; one is on in {string.Join(", ", on)}")}");
        }

        if (meant.Droplet is not { } droplet)
        {
            return ofPlan.Find(b => b.DropletId is null) ?? (meant.AllDroplets
                // The latest: the release is of a moment after each of them, whatever the clocks say.
                ? ofPlan.MaxBy(b => b.Brake.AppliedAt)!
                : throw new SubjectException(
                    PlanArgument,
                    plan,
                    SubjectTrouble.Ambiguous,
                    $"the brake is on for {(ofPlan.Count == 1 ? "one droplet" : $"{ofPlan.Count} droplets")} of it alone ({string.Join(", ", ofPlan.Select(b => $"{b.DropletId} '{b.DropletName}'").Take(MostNamed))}): "
                    + $"name one with {DropletOption}, or say --all-droplets",
                    [.. ofPlan.Select(b => b.Whose)]));
        }

        var found = ofPlan.Where(b => b.DropletId is { } id
            && (string.Equals(Number(id), droplet, StringComparison.Ordinal) || string.Equals(b.DropletName, droplet, StringComparison.Ordinal))).ToList();
        return found switch
        {
            [var one] => one,
            [] when ofPlan.Exists(b => b.DropletId is null) => throw new SubjectException(
                DropletOption, droplet, SubjectTrouble.Unusable, $"the brake is on the whole plan '{plan}'; it is released as a whole"),
            [] => throw SubjectException.Unknown(
                DropletOption, droplet, $"no brake is on there; one is on for {string.Join(", ", ofPlan.Select(b => $"{b.DropletId} ('{b.DropletName}')"))}"),
            _ => throw new SubjectException(
                DropletOption,
                droplet,
                SubjectTrouble.Ambiguous,
                $"it is the name of several: {string.Join(", ", found.Select(b => b.DropletId))}; give the id",
                [.. found.Select(b => Number(b.DropletId!.Value))]),
        };
    }

    private static string WholePlan(string plan) => $"plan '{plan}'";

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
