using System.Collections.Immutable;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Forecasting;

/// <summary>
/// One droplet's future. At each moment at which something can change, the planner's decision is asked; what it asks for is done at once or after the usual time, and
/// folded as the log would fold it.
/// </summary>
internal sealed class DropletForecast
{
    private static readonly TimeSpan AfterWithdrawal = TimeSpan.FromMinutes(10);

    private readonly DropletLedger given;
    private readonly DateTimeOffset now;
    private readonly ForecastTerms terms;
    private readonly IReadOnlySet<string> braked;
    private readonly Dictionary<Guid, Snapshot> snapshots = [];
    private readonly Dictionary<Guid, ForecastSnapshot> gone = [];
    private readonly Dictionary<Guid, Hold> held = [];
    private readonly HashSet<Guid> toCome = [];
    private readonly PriorityQueue<Guid, DateTimeOffset> making = new();
    private readonly TimeSpan delay;
    private readonly decimal size;
    private DropletFacts? droplet;
    private long lastImage;

    /// <summary>The future of a droplet.</summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="terms">What is wanted.</param>
    /// <param name="braked">The plans of which nothing will expire.</param>
    public DropletForecast(DropletLedger ledger, DateTimeOffset now, ForecastTerms terms, IReadOnlySet<string> braked)
    {
        (given, this.now, this.terms, this.braked) = (ledger, now, terms, braked);
        droplet = ledger.Droplet;
        var last = ledger.Snapshots.Where(s => s is { Scheduled: true, CreatedAt: not null, IsComplete: true }).MaxBy(s => s.CreatedAt);
        delay = last is { CreatedAt: { } made } && made >= last.RequestedAt && made - last.RequestedAt < TimeSpan.FromDays(1) ? made - last.RequestedAt : terms.UsualDelay;
        size = (last ?? ledger.Snapshots.Where(s => s.IsComplete).MaxBy(s => s.CreatedAt))?.SizeGigabytes ?? 0;
        // Numbers that no image has: they are only compared with one another, and a later one is larger.
        lastImage = ledger.Snapshots.Max(s => s.ImageId) is { } known ? Math.Max(known, long.MaxValue / 2) : long.MaxValue / 2;
    }

    /// <summary>The brakes that come on, a sentence each.</summary>
    public List<string> Brakes { get; } = [];

    /// <summary>Lets the time pass.</summary>
    public void Run()
    {
        foreach (var s in given.Snapshots)
        {
            Begin(s);
        }

        for (DateTimeOffset? at = now; at <= terms.Until; at = Next(at.Value))
        {
            while (making.TryPeek(out var id, out var done) && done <= at)
            {
                making.Dequeue();
                Complete(id, done);
            }

            Decide(at.Value);
        }
    }

    /// <summary>Every snapshot that is there or comes, and what becomes of it.</summary>
    public IEnumerable<ForecastSnapshot> Rows() => gone.Values.Concat(
        snapshots.Values.Where(s => s is { CreatedAt: not null, Live: true }).Select(s => Row(s, goes: null)));

    private void Begin(Snapshot s)
    {
        snapshots[s.SnapshotId] = s;
        switch (s.Phase)
        {
            case SnapshotPhase.Expired or SnapshotPhase.Pruning when s.CreatedAt is not null:
                gone[s.SnapshotId] = Row(s, new Departure(now, s.Expiry?.Rule, s.Expiry?.PlanVersion, InFavourOf: null));
                snapshots.Remove(s.SnapshotId);
                break;
            case SnapshotPhase.Complete:
                snapshots[s.SnapshotId] = WithCopies(s);
                break;
            case SnapshotPhase.Requested or SnapshotPhase.Attempted or SnapshotPhase.Started:
                Make(s, s.StartedAt ?? now);
                break;
            default:
                break;
        }
    }

    /// <summary>It is on its way, and there after the usual time.</summary>
    private void Make(Snapshot s, DateTimeOffset from)
    {
        toCome.Add(s.SnapshotId);
        snapshots[s.SnapshotId] = s with { Phase = SnapshotPhase.Started, StartedAt = from, RetryAt = null, Live = true };
        var done = from + delay;
        making.Enqueue(s.SnapshotId, done > now ? done : now);
    }

    private void Complete(Guid id, DateTimeOffset at)
    {
        var s = snapshots[id];
        var made = SnapshotEvolution.Evolve(s, s.Id, new SnapshotCompleted(id, s.DropletId, ++lastImage, size, [.. Regions()], at, at));
        snapshots[id] = WithCopies(made);
    }

    /// <summary>Where the droplet's snapshots are made, as far as its last one tells.</summary>
    private IEnumerable<string> Regions() =>
        given.Snapshots.Where(s => s.IsComplete).MaxBy(s => s.CreatedAt)?.Regions ?? (IEnumerable<string>)[];

