using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Telemetry;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Planner;

/// <summary>Decides from the log alone, without a request to DigitalOcean.</summary>
public sealed class Decider
{
    /// <summary>What was read is read anew after this long, even if nothing seems to have happened.</summary>
    private static readonly TimeSpan ReadAnew = TimeSpan.FromMinutes(15);

    /// <summary>The server ends a session whose transaction stands still for a minute (<see cref="DoSnapshot.Hosting.Log.LogConnection"/>).</summary>
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromSeconds(75);

    private readonly IEventLog log;
    private readonly TimeProvider clock;
    private readonly PlannerOptions options;
    private readonly ILogger<Decider> logger;

    private IReadOnlyList<DropletLedger> fleet = [];
    private long readAt = -1;
    private bool settled;
    private bool hasBraked;
    private DateTimeOffset readSince;
    private DateTimeOffset headSince;

    /// <summary>A decider on this log.</summary>
    public Decider(IEventLog log, TimeProvider clock, PlannerOptions options, ILogger<Decider> logger)
    {
        this.log = log;
        this.clock = clock;
        this.options = options;
        this.logger = logger;
    }

    /// <summary>
    /// Decides for every droplet. First without locks on what was read last, then under its lock for each droplet that has something to decide.
    /// </summary>
    /// <returns>The fleet as it was read, for those who want to look at it too.</returns>
    public async Task<IReadOnlyList<DropletLedger>> DecideAllAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        hasBraked = false;
        var clearance = await CheckAsync(ct);
        var free = options.InFlightLimit - fleet.Sum(l => l.Snapshots.Count(s => IsAtWork(s, clock.GetUtcNow())));
        // What is decided and cannot be done within the hour is taken back as stale and decided anew: of thousands that are due at once, so many at a time.
        var mayGo = options.InFlightLimit - fleet.Sum(l => l.Snapshots.Count(s => IsGoing(s, clock.GetUtcNow())));
        foreach (var ledger in fleet)
        {
            try
            {
                var cleared = mayGo > 0 ? clearance : Clearance.Closed;
                if (Planning.Decide(ledger, clock.GetUtcNow(), free > 0, cleared).Count > 0)
                {
                    var events = await DecideAsync(ledger.DropletId, free > 0, cleared, ct);
                    hasBraked |= events.Any(e => e.Data is Contracts.BrakeApplied);
                    free -= events.Count(e => e.Data is Contracts.SnapshotRequested);
                    mayGo -= events.Count(e => e.Data is Contracts.SnapshotExpired);
                }
            }
#pragma warning disable CA1031 // Trouble with one droplet is not the others', nor the sweep's that follows.
            catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.DecisionFailedFor(ledger.DropletId, e);
            }
        }

        if (hasBraked)
        {
            // What was applied in this round is said in this round.
            await ReadAsync(ct);
        }

        SayBrakes();
        return fleet;
    }

    /// <summary>
    /// Decides for one droplet about which a fact arrived. New requests wait for the next round, which counts what is in flight, and so do expiries,
    /// since it checks each plan as a whole.
    /// </summary>
    public Task<IReadOnlyList<LoggedEvent>> DecideOneAsync(long dropletId, CancellationToken ct) =>
        DecideAsync(dropletId, mayRequest: false, Clearance.None, ct);

    /// <summary>When the log's last event is of, by whoever wrote it, as far as decisions go by it.</summary>
    public async Task<DateTimeOffset> NewestAsync(CancellationToken ct) => ClockWatch.NewestOf(await LookAsync(ct));

    /// <summary>The fleet as the log knows it, for those who decide nothing.</summary>
    public async Task<IReadOnlyList<DropletLedger>> LookAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        SayBrakes();
        return fleet;
    }

    /// <summary>The brakes that hold something back, as the last round found them.</summary>
    public IReadOnlyList<BrakeInForce> InForce { get; private set; } = [];

    /// <summary>The same, a sentence each.</summary>
    public IReadOnlyList<string> Brakes { get; private set; } = [];

    /// <summary>One that waits for its next try takes nobody's place: a hundred that are always refused would leave none for the others.</summary>
    private static bool IsAtWork(Snapshot s, DateTimeOffset now) => s.InFlight || (s.Phase is SnapshotPhase.Requested && !(s.RetryAt > now));

    private static bool IsGoing(Snapshot s, DateTimeOffset now) => s.Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning && !(s.RetryAt > now);

    /// <summary>Checks every plan as a whole before anything of it expires, and brakes those of which too much would go.</summary>
    private async Task<Clearance> CheckAsync(CancellationToken ct)
    {
        try
        {
            var (clearance, found) = Braking.Check(fleet, clock.GetUtcNow());
            if (found.Count > 0)
            {
                foreach (var e in await log.DecideFleetAsync(facts => Braking.Apply(facts, found), ct))
                {
                    logger.Decided(e.Data);
                }

                hasBraked = true;
            }

            return clearance;
        }
#pragma warning disable CA1031 // What was not checked does not expire; snapshots and transfers go on.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.CheckFailed(e);
            return Clearance.None;
        }
    }

    /// <summary>Says once which brakes are on, and again what is new.</summary>
    private void SayBrakes()
    {
        var before = Brakes;
        var inForce = Braking.InForce(fleet, clock.GetUtcNow());
        InForce = [.. inForce];
        Brakes = [.. inForce.Select(b => b.Describe())];
        foreach (var brake in inForce.Where(b => !before.Contains(b.Describe(), StringComparer.Ordinal)))
        {
            logger.BrakeIsOn(brake.Describe(), brake.Arguments);
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        // Places in the log are given out before they are committed, so that what lies before the head may come to light after it: it is read
        // again until the head has stood for longer than a transaction lives.
        var head = await log.HeadAsync(ct);
        var now = clock.GetUtcNow();
        if (head != readAt)
        {
            headSince = now;
        }

        if (head != readAt || !settled || now - readSince > ReadAnew)
        {
            fleet = await log.LoadLedgersAsync(null, ct);
            settled = head == readAt && now - headSince > LongestTransaction;
            readAt = head;
            readSince = now;
        }
    }

    private async Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, bool mayRequest, Clearance clearance, CancellationToken ct)
    {
        try
        {
            var events = await log.DecideAsync(dropletId, ledger => Planning.Decide(ledger, clock.GetUtcNow(), mayRequest, clearance), ct);
            foreach (var e in events)
            {
                using var subject = logger.BeginSubject(e.Data);
                logger.Decided(e.Data);
            }

            return events;
        }
        catch (LogConflictException e)
        {
            logger.Conflict(dropletId, e.Message);
            return [];
        }
    }
}
