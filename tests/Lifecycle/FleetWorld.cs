using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Plans with many droplets on a log in memory, and the planner's rounds over them.</summary>
internal sealed class FleetWorld
{
    private readonly Clock _clock = new();
    private readonly InMemoryEventLog _log;
    private long _lastImage = 5_000_000_000;

    public FleetWorld()
    {
        _log = new InMemoryEventLog(_clock);
    }

    public DateTimeOffset Now
    {
        get => _clock.Time;
        set => _clock.Time = value;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static PlanTerms Terms(string plan, string keep, string every = "1d") =>
        World.Terms(every, keep.Split(' '), brake: BrakeSetting.On) with { Tag = plan, Prefix = $"$droplet-{plan}-" };

    /// <summary>A plan with a fleet: what is older than a day goes.</summary>
    public static async Task<FleetWorld> OfAsync(int droplets, int old, int young)
    {
        var world = new FleetWorld();
        await world.PlanAsync("p");
        await world.FleetAsync("p", 1, droplets, old, young);
        return world;
    }

    public Task PlanAsync(string plan, string keep = "0h:1d", int version = 1, string every = "1d") =>
        StateAsync(plan, new PlanChanged(plan, version, Terms(plan, keep, every), Now));

    public Task StateAsync(string plan, object @event) => _log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan(plan), @event)], Ct);

    public Task TellAsync(long droplet, object @event) => _log.DecideAsync(droplet, _ => [new NewEvent(Streams.OfDroplet(droplet), @event)], Ct);

    public Task EnrolAsync(long droplet, string plan) => TellAsync(droplet, new DropletEnrolled(droplet, "web", plan, Now));

    /// <summary>Droplets with snapshots of nine days ago and of an hour ago.</summary>
    public async Task FleetAsync(string plan, long first, int droplets, int old, int young)
    {
        for (var droplet = first; droplet < first + droplets; droplet++)
        {
            await EnrolAsync(droplet, plan);
            foreach (var i in Enumerable.Range(0, old))
            {
                await CompleteAsync(plan, droplet, Now.AddDays(-9).AddHours(i));
            }

            foreach (var i in Enumerable.Range(0, young))
            {
                await CompleteAsync(plan, droplet, Now.AddHours(-1).AddMinutes(i));
            }
        }
    }

    public async Task<long> CompleteAsync(string plan, long droplet, DateTimeOffset at, long? sameImage = null)
    {
        var image = sameImage ?? ++_lastImage;
        var id = sameImage is null ? SnapshotIds.ForImage(image) : Guid.NewGuid();
        await AppendAsync(droplet, NewEvent.Of(id, new SnapshotDiscovered(id, droplet, "web", image, $"web-{image}", plan, 1, ["nyc3"], at, Now)));
        return image;
    }

    /// <summary>What was asked for is made.</summary>
    public Task FinishAsync(SnapshotRequested request)
    {
        var (id, droplet, at, image) = (request.SnapshotId, request.DropletId, request.RequestedAt, ++_lastImage);
        return AppendAsync(
            droplet,
            NewEvent.Of(id, new SnapshotAttempted(id, droplet, 1, at, at)),
            NewEvent.Of(id, new SnapshotStarted(id, droplet, image, at)),
            NewEvent.Of(id, new SnapshotCompleted(id, droplet, image, 1, ["nyc3"], at.AddSeconds(2), Now)));
    }

    public Task AppendAsync(long droplet, params NewEvent[] events) => _log.DecideAsync(droplet, _ => events, Ct);

    public async Task<IReadOnlyList<object>> DecideAsync(long droplet, Clearance clearance, bool mayRequest = false) =>
        [.. (await _log.DecideAsync(droplet, ledger => Planning.Decide(ledger, Now, mayRequest, clearance), Ct)).Select(e => e.Data)];

    public Task<IReadOnlyList<DropletLedger>> LedgersAsync() => _log.LoadLedgersAsync(null, Ct);

    public async Task<(Clearance Clearance, IReadOnlyList<BrakeApplied> Found)> CheckAsync() => Braking.Check(await LedgersAsync(), Now);

    public async Task<IReadOnlyList<object>> ApplyAsync(IReadOnlyList<BrakeApplied> found) =>
        [.. (await _log.DecideFleetAsync(facts => Braking.Apply(facts, found), Ct)).Select(e => e.Data)];

    public async Task<IReadOnlyList<BrakeInForce>> InForceAsync() => Braking.InForce(await LedgersAsync(), Now);

    public async Task<IReadOnlyList<ReleaseInForce>> ReleasesAsync() => Braking.ReleasesInForce(await LedgersAsync(), Now);

    /// <summary>An operator's release: of a plan, or of one droplet.</summary>
    public async Task ReleaseAsync(string plan = "p", long? droplet = null, DateTimeOffset? at = null)
    {
        var seen = (await InForceAsync()).First(b => b.Plan == plan && (droplet is null || b.DropletId == droplet));
        Assert.Single(droplet is { } id
            ? await _log.DecideAsync(id, ledger => Releasing.Droplet(ledger, seen, "ann", "looked", at ?? Now), Ct)
            : await _log.DecideFleetAsync(facts => Releasing.Plan(facts, seen, "ann", "looked", at ?? Now), Ct));
    }

    /// <summary>What the planner does each minute.</summary>
    public async Task<Round> RoundAsync(bool mayRequest = false)
    {
        var (clearance, found) = await CheckAsync();
        var events = (await ApplyAsync(found)).ToList();
        foreach (var ledger in await LedgersAsync())
        {
            events.AddRange(await DecideAsync(ledger.DropletId, clearance, mayRequest));
        }

        return new Round(events);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Time { get; set; } = World.Start;

        public override DateTimeOffset GetUtcNow() => Time;
    }
}

/// <summary>What came of one round.</summary>
internal sealed record Round(IReadOnlyList<object> Events)
{
    public IReadOnlyList<SnapshotExpired> Expired => [.. Events.OfType<SnapshotExpired>()];

    public IReadOnlyList<BrakeApplied> Brakes => [.. Events.OfType<BrakeApplied>()];

    public int Held => Events.Count(e => e is ExpiryHeld { Guard: Guard.Brake });
}
