using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Planner;

/// <summary>
/// Compares the log with DigitalOcean and appends what differs. It reads the account, the droplets of each plan's tag and all droplet
/// snapshots, every page: requests do not grow with the number of droplets but with the pages.
/// </summary>
public sealed class Reconciler
{
    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly RegionCheck regions;
    private readonly TimeProvider clock;
    private readonly LifecycleTimings timings;
    private readonly ILogger<Reconciler> logger;
    private readonly Random? random;
    private readonly UncoveredWatch? uncovered;

    /// <summary>Images that are missing from the listings, and since when: missing for long enough, they are asked for by id.</summary>
    private Dictionary<long, DateTimeOffset> missingSince = [];

    /// <summary>What the last comparison went by, until it was looked for droplets in no plan.</summary>
    private ComparedWith? compared;

    /// <summary>What an earlier lead missed may have been there since: it is missing from two comparisons of this lead, or not at all.</summary>
    public void BeginLead()
    {
        missingSince = [];
        uncovered?.BeginLead();
    }

    /// <summary>What the last comparison found listed, whosever it is.</summary>
    public IReadOnlyList<ObservedSnapshot> Listed { get; private set; } = [];

    /// <summary>Whether the last comparison missed images that were not missing for long enough yet to be asked for.</summary>
    public bool HasMissing => missingSince.Count > 0;

    /// <summary>
    /// A reconciler over these ports; the configured plans are for messages, since what counts are the log's. <paramref name="random"/> says where a
    /// round starts. <paramref name="uncovered"/> looks for droplets in no plan, after a comparison; nobody does where it is null.
    /// </summary>
    public Reconciler(
        IEventLog log,
        IDigitalOcean api,
        ConfiguredPlans configured,
        TimeProvider clock,
        LifecycleTimings timings,
        ILogger<Reconciler> logger,
        Random? random = null,
        UncoveredWatch? uncovered = null)
    {
        this.log = log;
        this.api = api;
        regions = new RegionCheck(api, configured);
        this.clock = clock;
        this.timings = timings;
        this.logger = logger;
        this.random = random;
        this.uncovered = uncovered;
    }

    /// <summary>The droplets with the tags of several plans that the last comparison found, a sentence each.</summary>
    public IReadOnlyList<string> Overlaps { get; private set; } = [];

    /// <summary>One comparison.</summary>
    /// <exception cref="AccountMismatchException">The token is another account's than the log's; nothing was compared.</exception>
    /// <exception cref="ClockSkewException">This machine's clock is wrong; nothing was compared.</exception>
    /// <exception cref="UnknownRegionException">A plan wants a region that there is not; nothing was compared.</exception>
    /// <exception cref="DigitalOceanException">A listing failed; nothing is concluded from half a listing.</exception>
    /// <exception cref="AggregateException">All was compared but for what these are about.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        compared = null;
        await BindAccountAsync(ct);
        ClockSkewException.ThrowIf(api.ClockOffset, timings.ClockSkew);
        var roster = new Roster(await log.LoadFleetFactsAsync(ct));
        await regions.RunAsync(roster.Plans, ct);
        // Read before the listings: what the log learns meanwhile is not taken for missing.
        var ledgers = await log.LoadLedgersAsync(null, ct);
        var claims = await roster.ListAsync(api, ct);
        var snapshots = (await api.ListSnapshotsAsync(ct)).Select(s => s.Observed()).ToList();
        Listed = snapshots;
        logger.Reconciled(claims.Count, snapshots.Count);
        SayOverlaps(claims);

