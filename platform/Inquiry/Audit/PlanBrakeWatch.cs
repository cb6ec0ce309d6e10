using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>
/// Counts what goes of each plan as a whole, which no single droplet's decision shows. When the planner counted is not in the log, so that the count is held
/// against what may have been there some minutes before.
/// </summary>
internal sealed class PlanBrakeWatch(FleetReplay fleet)
{
    /// <summary>What clocks may differ, and how long a round may take.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, Count> counts = new(StringComparer.Ordinal);

    /// <summary>Judges an expiry by rule; before it is noted.</summary>
    public Judgement Judge(SnapshotExpired e)
    {
        if (e.Plan is null
            || fleet.Plans.Current.GetValueOrDefault(e.Plan) is not { Terms.Brake: BrakeSetting.On } facts
            || facts.LookedAtUntil > e.DecidedAt - Slack
            || !counts.TryGetValue(e.Plan, out var count)
            || !count.MayBeTooMuch(e.DecidedAt - Slack))
        {
            return default;
        }

        var since = Later(e.DecidedAt - Braking.Window + Slack, facts.LookedAtUntil + Slack);
        var gone = count.Going.Values.Count(g => g.DecidedAt > since && g.DecidedAt <= e.DecidedAt + Slack && !IsLookedAt(g.DropletId, e.Plan, g.DecidedAt)) + 1;
        var staying = count.Staying(e.DecidedAt - Slack) - 1;
        return gone > Braking.FreeOfPlan && gone > staying && !IsLookedAt(e.DropletId, e.Plan, e.DecidedAt)
            ? new Judgement(
                FindingKind.BrakePassed,
                $"'{e.SnapshotName}' expired as one of {gone} of {gone + Math.Max(0, staying)} snapshots of plan '{e.Plan}' within a day, and no operator had looked",
                "held by the plan's brake")
            : default;
    }

    /// <summary>Notes what an event made of a snapshot.</summary>
    public void Note(object @event, Snapshot? before, Snapshot after)
    {
        if (after.Plan is not { } plan)
        {
            return;
        }

        if (!counts.TryGetValue(plan, out var count))
        {
            counts[plan] = count = new Count();
        }

        var byRule = @event is SnapshotExpired { Origin: Origin.Plan };
        count.Complete += (after.IsComplete ? 1 : 0) - (before is { IsComplete: true } ? 1 : 0);
        if (before is { IsComplete: true } && !after.IsComplete && !byRule)
        {
            count.TakenElsewise.Enqueue(Moments.Of(@event) ?? after.ChangedAt);
        }

        if (byRule)
        {
            count.Going[after.SnapshotId] = (after.DropletId, after.Expiry!.DecidedAt);
            count.ByTime.Enqueue(after.SnapshotId);
        }
        else if (after.Phase is SnapshotPhase.Complete or SnapshotPhase.Lost)
        {
            count.Going.Remove(after.SnapshotId);
        }
    }

    /// <summary>A release of one droplet lets go for a day what is of that droplet.</summary>
    private bool IsLookedAt(long dropletId, string plan, DateTimeOffset at) =>
        fleet.Droplet(dropletId)?.Facts?.Brakes.GetValueOrDefault(plan) is { ReleasedAt: { } released } && at <= released + Brake.ReleaseLasts + Slack;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;

    private sealed class Count
    {
        public int Complete { get; set; }

        public Dictionary<Guid, (long DropletId, DateTimeOffset DecidedAt)> Going { get; } = [];

        public Queue<Guid> ByTime { get; } = new();

        /// <summary>When others than the rules took one: it may have been counted as staying.</summary>
        public Queue<DateTimeOffset> TakenElsewise { get; } = new();

        public int Staying(DateTimeOffset since)
        {
            while (TakenElsewise.TryPeek(out var at) && at < since)
            {
                TakenElsewise.Dequeue();
            }

            return Complete + TakenElsewise.Count;
        }

        public bool MayBeTooMuch(DateTimeOffset now)
        {
            while (ByTime.TryPeek(out var id) && (!Going.TryGetValue(id, out var oldest) || oldest.DecidedAt < now - Braking.Window))
            {
                ByTime.Dequeue();
                Going.Remove(id);
            }

            return Going.Count >= Braking.FreeOfPlan && Going.Count + 1 > Complete - 1;
        }
    }
}
