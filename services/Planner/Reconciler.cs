using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Planner;

/// <summary>
/// Compares the log with DigitalOcean and appends what differs. It reads the account, the tagged droplets and all droplet snapshots, every
/// page: requests do not grow with the number of droplets but with the pages.
/// </summary>
public sealed class Reconciler
{
    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly PlanSettings settings;
    private readonly TimeProvider clock;
    private readonly ILogger<Reconciler> logger;

    /// <summary>Images that were missing from the last listing: missing once more, they are asked for by id.</summary>
    private HashSet<long> missingBefore = [];

    /// <summary>A reconciler over these ports.</summary>
    public Reconciler(IEventLog log, IDigitalOcean api, PlanSettings settings, TimeProvider clock, ILogger<Reconciler> logger)
    {
        this.log = log;
        this.api = api;
        this.settings = settings;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>One comparison.</summary>
    /// <exception cref="AccountMismatchException">The token is another account's than the log's; nothing was compared.</exception>
    /// <exception cref="DigitalOceanException">A listing failed; nothing is concluded from half a listing.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        await BindAccountAsync(ct);
        // Read before the listings: what the log learns meanwhile is not taken for missing.
        var ledgers = await log.LoadLedgersAsync(null, ct);
        var droplets = await api.ListDropletsAsync(settings.Tag.Trim(), ct);
        var snapshots = (await api.ListSnapshotsAsync(ct)).Select(s => s.Observed()).ToList();

        var gone = await FindGoneAsync(ledgers, snapshots, ct);
        var plan = (await log.LoadFleetFactsAsync(ct)).Plans.First(p => string.Equals(p.Name, settings.Name, StringComparison.Ordinal));
        var known = ledgers.ToDictionary(l => l.DropletId);
        var byDroplet = snapshots.ToLookup(s => s.DropletId ?? 0);
        foreach (var droplet in droplets)
        {
            var seen = new ObservedDroplet(droplet.Id, droplet.Name);
            var listed = byDroplet[droplet.Id].ToList();
            await DecideAsync(known.GetValueOrDefault(droplet.Id), seen, listed, gone, plan, ct);
        }

        await WithdrawAsync(ledgers, [.. droplets.Select(d => d.Id)], ct);
        logger.Reconciled(droplets.Count, snapshots.Count);
    }

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
        DropletLedger? ledger, ObservedDroplet droplet, IReadOnlyList<ObservedSnapshot> listed, HashSet<long> gone, PlanFacts plan, CancellationToken ct)
    {
        if (ledger is not null && Reconciliation.Decide(ledger, plan, droplet, listed, gone, clock.GetUtcNow()).Count == 0)
        {
            return;
        }

        try
        {
            await log.DecideAsync(
                droplet.DropletId, now => Reconciliation.Decide(now, plan, droplet, listed, gone, clock.GetUtcNow()), ct);
        }
        catch (LogConflictException e)
        {
            logger.Conflict(droplet.DropletId, e.Message);
        }
    }

    /// <summary>Images that are missing for the second time and answer 404 on their own address.</summary>
    private async Task<HashSet<long>> FindGoneAsync(IReadOnlyList<DropletLedger> ledgers, List<ObservedSnapshot> listed, CancellationToken ct)
    {
        var there = listed.Select(s => s.ImageId).ToHashSet();
        var missing = ledgers
            .Where(l => l.Plan is not null)
            .SelectMany(l => l.Snapshots)
            .Where(s => s is { Phase: SnapshotPhase.Complete or SnapshotPhase.Expired, ImageId: not null } && !there.Contains(s.ImageId.Value))
            .Select(s => s.ImageId!.Value)
            .ToHashSet();
        var gone = new HashSet<long>();
        foreach (var image in missing.Where(missingBefore.Contains))
        {
            if (await api.FindSnapshotAsync(image, ct) is null)
            {
                gone.Add(image);
            }
        }

        missingBefore = missing;
        return gone;
    }

    /// <summary>Lets go the droplets that were in the plan and are not listed any more, after a look at each: pages can skip one.</summary>
    private async Task WithdrawAsync(IReadOnlyList<DropletLedger> ledgers, HashSet<long> listed, CancellationToken ct)
    {
        foreach (var ledger in ledgers.Where(l => string.Equals(l.Plan?.Name, settings.Name, StringComparison.Ordinal) && !listed.Contains(l.DropletId)))
        {
            var droplet = await api.FindDropletAsync(ledger.DropletId, ct);
            if (droplet?.Tags.Contains(settings.Tag.Trim(), StringComparer.OrdinalIgnoreCase) == true)
            {
                continue;
            }

            var reason = droplet is null ? "the droplet is no more" : $"the droplet no longer has the tag '{settings.Tag.Trim()}'";
            await log.DecideAsync(ledger.DropletId, now => Reconciliation.Withdraw(now, reason, clock.GetUtcNow()), ct);
        }
    }
}

/// <summary>
/// The token belongs to another account than the log. To that account every snapshot of this one would look deleted, so nothing is done.
/// </summary>
public sealed class AccountMismatchException : Exception
{
    /// <summary>A mismatch of these two.</summary>
    public AccountMismatchException(string bound, string found)
        : base($"The log belongs to DigitalOcean account {bound}, and the token to {found}: nothing is done until the setting DO_TOKEN (or DigitalOcean:Token) names the right one.")
    {
    }
}