        var failures = new List<Exception>();
        var gone = new HashSet<long>();
        var byDroplet = snapshots.ToLookup(s => s.DropletId ?? 0);
        var claimed = claims.Select(c => c.Droplet.Id).ToHashSet();
        await PartAsync(() => FindGoneAsync(ledgers, snapshots, gone, ct), failures);
        await PartAsync(() => CompareClaimedAsync(claims, ledgers, byDroplet, gone, ct), failures);
        await PartAsync(() => WithdrawAsync(ledgers, claimed.Contains, roster, ct), failures);
        await PartAsync(() => CompareOthersAsync([.. ledgers.Where(l => !claimed.Contains(l.DropletId))], byDroplet, gone, ct), failures);
        // What was right at the beginning may have jumped since: it is what the next decisions go by.
        ClockSkewException.ThrowIf(api.ClockOffset, timings.ClockSkew);
        compared = uncovered is null ? null : new ComparedWith(roster, claims, ledgers);
        if (failures.Count > 0)
        {
            throw new AggregateException(failures).Flatten();
        }
    }

    /// <summary>
    /// Looks which droplets no plan covers, if it is time to, as the last comparison found the plans. Nothing that is decided hangs on it, and it may take long.
    /// </summary>
    /// <exception cref="ClockSkewException">This machine's clock has turned out to be wrong meanwhile.</exception>
    public async Task LookForUncoveredAsync(CancellationToken ct)
    {
        // Another comparison may be under way by now.
        if (uncovered is null || Interlocked.Exchange(ref compared, null) is not { } last)
        {
            return;
        }

        await uncovered.RunAsync(last.Roster, last.Claims, last.Ledgers, ct);
        ClockSkewException.ThrowIf(api.ClockOffset, timings.ClockSkew);
    }

    /// <summary>Says once which droplets have the tags of several plans, and again what is new.</summary>
    private void SayOverlaps(IReadOnlyList<Claim> claims)
    {
        var before = Overlaps;
        Overlaps = [.. claims.Select(c => c.Overlap).OfType<string>()];
        foreach (var overlap in Overlaps.Except(before, StringComparer.Ordinal))
        {
            logger.PlansOverlap(overlap);
        }
    }

    /// <summary>One part of the comparison; trouble with single droplets or images is not the other parts'.</summary>
    private static async Task PartAsync(Func<Task> part, List<Exception> failures)
    {
        try
        {
            await part();
        }
        catch (AggregateException e)
        {
            failures.Add(e);
        }
    }

    private Task CompareClaimedAsync(
        IReadOnlyList<Claim> claims,
        IReadOnlyList<DropletLedger> ledgers,
        ILookup<long, ObservedSnapshot> byDroplet,
        HashSet<long> gone,
        CancellationToken ct)
    {
        var known = ledgers.ToDictionary(l => l.DropletId);
        return Each.RunAsync(
            claims,
            c => DecideAsync(
                c.Droplet.Id,
                known.GetValueOrDefault(c.Droplet.Id),
                ledger => Reconciliation.Decide(
                    ledger,
                    c.Plans,
                    new ObservedDroplet(c.Droplet.Id, c.Droplet.Name),
                    [.. byDroplet[c.Droplet.Id]],
                    gone,
                    clock.GetUtcNow(),
                    timings),
                ct),
            ct,
            random);
    }

    private Task CompareOthersAsync(
        IReadOnlyList<DropletLedger> others, ILookup<long, ObservedSnapshot> byDroplet, HashSet<long> gone, CancellationToken ct) => Each.RunAsync(
        others,
        l => DecideAsync(
            l.DropletId,
            l,
            ledger => Reconciliation.DecideUntagged(ledger, [.. byDroplet[l.DropletId]], gone, clock.GetUtcNow(), timings),
            ct),
        ct,
        random);

    private async Task BindAccountAsync(CancellationToken ct)
    {
        var account = await api.GetAccountAsync(ct);
        await log.DecideFleetAsync(
            fleet => fleet.Account is null
                ? [new NewEvent(Streams.Account, new AccountBound(account.Uuid, clock.GetUtcNow()))]
                : string.Equals(fleet.Account.Uuid, account.Uuid, StringComparison.Ordinal)
                    ? []
                    : throw new AccountMismatchException(fleet.Account.Uuid, account.Uuid),
            ct);
    }

    /// <summary>Decides first on what was read before, and takes the droplet's lock only when that gives something to write.</summary>
    private async Task DecideAsync(
        long dropletId, DropletLedger? ledger, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        if (ledger is not null && decide(ledger).Count == 0)
        {
            return;
        }

        try
        {
            await log.DecideAsync(dropletId, decide, ct);
        }
        catch (LogConflictException e)
        {
            logger.Conflict(dropletId, e.Message);
        }
    }

    /// <summary>
    /// Images that two listings lack, for longer than any list lags behind, and that answer 404 on their own address. What cannot be asked for is not
    /// gone.
    /// </summary>
    private async Task FindGoneAsync(
        IReadOnlyList<DropletLedger> ledgers, List<ObservedSnapshot> listed, HashSet<long> gone, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var there = listed.Select(s => s.ImageId).ToHashSet();
        missingSince = ledgers
            .SelectMany(l => l.Snapshots)
            .Where(s => s is { Phase: SnapshotPhase.Complete or SnapshotPhase.Expired, ImageId: not null } && !there.Contains(s.ImageId.Value))
            .Select(s => s.ImageId!.Value)
            .Distinct()
            .ToDictionary(image => image, image => missingSince.GetValueOrDefault(image, now));
        await Each.RunAsync(
            missingSince.Where(m => now - m.Value >= timings.AbsenceGrace).Select(m => m.Key),
            async image =>
            {
                if (await api.FindSnapshotAsync(image, RequestPurpose.Reconciliation, ct) is null)
                {
                    gone.Add(image);
                }
            },
            ct,
            random);
    }

    /// <summary>
    /// Lets go the droplets that were in a plan and are not listed any more, after a look at each: pages can skip one. What the plan still wants
    /// of such a droplet is given up; else it would be asked for, and counted as at work, for ever.
    /// </summary>
    private Task WithdrawAsync(IReadOnlyList<DropletLedger> ledgers, Func<long, bool> isClaimed, Roster roster, CancellationToken ct) => Each.RunAsync(
        ledgers.Where(l => !isClaimed(l.DropletId) && (l.Droplet?.Plan is not null || GivenUp(l, "", default).Any())),
        ledger => WithdrawAsync(ledger, roster, ct),
        ct,
        random);

    private async Task WithdrawAsync(DropletLedger ledger, Roster roster, CancellationToken ct)
    {
        if (await WhyItLeavesAsync(ledger, roster, ct) is { } reason)
        {
            await log.DecideAsync(
                ledger.DropletId,
                now => [.. Reconciliation.Withdraw(now, reason, clock.GetUtcNow()), .. GivenUp(now, reason, clock.GetUtcNow())],
                ct);
        }
    }

    /// <summary>Null for one that does not leave: the listing had skipped it.</summary>
    private async Task<string?> WhyItLeavesAsync(DropletLedger ledger, Roster roster, CancellationToken ct)
    {
        if (ledger.Droplet?.Plan is not { } name)
        {
            return "the droplet belongs to no plan";
        }

        if (roster.Find(name) is not { } plan)
        {
            return $"plan '{name}' is no more";
        }

        if (await api.FindDropletAsync(ledger.DropletId, ct) is not { } droplet)
        {
            return Reconciliation.DropletIsNoMore;
        }

        if (plan.OptsOut([.. droplet.Tags]))
        {
            return $"the droplet has the tag '{plan.OptOutTag}', which keeps it out of plan '{name}'";
        }

        return plan.Claims([.. droplet.Tags]) ? null : $"the droplet no longer has the tag '{plan.Tag}'";
    }

    /// <summary>Only what certainly is not at work is given up; what is in flight is followed to its end.</summary>
    private static IEnumerable<NewEvent> GivenUp(DropletLedger ledger, string reason, DateTimeOffset now) => ledger.Snapshots
        .Where(s => s.Phase is SnapshotPhase.Requested && s.Plan is not null)
        .Select(s => NewEvent.Of(s.SnapshotId, new SnapshotFailed(s.SnapshotId, s.DropletId, reason, Final: true, now)));
}
