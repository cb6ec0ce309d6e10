using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Retention;

namespace DoSnapshot.Inquiry.Forecasting;

/// <content>How each snapshot enters the future, and what holds those that stay at its end.</content>
internal sealed partial class DropletForecast
{
    /// <summary>After the pruner took an expiry back for its age or the rules, the planner waits this long.</summary>
    private static readonly TimeSpan AfterWithdrawal = TimeSpan.FromMinutes(10);

    /// <summary>After a snapshot of an elapsed plan was given up for good, the planner waits this long.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromHours(1);

    private static readonly LifecycleTimings Timings = new();

    private void Begin(Snapshot s)
    {
        snapshots[s.SnapshotId] = s;
        switch (s.Phase)
        {
            case SnapshotPhase.Complete:
                Stay(s, now);
                break;
            case SnapshotPhase.Expired or SnapshotPhase.Pruning when s is { CreatedAt: not null, ImageId: not null }:
                Leave(s, s.ImageId!.Value);
                break;
            case SnapshotPhase.Attempted or SnapshotPhase.Started:
                Make(s, Later(s.StartedAt ?? now, s.RequestedAt + usual.UntilCreated));
                break;
            case SnapshotPhase.Pruned or SnapshotPhase.Failed:
                End(s);
                if (s.Expiry is { Origin: Origin.Plan } expiry)
                {
                    watch.Went(s.Plan, expiry.DecidedAt);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>It is on its way out already, and goes unless the pruner, which decides again before it deletes, takes that back.</summary>
    private void Leave(Snapshot s, long imageId)
    {
        var at = s.RetryAt is { } retry ? Later(retry, now) : now;
        var there = given.Snapshots.Where(o => o.Live).Select(o => o.ImageId).OfType<long>().ToHashSet();
        var seen = new ObservedSnapshot(imageId, s.Name, s.DropletId, s.CreatedAt!.Value, s.SizeGigabytes, s.Regions);
        var takenBack = s.Phase is SnapshotPhase.Expired
            ? PruneWork.Begin(given, s.SnapshotId, new PruneSight(seen, there, null, at), at, Timings).Select(e => e.Data).OfType<ExpiryWithdrawn>().FirstOrDefault()
            : null;
        if (takenBack is not null)
        {
            Stay(SnapshotEvolution.Evolve(s, s.Id, takenBack), now);
            return;
        }

        gone[s.SnapshotId] = Row(s, new Departure(now, s.Expiry?.Rule, s.Expiry?.PlanVersion, InFavourOf: null), held: null);
        if (s.Expiry is { Origin: Origin.Plan } expiry)
        {
            watch.Went(s.Plan, expiry.DecidedAt);
        }

        End(SnapshotEvolution.Evolve(s, s.Id, new SnapshotPruned(s.SnapshotId, s.DropletId, imageId, now)));
    }

    /// <summary>It is complete, and copied where it is wanted: copies are made within minutes, unless they were given up, and a guard that waits for one is gone by then.</summary>
    private void Stay(Snapshot s, DateTimeOffset at)
    {
        var givenUp = s.Transfers.Where(t => t.Value.Phase is TransferPhase.Failed).Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        var wanted = given.Plan is { } plan && string.Equals(plan.Name, s.Plan, StringComparison.Ordinal) ? plan.Regions : [];
        var copies = s.Transfers.Keys.Concat(wanted).Where(region => !givenUp.Contains(region)).ToList();
        snapshots[s.SnapshotId] = s with { Regions = s.Regions.Union(copies), Transfers = s.Transfers.RemoveRange(copies), Working = false };
        watch.Comes(s.Plan, at);
        foreach (var rule in given.RulesFor(s)?.Keep.Rules ?? [])
        {
            Wake(Second(s.CreatedAt!.Value) + rule.Age.Duration);
        }

        if (s.HeldBy is Guard.StaleDecision or Guard.NoLongerExpired)
        {
            Wake(s.ChangedAt + AfterWithdrawal);
        }
    }

    /// <summary>It is at work, and complete after the usual time.</summary>
    private void Make(Snapshot s, DateTimeOffset createdAt)
    {
        toCome.Add(s.SnapshotId);
        snapshots[s.SnapshotId] = s with { Phase = SnapshotPhase.Started, StartedAt = createdAt, RetryAt = null };
        making.Enqueue((s.SnapshotId, createdAt), Later(createdAt + usual.UntilComplete - usual.UntilCreated, now));
    }

    /// <summary>What was asked for and is still wanted is begun. What is of a plan rests in a pause, and is given up where its droplet has left the plan.</summary>
    private void MakeWhatWaits()
    {
        foreach (var s in snapshots.Values.Where(s => s.Phase is SnapshotPhase.Requested).ToList())
        {
            var isWanted = s.Plan is null
                ? now - s.RequestedAt <= Timings.ManualTimeout
                : !given.Paused && string.Equals(s.Plan, given.Plan?.Name, StringComparison.Ordinal);
            if (isWanted)
            {
                Make(s, Later(s.RetryAt ?? now, Later(now, s.RequestedAt + usual.UntilCreated)));
            }
        }
    }

    /// <summary>What keeps those that the rules let go at the end, by our id.</summary>
    private Dictionary<Guid, Hold> Holds()
    {
        var ledger = Ledger();
        var holds = new Dictionary<Guid, Hold>();
        foreach (var (id, hold) in Expiring.Holds(ledger, terms.Until))
        {
            var s = snapshots[id];
            var since = s.HeldBy == hold.Guard ? s.ChangedAt : Later(now, Reached(s, hold.Verdict.Reason));
            holds[id] = new Hold(since, hold.Guard, hold.Detail);
        }

        return holds;
    }

    /// <summary>When its age came under the rule that lets it go.</summary>
    private static DateTimeOffset Reached(Snapshot s, Reason reason) => Second(s.CreatedAt!.Value) + reason switch
    {
        Reason.TooClose close => close.Rule.Age.Duration,
        Reason.IntervalZero zero => zero.Rule.Age.Duration,
        _ => TimeSpan.Zero,
    };
}
