using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Audit;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Forecasting;

/// <summary>A brake on a plan as a whole that will come on.</summary>
/// <param name="Brake">The brake.</param>
/// <param name="Braked">What the log will know of the plan then.</param>
internal sealed record ForeseenBrake(BrakeApplied Brake, PlanFacts Braked);

/// <summary>
/// One droplet's future. At each moment at which something can change, the planner's decision is asked; what it asks for is done at once or after the usual time, and
/// folded as the log would fold it.
/// </summary>
internal sealed partial class DropletForecast
{
    private readonly DropletLedger given;
    private readonly DateTimeOffset now;
    private readonly ForecastTerms terms;
    private readonly PlanWatch watch;
    private readonly AnchoredSchedule? schedule;
    private readonly TimeSpan every;
    private readonly ForecastMaking usual;
    private readonly Queue<ForeseenBrake> brakes;
    private readonly Dictionary<string, PlanFacts> plans;
    private readonly Dictionary<Guid, Snapshot> snapshots = [];
    private readonly Dictionary<Guid, ForecastSnapshot> gone = [];
    private readonly HashSet<Guid> toCome = [];
    private readonly PriorityQueue<(Guid Id, DateTimeOffset CreatedAt), DateTimeOffset> making = new();
    private readonly PriorityQueue<Guid, DateTimeOffset> ended = new();
    private readonly SortedSet<DateTimeOffset> moments = [];
    private DropletFacts? droplet;
    private Guid? lastScheduled;
    private long lastImage;

    /// <summary>The future of a droplet.</summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="terms">What is wanted.</param>
    /// <param name="brakes">The brakes on plans that will come on.</param>
    /// <param name="watch">Told what comes and goes.</param>
    public DropletForecast(DropletLedger ledger, DateTimeOffset now, ForecastTerms terms, IEnumerable<ForeseenBrake> brakes, PlanWatch watch)
    {
        (given, this.now, this.terms, this.watch) = (ledger, now, terms, watch);
        this.brakes = new Queue<ForeseenBrake>(brakes.OrderBy(b => b.Brake.At));
        plans = (ledger.Others.IsDefault ? [] : ledger.Others).Append(ledger.PlanFacts).OfType<PlanFacts>().ToDictionary(p => p.Name, StringComparer.Ordinal);
        droplet = ledger.Droplet;
        usual = ForecastMaking.Of(ledger, terms.UsualDelay);
        every = ledger.Plan is { } plan && !ledger.Paused ? plan.Every.Duration : TimeSpan.Zero;
        schedule = ledger.Plan is { Timing: PlanTiming.Anchored } anchored ? new AnchoredSchedule(anchored, ledger.DropletId) : null;
        lastScheduled = ledger.LastScheduled?.SnapshotId;
        // Numbers that no image has: they are only compared with one another, and a later one is larger.
        lastImage = Math.Max(ledger.Snapshots.Max(s => s.ImageId) ?? 0, long.MaxValue / 2);
    }

    /// <summary>The brakes on this droplet that come on, a sentence each.</summary>
    public List<string> Brakes { get; } = [];

    /// <summary>Lets the time pass.</summary>
    public void Run(CancellationToken ct)
    {
        foreach (var s in given.Snapshots)
        {
            Begin(s);
        }

        Advance(now);
        Decide(now);
        MakeWhatWaits();
        for (var at = now; Next(at) is { } next && next <= terms.Until;)
        {
            ct.ThrowIfCancellationRequested();
            at = next;
            Advance(at);
            Decide(at);
        }

        Advance(terms.Until);
    }

    /// <summary>Every snapshot that is there or comes, and what becomes of it.</summary>
    public IEnumerable<ForecastSnapshot> Rows()
    {
        var holds = Holds();
        return gone.Values.Concat(
            snapshots.Values.Where(s => s is { IsComplete: true, CreatedAt: not null }).Select(s => Row(s, goes: null, holds.GetValueOrDefault(s.SnapshotId))));
    }

    /// <summary>What was due up to this moment comes to pass.</summary>
    private void Advance(DateTimeOffset at)
    {
        while (making.TryPeek(out var one, out var done) && done <= at)
        {
            making.Dequeue();
            var s = snapshots[one.Id];
            Stay(
                SnapshotEvolution.Evolve(s, s.Id, new SnapshotCompleted(s.SnapshotId, s.DropletId, ++lastImage, usual.SizeGigabytes, usual.Regions, one.CreatedAt, done)),
                done);
        }

        while (ended.TryPeek(out var id, out var forgotten) && forgotten <= at)
        {
            ended.Dequeue();
            snapshots.Remove(id);
        }

        while (brakes.TryPeek(out var brake) && brake.Brake.At <= at)
        {
            brakes.Dequeue();
            if (plans.ContainsKey(brake.Braked.Name))
            {
                plans[brake.Braked.Name] = brake.Braked;
            }
        }
    }

