using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Planner;

/// <summary>
/// Looks now and then which droplets no plan covers, and writes into the log when that is news: those with tags, as somebody sorts them, and those that were in a
/// plan. Of those that were in one and are listed no more it asks one by one, and notes which are destroyed. A request for each page of all droplets, and one for
/// each that left its plan and is not there.
/// </summary>
public sealed class UncoveredWatch
{
    /// <summary>So many are named; more have one cause, and the first say it.</summary>
    public const int MostNamed = 500;

    /// <summary>So many that are not listed are asked for in one look; the next are in the next.</summary>
    public const int MostAsked = 50;

    /// <summary>DigitalOcean's own tag of a Kubernetes cluster's nodes, which come and go and are not snapshotted.</summary>
    private const string KubernetesNode = "k8s";

    private static readonly TimeSpan LooksEvery = TimeSpan.FromHours(1);

    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;
    private readonly LifecycleTimings timings;
    private readonly ILogger<UncoveredWatch> logger;

    /// <summary>Those that the log knows to be destroyed, so that their streams are not read with every look.</summary>
    private readonly HashSet<long> gone = [];
    private long? lookedAt;

    /// <summary>A watch over these ports.</summary>
    public UncoveredWatch(IEventLog log, IDigitalOcean api, TimeProvider clock, LifecycleTimings timings, ILogger<UncoveredWatch> logger)
    {
        (this.log, this.api, this.clock, this.timings, this.logger) = (log, api, clock, timings, logger);
    }

    /// <summary>Looks, if it is time to. Nothing that is decided hangs on it: what goes wrong is said and tried again with the next comparison.</summary>
    /// <param name="roster">The plans.</param>
    /// <param name="claims">The droplets that they claim.</param>
    /// <param name="ledgers">What the log knows.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ClockSkewException">This machine's clock has turned out to be wrong meanwhile.</exception>
    internal async Task RunAsync(Roster roster, IReadOnlyList<Claim> claims, IReadOnlyList<DropletLedger> ledgers, CancellationToken ct)
    {
        if (lookedAt is { } last && clock.GetElapsedTime(last) < LooksEvery)
        {
            return;
        }

        try
        {
            await LookAsync(roster, claims, ledgers, ct);
            lookedAt = clock.GetTimestamp();
        }
#pragma warning disable CA1031 // Whatever it was, what was compared stands.
        catch (Exception e) when (e is not ClockSkewException && !ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.DropletsNotListed((e is AggregateException { InnerExceptions: [var first, ..] } ? first : e).Message);
        }
    }

    private async Task LookAsync(Roster roster, IReadOnlyList<Claim> claims, IReadOnlyList<DropletLedger> ledgers, CancellationToken ct)
    {
        var all = await api.ListAllDropletsAsync(ct);
        var claimed = claims.Select(c => c.Droplet.Id).ToHashSet();
        var there = all.Select(d => d.Id).ToHashSet();
        var known = ledgers.Where(l => l.Droplet is not null).Select(l => l.DropletId).ToHashSet();
        List<UncoveredDroplet> uncovered =
        [
            // One that came since the claims were listed is claimed by its tags.
            .. all.Where(d => !claimed.Contains(d.Id) && !roster.Claims(d) && !roster.KeepsOut(d))
                .Where(d => (d.Tags.Count > 0 || known.Contains(d.Id)) && !d.Tags.Contains(KubernetesNode, StringComparer.Ordinal))
                .OrderByDescending(d => known.Contains(d.Id)).ThenBy(d => d.Id)
                .Select(d => new UncoveredDroplet(d.Id, d.Name, [.. d.Tags.Order(StringComparer.Ordinal)])),
        ];
        var seen = new DropletsUncovered([.. uncovered.Take(MostNamed)], Math.Max(0, uncovered.Count - MostNamed), Now());
        await log.DecideFleetAsync(
            fleet => fleet.Account is { } account && UncoveredNews.AreWorthAnEvent(account.Uncovered, seen, there, known) ? [new NewEvent(Streams.Account, seen)] : [],
            ct);
        there.UnionWith(claimed);
        await NoteGoneAsync(ledgers, there, ct);
    }

    /// <summary>
    /// Notes which of those that left their plans are destroyed since. That a listing lacks one says nothing: pages can skip one. Each is asked for.
    /// </summary>
    private async Task NoteGoneAsync(IReadOnlyList<DropletLedger> ledgers, HashSet<long> there, CancellationToken ct)
    {
        gone.ExceptWith(there);
        var absent = ledgers.Where(l => l.Droplet is { Plan: null }).Select(l => l.DropletId).Where(id => !there.Contains(id) && !gone.Contains(id)).ToList();
        if (absent.Count == 0)
        {
            return;
        }

        var left = (await log.ReadStreamsAsync([.. absent.Select(Streams.OfDroplet)], ct)).Select(e => e.Data).OfType<DropletWithdrawn>()
            .GroupBy(w => w.DropletId).Select(of => of.Last()).ToList();
        gone.UnionWith(left.Where(w => string.Equals(w.Reason, Reconciliation.DropletIsNoMore, StringComparison.Ordinal)).Select(w => w.DropletId));
        await Each.RunAsync(
            left.Where(w => !gone.Contains(w.DropletId)).Take(MostAsked),
            async w =>
            {
                if (await api.FindDropletAsync(w.DropletId, ct) is null)
                {
                    await log.DecideAsync(w.DropletId, ledger => Reconciliation.Destroyed(ledger, w.Plan, Now()), ct);
                    gone.Add(w.DropletId);
                }
            },
            ct);
    }

    private DateTimeOffset Now()
    {
        ClockSkewException.ThrowIf(api.ClockOffset, timings.ClockSkew);
        return clock.GetUtcNow();
    }
}
