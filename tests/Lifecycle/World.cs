using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>One droplet with its plan on a log in memory. Given events are folded by the code that folds them in production.</summary>
internal sealed class World
{
    public const long Droplet = 42;

    private readonly Clock _clock = new();
    private readonly InMemoryEventLog _log;
    private long _lastImage = 3_000_000_000;

    public World(PlanTerms? terms = null)
    {
        _log = new InMemoryEventLog(_clock);
        _log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("p"), new PlanChanged("p", 1, terms ?? Terms(), Now))], default).Wait();
        Given(new NewEvent(Streams.OfDroplet(Droplet), new DropletEnrolled(Droplet, "web-1", "p", Now)));
    }

    public static DateTimeOffset Start { get; } = At("2026-01-01T12:00:00Z");

    public DateTimeOffset Now
    {
        get => _clock.Time;
        set => _clock.Time = value;
    }

    public LifecycleTimings Timings { get; } = new();

    public DropletLedger Ledger => _log.LoadLedgersAsync([Droplet], default).Result[0];

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A plan without a brake, unless a test is about that: most are about what the rules and the guards say of each snapshot.</summary>
    public static PlanTerms Terms(
        string every = "1d",
        string[]? keep = null,
        string[]? regions = null,
        int keepAtLeast = 1,
        PlanTiming timing = PlanTiming.Anchored,
        BrakeSetting brake = BrakeSetting.Off) =>
        new("autosnapshot", "$droplet-autosnapshot-", every, "03:00", "0h", keep ?? [], regions ?? [], keepAtLeast, timing, Brake: brake);

    public IReadOnlyList<object> Given(params NewEvent[] events) => When(_ => events);

    public void GivenPlan(object @event, string plan = "p") => _log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan(plan), @event)], default).Wait();

    /// <summary>Decides and appends; gives what was decided.</summary>
    public IReadOnlyList<object> When(Func<DropletLedger, IReadOnlyList<NewEvent>> decide) =>
        [.. _log.DecideAsync(Droplet, decide, default).Result.Select(e => e.Data)];

    public IReadOnlyList<object> Plan(bool mayRequest = true) => When(ledger => Planning.Decide(ledger, Now, mayRequest));

    public Snapshot Find(Guid id) => Ledger.Find(id)!;

    /// <summary>A complete snapshot of the plan.</summary>
    public Guid Complete(DateTimeOffset createdAt, params string[] regions)
    {
        var image = ++_lastImage;
        var id = SnapshotIds.ForImage(image);
        var name = $"web-1-autosnapshot-{createdAt:yyyyMMdd'T'HHmmss'Z'}";
        Given(NewEvent.Of(id, new SnapshotDiscovered(
            id, Droplet, "web-1", image, name, "p", 1, regions.Length == 0 ? ["nyc3"] : regions, createdAt, Now)));
        return id;
    }

    /// <summary>A snapshot that a person asked for now, complete if it says when it was made.</summary>
    public Guid Manual(string name, DateTimeOffset? completedAt = null)
    {
        var id = Guid.NewGuid();
        Given(NewEvent.Of(id, new SnapshotRequested(id, Droplet, "web-1", name, null, Origin.Manual, completedAt ?? Now, Actor: "ann")));
        if (completedAt is { } at)
        {
            Given(NewEvent.Of(id, new SnapshotCompleted(id, Droplet, ++_lastImage, 1, ["nyc3"], at, at)));
        }

        return id;
    }

    /// <summary>A snapshot that was asked for, started and completed.</summary>
    public void Finish(SnapshotRequested request)
    {
        var image = ++_lastImage;
        Given(
            NewEvent.Of(request.SnapshotId, new SnapshotAttempted(request.SnapshotId, Droplet, 1, Now, Now.AddMinutes(1))),
            NewEvent.Of(request.SnapshotId, new SnapshotStarted(request.SnapshotId, Droplet, image, Now)),
            NewEvent.Of(request.SnapshotId, new SnapshotCompleted(request.SnapshotId, Droplet, image, 1, ["nyc3"], Now.AddSeconds(2), Now)));
    }

    public void Expire(Guid id, Origin origin = Origin.Plan)
    {
        var s = Find(id);
        Given(NewEvent.Of(id, new SnapshotExpired(
            id, Droplet, s.ImageId!.Value, s.Name, "p", 1, "0h:0h", TimeSpan.Zero, Now - s.CreatedAt!.Value, null, origin, Now)));
    }

    /// <summary>What DigitalOcean shows when nothing has changed.</summary>
    public ObservedSnapshot Seen(Guid id)
    {
        var s = Find(id);
        return new ObservedSnapshot(s.ImageId!.Value, s.Name, s.DropletId, s.CreatedAt!.Value, s.SizeGigabytes, s.Regions);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Time { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Time;
    }
}
