using System.Collections.Immutable;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>
/// Replays a log, event by event in its order, and judges every decision to remove a snapshot by what was known then. Holds what lives at the place it has
/// come to, however long the log is.
/// </summary>
public sealed class Auditor
{
    private readonly FleetReplay fleet = new();
    private readonly AuditTerms terms;
    private readonly DecisionJudge decisions;
    private readonly DeletionJudge deletions;
    private readonly PlanBrakeWatch brakes;
    private readonly Findings findings;
    private readonly Tally tally = new();
    private readonly List<ManualRemoval> manual = [];
    private long lastSequence;

    /// <summary>An audit on these terms.</summary>
    /// <param name="terms">What to judge.</param>
    /// <param name="found">Told of every finding as it is made, those too that the report cuts; null where the report is enough.</param>
    public Auditor(AuditTerms terms, Action<Finding>? found = null)
    {
        ArgumentNullException.ThrowIfNull(terms);
        this.terms = terms;
        findings = new Findings(terms, fleet, found);
        decisions = new DecisionJudge(fleet);
        deletions = new DeletionJudge(fleet, terms.Timings);
        brakes = new PlanBrakeWatch(fleet);
    }

    /// <summary>The fleet as it is known at the place that the audit has come to.</summary>
    public FleetReplay Fleet => fleet;

    /// <summary>Goes on by one event; all of a log, from its first, in its order.</summary>
    public void See(LoggedEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var id = FleetReplay.SnapshotOf(e.Stream);
        var before = id is { } known ? fleet.Snapshot(known) : null;
        var judgements = Judge(e, before);
        var faults = fleet.Fold(e);
        var after = id is { } folded ? fleet.Snapshot(folded) : null;
        foreach (var fault in faults)
        {
            findings.Add(e, fault, after ?? before);
        }

        foreach (var judgement in judgements)
        {
            findings.Add(e, judgement, before);
        }

        if (after is not null)
        {
            brakes.Note(e.Data, before, after);
        }

        if (EventTypes.DropletOf(e.Data) is { } droplet)
        {
            decisions.Passed(e.Data, droplet);
        }

        if (!EventTypes.Aliases.ContainsKey(e.Data.GetType()))
        {
            findings.Add(e, FindingKind.UnknownEvent, $"an event of the unknown kind {e.Data.GetType().Name} was passed over", after);
        }

        lastSequence = Math.Max(lastSequence, e.Sequence);
    }

    /// <summary>Ends the audit.</summary>
    /// <param name="asOf">The moment that it is about, UTC.</param>
    public AuditReport Finish(DateTimeOffset asOf)
    {
        var open = fleet.Droplets
            .Where(d => terms.Covers(d.DropletId))
            .SelectMany(d => d.Snapshots.ExpiredNotGone().Where(s => s.Expiry is { } e && terms.Covers(e.DecidedAt)).Select(s => Open(s, d, asOf)))
            .OrderBy(o => o.DecidedAt)
            .ThenBy(o => o.SnapshotId)
            .ToList();
        foreach (var expiry in open.Where(o => o.Age > terms.OpenLimit))
        {
            findings.Add(new Finding(
                FindingSeverity.Error,
                FindingKind.ExpiryWithoutEnd,
                $"'{expiry.SnapshotName}' expired {Words.Of(expiry.Age)} ago and is neither gone nor kept{(expiry.Trouble is { } trouble ? $": {trouble}" : "")}",
                expiry.DecidedAt,
                lastSequence,
                Lifecycle.Streams.OfSnapshot(expiry.SnapshotId),
                Guid.Empty,
                expiry.SnapshotId,
                expiry.SnapshotName,
                expiry.DropletId,
                expiry.DropletName,
                expiry.Plan));
        }

        return new AuditReport(
            terms,
            asOf,
            fleet.Last,
            lastSequence,
            tally.Counts with { Events = fleet.Events, Streams = fleet.Streams, Open = open.Count, Errors = findings.Errors, Warnings = findings.Warnings },
            [.. findings.Held],
            findings.Cut,
            [.. open.Take(terms.MostHeld)],
            [.. manual]);
    }

    private static OpenExpiry Open(Snapshot s, DropletReplay droplet, DateTimeOffset asOf) => new(
        s.SnapshotId,
        s.Name,
        s.DropletId,
        droplet.Facts?.Name ?? s.DropletName,
        s.Plan,
        s.Expiry!.Rule,
        s.Expiry.DecidedAt,
        asOf - s.Expiry.DecidedAt,
        s.Trouble);

    private ImmutableArray<Judgement> Judge(LoggedEvent e, Snapshot? before)
    {
        if (!terms.Covers(Moments.Of(e.Data)) || !terms.Covers(EventTypes.DropletOf(e.Data)))
        {
            return [];
        }

        tally.Ended(e.Data, before);
        switch (e.Data)
        {
            case SnapshotExpired { Origin: Origin.Plan } expiry:
                var decided = decisions.Judge(expiry);
                tally.Decided(decided);
                return [decided, brakes.Judge(expiry)];
            case SnapshotExpired command:
                tally.Commanded();
                return [Explain(command, before)];
            case PruneAttempted attempt:
                var deleted = deletions.Judge(attempt, before);
                tally.Deleted(deleted);
                return [deleted];
            case SnapshotPruned pruned:
                return [DeletionJudge.Judge(pruned, before)];
            default:
                return [];
        }
    }

    private Judgement Explain(SnapshotExpired command, Snapshot? before)
    {
        if (manual.Count < terms.MostHeld)
        {
            manual.Add(new ManualRemoval(command.SnapshotId, command.SnapshotName, command.DropletId, command.DecidedAt, command.Actor, command.Reason));
        }

        return before switch
        {
            { IsComplete: false } => new Judgement(FindingKind.NotUnderRules, $"'{command.SnapshotName}' was to be removed by hand, and is {Words.Of(before.Phase)}"),
            _ when string.IsNullOrWhiteSpace(command.Actor) || string.IsNullOrWhiteSpace(command.Reason) => new Judgement(
                FindingKind.ManualUnexplained, $"'{command.SnapshotName}' was removed by hand, and the log does not say {(string.IsNullOrWhiteSpace(command.Actor) ? "by whom" : "why")}"),
            _ => default,
        };
    }
}
