using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>Whether a droplet is due for a snapshot.</summary>
internal static class Requesting
{
    /// <summary>After a snapshot of an elapsed plan was given up for good, the next is asked for no sooner than this.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromHours(1);

    /// <summary>How far ahead of ours another leader's clock may have been without that counting as a clock that was wrong.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    public static void Decide(DropletLedger ledger, Plan plan, DateTimeOffset now, bool mayRequest, List<NewEvent> events)
    {
        if (plan.Timing is PlanTiming.Anchored)
        {
            Anchored(ledger, plan, now, mayRequest, events);
        }
        else
        {
            Elapsed(ledger, plan, now, mayRequest, events);
        }
    }

    private static void Anchored(DropletLedger ledger, Plan plan, DateTimeOffset now, bool mayRequest, List<NewEvent> events)
    {
        var schedule = new AnchoredSchedule(plan, ledger.DropletId);
        var occurrence = schedule.Latest(now);
        var members = Planning.Members(ledger, plan).Where(s => s.Live).ToList();
        // Only what certainly is not at work is given up; what is in flight is left to end.
        foreach (var waiting in members.Where(s => s.Phase is SnapshotPhase.Requested))
        {
            // One without an occurrence was asked for while the plan still measured the time elapsed.
            if (waiting.Occurrence is null || waiting.Occurrence < occurrence)
            {
                GiveUp(waiting, $"superseded by the occurrence of {occurrence:yyyy-MM-dd'T'HH:mm:ss'Z'}", now, events);
            }
            else if (waiting.Occurrence > now)
            {
                GiveUp(waiting, "asked for by a clock that was ahead", now, events);
            }
            else if (members.Where(s => s.CreatedAt >= waiting.Occurrence).MinBy(s => s.CreatedAt) is { } other)
            {
                GiveUp(waiting, $"its occurrence was answered by '{other.Name}'", now, events);
            }
        }

        // A droplet that left its plan and came back before the next occurrence begins anew.
        var since = ledger.Droplet!.EnrolledAt > occurrence ? ledger.Droplet.EnrolledAt : (DateTimeOffset?)null;
        var id = SnapshotIds.ForOccurrence(plan.Name, ledger.DropletId, occurrence, since);
        if (!mayRequest || members.Any(s => s.InFlight || Satisfies(s, occurrence, now)) || ledger.Find(id) is not null)
        {
            return;
        }

        var skipped = ledger.LastScheduled?.Occurrence is { } last ? schedule.Between(last, occurrence) : 0;
        Request(ledger, plan, id, occurrence, skipped, now, events);
    }

    private static void Elapsed(DropletLedger ledger, Plan plan, DateTimeOffset now, bool mayRequest, List<NewEvent> events)
    {
        var members = Planning.Members(ledger, plan).ToList();
        // One that a clock far ahead asked for stays the last of the log until its time has come: what counts is the last that was asked for by now.
        var last = ledger.LastScheduled is { } stamped && stamped.RequestedAt > now + Ahead
            ? ledger.Snapshots.Where(s => s.Scheduled && s.RequestedAt <= now + Ahead).OrderBy(s => s.RequestedAt).ThenBy(s => s.Id, StringComparer.Ordinal).LastOrDefault()
            : ledger.LastScheduled;
        var newest = members.Where(s => s.Live && s.CreatedAt is not null).Max(s => s.CreatedAt);
        if (!mayRequest
            || members.Any(s => s.InFlight || s.Phase is SnapshotPhase.Requested)
            || !Retention.Schedule.IsDue(newest, plan.Every, now)
            || (last is { Phase: SnapshotPhase.Failed } && now < last.ChangedAt + AfterFailure && last.ChangedAt <= now + Ahead))
        {
            return;
        }

        // Where the log knows none but one of a clock that was ahead, what had followed it may have ended so long ago that it is not in the ledger: the hour tells them apart.
        var id = SnapshotIds.ForElapsed(
            plan.Name,
            ledger.DropletId,
            last?.SnapshotId ?? (ledger.LastScheduled is null ? null : SnapshotIds.ForOccurrence(plan.Name, ledger.DropletId, new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero))));
        while (ledger.Find(id) is not null)
        {
            id = SnapshotIds.ForElapsed(plan.Name, ledger.DropletId, id);
        }

        Request(ledger, plan, id, null, 0, now, events);
    }

    /// <summary>
    /// Any snapshot made since the occurrence answers it, whoever asked for it; so does one that was asked for on its behalf. One that a clock far
    /// ahead asked for answers what its making answers, and not all until its time has come.
    /// </summary>
    private static bool Satisfies(Snapshot s, DateTimeOffset occurrence, DateTimeOffset now) =>
        (s.Occurrence >= occurrence && s.Occurrence <= now) || s.CreatedAt >= occurrence;

    private static void GiveUp(Snapshot s, string reason, DateTimeOffset now, List<NewEvent> events) =>
        events.Add(NewEvent.Of(s.SnapshotId, new SnapshotFailed(s.SnapshotId, s.DropletId, reason, Final: true, now)));

    private static void Request(
        DropletLedger ledger, Plan plan, Guid id, DateTimeOffset? occurrence, int skipped, DateTimeOffset now, List<NewEvent> events)
    {
        var droplet = ledger.Droplet!;
        events.Add(NewEvent.Of(id, new SnapshotRequested(
            id,
            droplet.DropletId,
            droplet.Name,
            plan.SnapshotName(droplet.Name, now),
            plan.Name,
            Origin.Plan,
            now,
            occurrence,
            plan.Version,
            skipped,
            Consistency: plan.Consistency,
            ForcePowerOff: plan.ForcePowerOff)));
    }
}
