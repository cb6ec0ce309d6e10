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
/// plan. Of those that were in one and are missing from two looks it asks one by one, and notes which are destroyed; one that was noted and is there after all is
/// noted, too. A request for each page of all droplets, and one for each that is asked for.
/// </summary>
public sealed class UncoveredWatch
{
    /// <summary>So many are named; more have one cause, and the first say it.</summary>
    public const int MostNamed = 500;

    /// <summary>So many are asked for in one look; the next are in the next.</summary>
    public const int MostAsked = 50;

    /// <summary>DigitalOcean's own tag of a Kubernetes cluster's nodes, which come and go and are not snapshotted.</summary>
    private const string KubernetesNode = "k8s";

    private static readonly TimeSpan LooksEvery = TimeSpan.FromHours(1);

    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;
    private readonly LifecycleTimings timings;
    private readonly ILogger<UncoveredWatch> logger;

    /// <summary>How those that are in no plan left the last one, by how long their streams were: they are read again when they have grown.</summary>
    private readonly Dictionary<long, (long Version, DropletWithdrawn? How)> left = [];

    /// <summary>Those that the last look of this lead missed and the log does not know to be destroyed.</summary>
    private HashSet<long> missing = [];
    private long? lookedAt;

    /// <summary>A watch over these ports.</summary>
    public UncoveredWatch(IEventLog log, IDigitalOcean api, TimeProvider clock, LifecycleTimings timings, ILogger<UncoveredWatch> logger)
    {
        (this.log, this.api, this.clock, this.timings, this.logger) = (log, api, clock, timings, logger);
    }

    /// <summary>What an earlier lead missed may have been there since: it is missing from two looks of this lead, or not at all.</summary>
    public void BeginLead() => missing = [];

    /// <summary>Looks, if it is time to. Nothing that is decided hangs on it: a list that failed is said and tried again with the next comparison.</summary>
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

        HashSet<long> there = [];
        if (await TryAsync(async () => there = await ListAsync(roster, claims, ledgers, ct), logger.DropletsNotListed, ct))
        {
            lookedAt = clock.GetTimestamp();
            await TryAsync(() => NoteAsync(ledgers, there, ct), logger.DropletsNotAskedFor, ct);
        }
    }

    /// <summary>False where it went wrong, which is said.</summary>
    private static async Task<bool> TryAsync(Func<Task> step, Action<string> say, CancellationToken ct)
    {
        try
        {
            await step();
            return true;
        }
#pragma warning disable CA1031 // Whatever it was, what was compared stands.
        catch (Exception e) when (e is not ClockSkewException && !ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            say((e is AggregateException { InnerExceptions: [var first, ..] } ? first : e).Message);
            return false;
        }
    }

    /// <summary>Writes which are covered by no plan, and gives all that are there.</summary>
    private async Task<HashSet<long>> ListAsync(Roster roster, IReadOnlyList<Claim> claims, IReadOnlyList<DropletLedger> ledgers, CancellationToken ct)
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
        return there;
    }

    /// <summary>
    /// Notes which of those that left their plans are destroyed since, and which are there after all. A listing says neither: its pages can skip one, and it can
    /// name one a while longer than there is one. Each is asked for, and what is to be destroyed is missing from two.
    /// </summary>
    private async Task NoteAsync(IReadOnlyList<DropletLedger> ledgers, HashSet<long> there, CancellationToken ct)
    {
        var outside = ledgers.Where(l => l.Droplet is { Plan: null }).ToDictionary(l => l.DropletId);
        await ReadLeavingAsync(outside, ct);
        var back = outside.Keys.Where(id => there.Contains(id) && IsNoted(id)).ToList();
        var absent = outside.Keys.Where(id => !there.Contains(id) && !IsNoted(id) && left[id].How is not null).ToHashSet();
        var again = absent.Where(missing.Contains).ToList();
        missing = absent;
        await Each.RunAsync(
            [.. back.Concat(again).Take(MostAsked)],
            async id =>
            {
                var isThere = await api.FindDropletAsync(id, RequestPurpose.Reconciliation, ct) is not null;
                if (isThere == IsNoted(id))
                {
                    await log.DecideAsync(id, ledger => Reconciliation.LeaveAgain(ledger, left[id].How!.Plan, isThere, Now()), ct);
                }
            },
            ct);
    }

    private async Task ReadLeavingAsync(Dictionary<long, DropletLedger> outside, CancellationToken ct)
    {
        foreach (var id in left.Keys.Where(id => !outside.ContainsKey(id)).ToList())
        {
            left.Remove(id);
        }

        List<DropletLedger> unread = [.. outside.Values.Where(l => !left.TryGetValue(l.DropletId, out var known) || known.Version != l.Droplet!.Version)];
        if (unread.Count == 0)
        {
            return;
        }

        // The last word counts: one that a plan has taken meanwhile has not left.
        var last = (await log.ReadStreamsAsync([.. unread.Select(l => l.Droplet!.Id)], ct)).Where(e => e.Data is DropletEnrolled or DropletWithdrawn)
            .GroupBy(e => e.Stream, StringComparer.Ordinal).ToDictionary(of => of.Key, of => of.Last().Data as DropletWithdrawn, StringComparer.Ordinal);
        foreach (var droplet in unread.Select(l => l.Droplet!))
        {
            left[droplet.DropletId] = (droplet.Version, last.GetValueOrDefault(droplet.Id));
        }
    }

    /// <summary>Whether the log has it that the droplet is destroyed.</summary>
    private bool IsNoted(long id) => string.Equals(left[id].How?.Reason, Reconciliation.DropletIsNoMore, StringComparison.Ordinal);

    private DateTimeOffset Now()
    {
        ClockSkewException.ThrowIf(api.ClockOffset, timings.ClockSkew);
        return clock.GetUtcNow();
    }
}
