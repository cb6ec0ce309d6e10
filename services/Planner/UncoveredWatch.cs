using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Planner;

/// <summary>
/// Looks now and then which droplets no plan covers, and writes into the log when there are others than before: those with tags, as somebody sorts them, and
/// those that were in a plan. A request for each page of all droplets.
/// </summary>
public sealed class UncoveredWatch
{
    /// <summary>So many are named; more have one cause, and the first say it.</summary>
    public const int MostNamed = 500;

    /// <summary>DigitalOcean's own tag of a Kubernetes cluster's nodes, which come and go and are not snapshotted.</summary>
    private const string KubernetesNode = "k8s";

    private static readonly TimeSpan LooksEvery = TimeSpan.FromHours(1);

    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;
    private readonly ILogger<UncoveredWatch> logger;
    private long? lookedAt;

    /// <summary>A watch over these ports.</summary>
    public UncoveredWatch(IEventLog log, IDigitalOcean api, TimeProvider clock, ILogger<UncoveredWatch> logger)
    {
        (this.log, this.api, this.clock, this.logger) = (log, api, clock, logger);
    }

    /// <summary>Looks, if it is time to. Nothing that is decided hangs on it: where the droplets cannot be listed, that is said and tried again with the next comparison.</summary>
    /// <param name="roster">The plans.</param>
    /// <param name="claims">The droplets that they claim.</param>
    /// <param name="ledgers">What the log knows.</param>
    /// <param name="ct">Ends it.</param>
    internal async Task RunAsync(Roster roster, IReadOnlyList<Claim> claims, IReadOnlyList<DropletLedger> ledgers, CancellationToken ct)
    {
        if (lookedAt is { } last && clock.GetElapsedTime(last) < LooksEvery)
        {
            return;
        }

        IReadOnlyList<Droplet> all;
        try
        {
            all = await api.ListAllDropletsAsync(ct);
        }
        catch (DigitalOceanException e)
        {
            logger.DropletsNotListed(e.Message);
            return;
        }

        var claimed = claims.Select(c => c.Droplet.Id).ToHashSet();
        var known = ledgers.Where(l => l.Droplet is not null).Select(l => l.DropletId).ToHashSet();
        List<UncoveredDroplet> uncovered =
        [
            .. all.Where(d => !claimed.Contains(d.Id) && (d.Tags.Count > 0 || known.Contains(d.Id)) && !d.Tags.Contains(KubernetesNode, StringComparer.Ordinal) && !roster.KeepsOut(d))
                .OrderByDescending(d => known.Contains(d.Id)).ThenBy(d => d.Id)
                .Select(d => new UncoveredDroplet(d.Id, d.Name, [.. d.Tags.Order(StringComparer.Ordinal)])),
        ];
        var seen = new DropletsUncovered([.. uncovered.Take(MostNamed)], Math.Max(0, uncovered.Count - MostNamed), clock.GetUtcNow());
        await log.DecideFleetAsync(
            fleet => fleet.Account is not { } account || SaysTheSame(account.Uncovered, seen) ? [] : [new NewEvent(Streams.Account, seen)],
            ct);
        lookedAt = clock.GetTimestamp();
    }

    /// <summary>That every droplet is covered is not news where nobody was told otherwise.</summary>
    private static bool SaysTheSame(DropletsUncovered? before, DropletsUncovered now) =>
        (before?.LeftOut ?? 0) == now.LeftOut
        && (before?.Droplets ?? []).SequenceEqual(now.Droplets, Same.Droplet);

    private sealed class Same : IEqualityComparer<UncoveredDroplet>
    {
        public static readonly Same Droplet = new();

        public bool Equals(UncoveredDroplet? x, UncoveredDroplet? y) =>
            x?.DropletId == y?.DropletId && string.Equals(x?.Name, y?.Name, StringComparison.Ordinal) && (x?.Tags ?? []).SequenceEqual(y?.Tags ?? [], StringComparer.Ordinal);

        public int GetHashCode(UncoveredDroplet obj) => obj.DropletId.GetHashCode();
    }
}