    private DropletLedger Ledger() => Ledgers.Build(
        given.DropletId,
        droplet,
        given.PlanFacts is { } own ? plans[own.Name] : null,
        snapshots.Values,
        given.Others.IsDefaultOrEmpty ? null : plans);

    private void Decide(DateTimeOffset at)
    {
        foreach (var e in Planning.Decide(Ledger(), at, mayRequest: every > TimeSpan.Zero))
        {
            switch (e.Data)
            {
                case SnapshotRequested request:
                    lastScheduled = request.SnapshotId;
                    Make(SnapshotEvolution.Evolve(null, e.Stream, request), at + usual.UntilCreated);
                    break;
                case SnapshotFailed failed:
                    End(SnapshotEvolution.Evolve(snapshots[failed.SnapshotId], e.Stream, failed));
                    break;
                case SnapshotExpired expired:
                    Go(snapshots[expired.SnapshotId], expired);
                    break;
                case ExpiryHeld held:
                    snapshots[held.SnapshotId] = SnapshotEvolution.Evolve(snapshots[held.SnapshotId], e.Stream, held);
                    break;
                case BrakeApplied brake:
                    droplet = DropletFacts.Evolve(droplet, e.Stream, brake);
                    Brakes.Add($"from {Words.Of(at)} on nothing of droplet {given.DropletId} ('{droplet?.Name}') in plan '{brake.Plan}' will expire: {brake.Detail}");
                    break;
                default:
                    break;
            }
        }
    }

    private void Go(Snapshot s, SnapshotExpired e)
    {
        var neighbour = e.KeptInstead is { } kept
            ? new ForecastNeighbour(kept.SnapshotId, kept.SnapshotName, kept.CreatedAt, toCome.Contains(kept.SnapshotId), kept.Distance)
            : null;
        gone[s.SnapshotId] = Row(s, new Departure(e.DecidedAt, e.Rule, e.PlanVersion, neighbour), held: null);
        watch.Goes(s.Plan, e.DecidedAt);
        var expired = SnapshotEvolution.Evolve(s, s.Id, e);
        End(SnapshotEvolution.Evolve(expired, s.Id, new SnapshotPruned(s.SnapshotId, s.DropletId, e.ImageId, e.DecidedAt)));
    }

    /// <summary>It has ended, and is known for a while: what went within a day counts for the brake, and what was asked for is not asked for again.</summary>
    private void End(Snapshot s)
    {
        snapshots[s.SnapshotId] = s;
        if (s.SnapshotId != lastScheduled)
        {
            ended.Enqueue(s.SnapshotId, Ledgers.BelongsUntil(s));
        }
    }

    private ForecastSnapshot Row(Snapshot s, Departure? goes, Hold? held) => new(
        s.SnapshotId,
        s.Name,
        s.DropletId,
        droplet?.Name ?? s.DropletName,
        s.Plan,
        s.CreatedAt!.Value,
        s.SizeGigabytes,
        toCome.Contains(s.SnapshotId),
        goes,
        held);

    /// <summary>When something can change next: one is there, one is due, one comes to another rule by its age, or may be decided on again.</summary>
    private DateTimeOffset? Next(DateTimeOffset at)
    {
        while (moments.Count > 0 && moments.Min <= at)
        {
            moments.Remove(moments.Min);
        }

        DateTimeOffset? next = making.TryPeek(out _, out var done) ? done : null;
        if (moments.Count > 0)
        {
            Earlier(moments.Min);
        }

        if (every > TimeSpan.Zero)
        {
            // One that is due already waits for what is being made, or for some time to pass after what was given up.
            Earlier(schedule is { } anchored
                ? anchored.Next(at)
                : (snapshots.Values.Where(s => s.Live && string.Equals(s.Plan, given.Plan!.Name, StringComparison.Ordinal)).Max(s => s.CreatedAt) is { } newest ? Second(newest) + every : at));
            if (lastScheduled is { } id && snapshots.GetValueOrDefault(id) is { Phase: SnapshotPhase.Failed } failed)
            {
                Earlier(failed.ChangedAt + AfterFailure);
            }
        }

        return next is { } found ? OnPace(found, at) : null;

        void Earlier(DateTimeOffset moment) => next = moment > at && !(next <= moment) ? moment : next;
    }

    private DateTimeOffset OnPace(DateTimeOffset moment, DateTimeOffset after)
    {
        if (terms.Pace <= TimeSpan.Zero)
        {
            return moment;
        }

        var round = now + (Math.Ceiling((moment - now) / terms.Pace) * terms.Pace);
        return round > after ? round : after + terms.Pace;
    }

    private void Wake(DateTimeOffset moment)
    {
        if (moment > now && moment <= terms.Until)
        {
            moments.Add(moment);
        }
    }

    private static DateTimeOffset Second(DateTimeOffset moment) => moment.AddTicks(-(moment.UtcTicks % TimeSpan.TicksPerSecond));

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