    /// <summary>Copies are made within minutes; a guard that waits for one is gone by then.</summary>
    private Snapshot WithCopies(Snapshot s)
    {
        var wanted = given.Plan is { } plan && string.Equals(plan.Name, s.Plan, StringComparison.Ordinal) ? plan.Regions : [];
        return s with
        {
            Regions = s.Regions.Union(wanted).Union(s.Transfers.Where(t => t.Value.Phase is not TransferPhase.Failed).Select(t => t.Key)),
            Transfers = s.Transfers.Clear(),
            Working = false,
        };
    }

    private DropletLedger Ledger() => Ledgers.Build(
        given.DropletId,
        droplet,
        given.PlanFacts,
        snapshots.Values,
        given.Others.IsDefaultOrEmpty ? null : given.Others.Append(given.PlanFacts).OfType<PlanFacts>().ToDictionary(p => p.Name, StringComparer.Ordinal));

    private void Decide(DateTimeOffset at)
    {
        var ledger = Ledger();
        foreach (var e in Planning.Decide(ledger, at))
        {
            switch (e.Data)
            {
                case SnapshotRequested request:
                    Make(SnapshotEvolution.Evolve(null, e.Stream, request), at);
                    break;
                case SnapshotExpired expired when !braked.Contains(expired.Plan ?? ""):
                    Go(expired);
                    break;
                case ExpiryHeld hold:
                    held[hold.SnapshotId] = new Hold(at, hold.Guard, hold.Detail);
                    snapshots[hold.SnapshotId] = SnapshotEvolution.Evolve(snapshots[hold.SnapshotId], e.Stream, hold);
                    break;
                case BrakeApplied brake:
                    droplet = DropletFacts.Evolve(droplet, e.Stream, brake);
                    Brakes.Add($"from {at:yyyy-MM-dd'T'HH:mm:ss'Z'} on nothing of droplet {given.DropletId} ('{droplet?.Name}') in plan '{brake.Plan}' will expire: {brake.Detail}");
                    break;
                default:
                    break;
            }
        }
    }

    private void Go(SnapshotExpired e)
    {
        var s = snapshots[e.SnapshotId];
        var neighbour = e.KeptInstead is { } kept
            ? new ForecastNeighbour(kept.SnapshotId, kept.SnapshotName, kept.CreatedAt, toCome.Contains(kept.SnapshotId), kept.Distance)
            : null;
        gone[e.SnapshotId] = Row(s, new Departure(e.DecidedAt, e.Rule, e.PlanVersion, neighbour));
        snapshots.Remove(e.SnapshotId);
    }

    private ForecastSnapshot Row(Snapshot s, Departure? goes) => new(
        s.SnapshotId,
        s.Name,
        s.DropletId,
        droplet?.Name ?? s.DropletName,
        s.Plan,
        s.CreatedAt!.Value,
        s.SizeGigabytes,
        toCome.Contains(s.SnapshotId),
        goes,
        goes is null ? held.GetValueOrDefault(s.SnapshotId) : null);

    private DateTimeOffset OnPace(DateTimeOffset moment, DateTimeOffset after)
    {
        if (terms.Pace <= TimeSpan.Zero)
        {
            return moment;
        }

        var rounds = Math.Ceiling((moment - now) / terms.Pace);
        var round = now + (rounds * terms.Pace);
        return round > after ? round : after + terms.Pace;
    }

    /// <summary>When something can change next: one is there, one is due, one comes to another rule by its age, or may be decided on again.</summary>
    private DateTimeOffset? Next(DateTimeOffset at)
    {
        DateTimeOffset? next = making.TryPeek(out _, out var done) ? done : null;
        if (given.Plan is { } plan && !given.Paused)
        {
            // One that is due already waits for what is being made.
            Earlier(plan.Timing is PlanTiming.Anchored
                ? new AnchoredSchedule(plan, given.DropletId).Next(at)
                : (snapshots.Values.Where(s => s.Live && string.Equals(s.Plan, plan.Name, StringComparison.Ordinal)).Max(s => s.CreatedAt) ?? at) + plan.Every.Duration);
        }

        var ledger = Ledger();
        foreach (var s in snapshots.Values.Where(s => s is { IsComplete: true, CreatedAt: not null }))
        {
            var second = s.CreatedAt!.Value.AddTicks(-(s.CreatedAt.Value.UtcTicks % TimeSpan.TicksPerSecond));
            foreach (var rule in ledger.RulesFor(s)?.Keep.Rules ?? ImmutableArray<Retention.KeepRule>.Empty)
            {
                Earlier(second + rule.Age.Duration);
            }

            if (s.HeldBy is Guard.StaleDecision or Guard.NoLongerExpired)
            {
                Earlier(s.ChangedAt + AfterWithdrawal);
            }
        }

        return next is { } found ? OnPace(found, at) : null;

        void Earlier(DateTimeOffset moment) => next = moment > at && !(next <= moment) ? moment : next;
    }
}
