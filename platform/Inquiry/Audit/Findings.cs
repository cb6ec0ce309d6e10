using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>Collects findings: all are passed on, and the first of them are held.</summary>
internal sealed class Findings(AuditTerms terms, FleetReplay fleet, Action<Finding>? passOn)
{
    private readonly List<Finding> held = [];

    public IReadOnlyList<Finding> Held => held;

    public long Cut { get; private set; }

    public long Errors { get; private set; }

    public long Warnings { get; private set; }

    /// <summary>What is wrong with an event by its place or by what it says.</summary>
    public void Add(LoggedEvent e, LogFault fault, Snapshot? snapshot) => Add(e, KindOf(fault.Kind), fault.Detail, snapshot);

    /// <summary>What a judgement says of an event.</summary>
    public void Add(LoggedEvent e, Judgement judgement, Snapshot? snapshot)
    {
        if (judgement.Kind is { } kind)
        {
            Add(e, kind, judgement.What, snapshot, judgement.Replayed);
        }
    }

    public void Add(LoggedEvent e, FindingKind kind, string what, Snapshot? snapshot, string? replayed = null)
    {
        var expiry = e.Data as SnapshotExpired;
        var droplet = EventTypes.DropletOf(e.Data) ?? snapshot?.DropletId ?? FleetReplay.DropletOf(e.Stream);
        Add(new Finding(
            SeverityOf(kind),
            kind,
            what,
            Moments.Of(e.Data),
            e.Sequence,
            e.Stream,
            e.Id,
            FleetReplay.SnapshotOf(e.Stream),
            snapshot?.Name ?? expiry?.SnapshotName ?? (e.Data as SnapshotRequested)?.SnapshotName,
            droplet,
            NameOf(droplet) ?? snapshot?.DropletName,
            snapshot?.Plan ?? expiry?.Plan ?? PlanOf(e),
            expiry?.PlanVersion ?? snapshot?.Expiry?.PlanVersion,
            expiry is not null && kind <= FindingKind.NotReplayed ? Words.Of(expiry) : null,
            replayed));
    }

    public void Add(Finding finding)
    {
        if (!terms.Covers(finding.At) || !terms.Covers(finding.DropletId))
        {
            return;
        }

        _ = finding.Severity is FindingSeverity.Error ? Errors++ : Warnings++;
        passOn?.Invoke(finding);
        if (held.Count < terms.MostHeld)
        {
            held.Add(finding);
        }
        else
        {
            Cut++;
        }
    }

    private string? NameOf(long? droplet) => droplet is { } id ? fleet.Droplet(id)?.Facts?.Name : null;

    private static string? PlanOf(LoggedEvent e) => e.Stream.StartsWith("plan/", StringComparison.Ordinal) ? e.Stream["plan/".Length..] : null;

    private static FindingSeverity SeverityOf(FindingKind kind) => kind is FindingKind.ManualUnexplained or FindingKind.UnknownEvent
        ? FindingSeverity.Warning
        : FindingSeverity.Error;

    private static FindingKind KindOf(LogFaultKind kind) => kind switch
    {
        LogFaultKind.MissingEvents => FindingKind.MissingEvents,
        LogFaultKind.RepeatedEvent => FindingKind.RepeatedEvent,
        LogFaultKind.OutOfOrder => FindingKind.OutOfOrder,
        LogFaultKind.CannotStart => FindingKind.CannotStart,
        LogFaultKind.WrongStream => FindingKind.WrongStream,
        LogFaultKind.BadPlan => FindingKind.BadPlan,
        _ => FindingKind.CannotBeApplied,
    };
}
