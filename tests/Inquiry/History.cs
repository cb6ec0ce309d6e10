using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>
/// A history as planner and workers write it, when all goes well: the product's own decisions, round by round, on a log in memory; what they ask for is done.
/// </summary>
internal sealed class History
{
    public const string Plan = "p";
    public const long FirstDroplet = 41;

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 3, 0, 0, TimeSpan.Zero);

    /// <summary>The time between two rounds.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromHours(2);

    private readonly Clock _clock = new();
    private readonly int _droplets;
    private readonly TimeSpan _lag;
    private readonly LifecycleTimings _timings = new();
    private long _lastImage = 5_000_000_000;
    private bool _busy;
    private bool _going;

    public History(PlanTerms terms, int droplets = 1, TimeSpan lag = default)
    {
        (_droplets, _lag) = (droplets, lag);
        Log = new InMemoryEventLog(_clock);
        State(new PlanChanged(Plan, 1, terms, Now));
        foreach (var droplet in Droplets)
        {
            Tell(droplet, new DropletEnrolled(droplet, $"web-{droplet}", Plan, Now));
        }
    }

    public InMemoryEventLog Log { get; }

    public DateTimeOffset Now => _clock.Now;

    public IEnumerable<long> Droplets => Enumerable.Range(0, _droplets).Select(i => FirstDroplet + i);

    /// <summary>What the size of the next snapshot is, in GB.</summary>
    public decimal Size { get; set; } = 2;

    /// <summary>Whether the planner is at work.</summary>
    public bool Plans { get; set; } = true;

    public IReadOnlyList<LoggedEvent> Events => Log.ReadAsync(0, int.MaxValue, default).Result;

    public static PlanTerms Terms(
        string keep, string every = "1d", string[]? regions = null, PlanTiming timing = PlanTiming.Elapsed, BrakeSetting brake = BrakeSetting.Off, int keepAtLeast = 1) =>
        new("tag", "$droplet-auto-", every, "03:00", "0h", keep.Split(' ', StringSplitOptions.RemoveEmptyEntries), regions ?? [], keepAtLeast, timing, Brake: brake);

    public IReadOnlyList<Snapshot> Snapshots(long droplet = FirstDroplet) => Ledger(droplet).Snapshots;

    public DropletLedger Ledger(long droplet = FirstDroplet) => Log.LoadLedgersAsync([droplet], default).Result[0];

    public void State(object @event) => Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan(Plan), @event)], default).Wait();

    public void StateOfAccount(object @event) => Log.DecideFleetAsync(_ => [new NewEvent(Streams.Account, @event)], default).Wait();

    public void Tell(long droplet, object @event) => Log.DecideAsync(droplet, _ => [new NewEvent(Streams.OfDroplet(droplet), @event)], default).Wait();

    public void Append(long droplet, Guid snapshot, object @event) => Log.DecideAsync(droplet, _ => [NewEvent.Of(snapshot, @event)], default).Wait();

    /// <summary>When the last round was.</summary>
    public DateTimeOffset Last => Now - Step;

    /// <summary>Rounds, a step apart, for so long; <paramref name="before"/> each of them something may happen.</summary>
    public History Run(TimeSpan duration, Action<History>? before = null)
    {
        for (var end = Now + duration; Now < end; _clock.Now += Step)
        {
            before?.Invoke(this);
            if (Plans)
            {
                Round();
            }
        }

        return this;
    }

    /// <summary>A snapshot found at DigitalOcean.</summary>
    public Guid Discover(DateTimeOffset createdAt, long droplet = FirstDroplet)
    {
        var (image, name) = (++_lastImage, $"web-{droplet}-auto-{createdAt:yyyyMMdd'T'HHmmss'Z'}");
        var id = SnapshotIds.ForImage(image);
        Append(droplet, id, new SnapshotDiscovered(id, droplet, $"web-{droplet}", image, name, Plan, Size, ["nyc3"], createdAt, Now));
        return id;
    }

    /// <summary>An operator removes a snapshot by hand.</summary>
    public void Remove(Snapshot s, string? actor = "ann", string? reason = "not wanted")
    {
        _going = true;
        Append(s.DropletId, s.SnapshotId, new SnapshotExpired(
            s.SnapshotId, s.DropletId, s.ImageId!.Value, s.Name, s.Plan, null, null, null, Now - s.CreatedAt!.Value, null, Origin.Manual, Now, actor, reason));
    }

    private void Round()
    {
        Finish();
        var (clearance, brakes) = Braking.Check(Log.LoadLedgersAsync(null, default).Result, Now);
        if (brakes.Count > 0)
        {
            Log.DecideFleetAsync(facts => Braking.Apply(facts, brakes), default).Wait();
        }

        foreach (var droplet in Droplets)
        {
            var decided = Log.DecideAsync(droplet, ledger => Planning.Decide(ledger, Now, clearance: clearance), default).Result;
            if (decided.Any(e => e.Data is SnapshotRequested or TransferRequested))
            {
                _busy = true;
            }

            if (decided.Any(e => e.Data is SnapshotExpired))
            {
                _going = true;
            }
        }

        Finish();
        if (_going)
        {
            var going = Droplets.SelectMany(Snapshots).Where(s => s.Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning).ToList();
            going.ForEach(Prune);
            _going = Droplets.SelectMany(Snapshots).Any(s => s.Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning);
        }
    }

    private void Finish()
    {
        if (!_busy)
        {
            return;
        }

        _busy = false;
        foreach (var s in Droplets.SelectMany(Snapshots).ToList())
        {
            if (s.Phase is SnapshotPhase.Requested)
            {
                Append(s.DropletId, s.SnapshotId, new SnapshotAttempted(s.SnapshotId, s.DropletId, 1, Now, Now.AddMinutes(1)));
                Append(s.DropletId, s.SnapshotId, new SnapshotStarted(s.SnapshotId, s.DropletId, ++_lastImage, Now));
            }

            if (s.Phase is SnapshotPhase.Requested or SnapshotPhase.Started)
            {
                var at = s.RequestedAt + _lag;
                if (at <= Now)
                {
                    Append(s.DropletId, s.SnapshotId, new SnapshotCompleted(s.SnapshotId, s.DropletId, ++_lastImage, Size, ["nyc3"], at, Now));
                }
                else
                {
                    _busy = true;
                }
            }

            foreach (var region in s.Transfers.Where(t => t.Value.Phase is TransferPhase.Requested).Select(t => t.Key))
            {
                Append(s.DropletId, s.SnapshotId, new TransferCompleted(s.SnapshotId, s.DropletId, region, Now));
            }
        }
    }

    private void Prune(Snapshot s)
    {
        var ledger = Ledger(s.DropletId);
        var there = ledger.Snapshots.Where(o => o.Live).Select(o => o.ImageId).OfType<long>().ToHashSet();
        var seen = new ObservedSnapshot(s.ImageId!.Value, s.Name, s.DropletId, s.CreatedAt!.Value, s.SizeGigabytes, s.Regions);
        var begun = Log.DecideAsync(s.DropletId, l => PruneWork.Begin(l, s.SnapshotId, new PruneSight(seen, there, null, Now), Now, _timings), default).Result;
        foreach (var attempt in begun.Select(e => e.Data).OfType<PruneAttempted>())
        {
            Log.DecideAsync(s.DropletId, l => PruneWork.Record(l, s.SnapshotId, attempt.Attempt, DeleteResult.Gone, "", Now, _timings), default).Wait();
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
