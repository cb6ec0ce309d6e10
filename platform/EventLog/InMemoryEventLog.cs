using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.EventLog;

/// <summary>
/// A log that lives in memory and passes the same contract suite as the PostgreSQL one. Tests and simulations run the real decisions on it,
/// and so does the command that runs once and keeps nothing.
/// </summary>
public sealed class InMemoryEventLog : IEventLog
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly List<LoggedEvent> events = [];
    private readonly Dictionary<string, long> versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Snapshot> snapshots = new(StringComparer.Ordinal);
    private readonly Dictionary<long, HashSet<string>> streamsOfDroplets = [];
    private readonly Dictionary<string, DropletFacts> droplets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlanFacts> plans = new(StringComparer.Ordinal);
    private AccountFacts? account;
    private AppliedPlans? applied;

    /// <summary>An empty log.</summary>
    public InMemoryEventLog(TimeProvider clock)
    {
        this.clock = clock;
    }

    /// <summary>A log that knows what another one knows at this moment, to try out on what would follow. It has none of the other's events.</summary>
    public static async Task<InMemoryEventLog> CopyAsync(IEventLog log, TimeProvider clock, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(log);
        var copy = new InMemoryEventLog(clock);
        var facts = await log.LoadFleetFactsAsync(ct);
        var ledgers = await log.LoadLedgersAsync(null, ct);
        foreach (var state in (object?[])[facts.Account, .. facts.Plans, .. ledgers.Select(l => l.Droplet), .. ledgers.SelectMany(l => l.Snapshots)])
        {
            copy.Store(state);
        }

        return copy;
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(decide);
        ct.ThrowIfCancellationRequested();
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<LoggedEvent>>(Append(decide(Ledger(dropletId))));
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(decide);
        ct.ThrowIfCancellationRequested();
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<LoggedEvent>>(Append(decide(Facts())));
        }
    }

    /// <inheritdoc />
    public Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult(Facts());
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var ids = dropletIds
                ?? [.. droplets.Values.Select(d => d.DropletId).Union(snapshots.Values.Where(s => Ledgers.Counts(s, now)).Select(s => s.DropletId)).Order()];
            return Task.FromResult<IReadOnlyList<DropletLedger>>([.. ids.Distinct().Select(Ledger)]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<Snapshot>>([.. snapshots.Values.Where(s => s.Working).OrderBy(s => s.Id, StringComparer.Ordinal)]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<long>>([.. droplets.Values.Where(d => d.OwesPower).Select(d => d.DropletId).Order()]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<LoggedEvent>>(
                [.. events.Where(e => string.Equals(e.Stream, stream, StringComparison.Ordinal))]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<LoggedEvent>>([.. events.Skip((int)afterSequence).Take(limit)]);
        }
    }

    /// <inheritdoc />
    public Task<long> HeadAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult((long)events.Count);
        }
    }

    private List<LoggedEvent> Append(IReadOnlyList<NewEvent> decided)
    {
        // A store appends stream by stream; in the order of the decision within each.
        var newEvents = decided.GroupBy(e => e.Stream, StringComparer.Ordinal).SelectMany(g => g).ToList();
        // Folded on the side first: an event that cannot be folded leaves nothing behind.
        var changed = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var e in newEvents)
        {
            var state = changed.TryGetValue(e.Stream, out var pending) ? pending : State(e.Stream);
            changed[e.Stream] = Fold(state, e);
        }

        var logged = new List<LoggedEvent>(newEvents.Count);
        foreach (var e in newEvents)
        {
            var version = versions[e.Stream] = versions.GetValueOrDefault(e.Stream) + 1;
            logged.Add(new LoggedEvent(Guid.NewGuid(), events.Count + logged.Count + 1, e.Stream, version, e.Data));
        }

        events.AddRange(logged);
        foreach (var state in changed.Values)
        {
            Store(state);
        }

        return logged;
    }

    private object? State(string stream) =>
        snapshots.GetValueOrDefault(stream)
        ?? droplets.GetValueOrDefault(stream)
        ?? plans.Values.FirstOrDefault(p => string.Equals(p.Id, stream, StringComparison.Ordinal))
        ?? stream switch
        {
            Streams.Account => account,
            Streams.Plans => applied,
            _ => (object?)null,
        };

    private static object? Fold(object? state, NewEvent e) => e.Stream.Split('/')[0] switch
    {
        "snapshot" when state is Snapshot && e.Data is Contracts.SnapshotRequested =>
            throw new LogConflictException($"Stream {e.Stream} exists already."),
        "snapshot" => SnapshotEvolution.Evolve((Snapshot?)state, e.Stream, e.Data),
        "droplet" => DropletFacts.Evolve((DropletFacts?)state, e.Stream, e.Data),
        "plan" => PlanFacts.Evolve((PlanFacts?)state, e.Stream, e.Data),
        Streams.Plans => AppliedPlans.Evolve((AppliedPlans?)state, e.Stream, e.Data),
        _ => AccountFacts.Evolve((AccountFacts?)state, e.Stream, e.Data),
    };

    private void Store(object? state)
    {
        switch (state)
        {
            case Snapshot s:
                snapshots[s.Id] = s;
                (CollectionsMarshal.GetValueRefOrAddDefault(streamsOfDroplets, s.DropletId, out _) ??= new(StringComparer.Ordinal)).Add(s.Id);
                break;
            case DropletFacts d:
                droplets[d.Id] = d;
                break;
            case PlanFacts p:
                plans[p.Name] = p;
                break;
            case AccountFacts a:
                account = a;
                break;
            case AppliedPlans a:
                applied = a;
                break;
            default:
                break;
        }
    }

    private DropletLedger Ledger(long dropletId)
    {
        var droplet = droplets.GetValueOrDefault(Streams.OfDroplet(dropletId));
        var plan = droplet?.Plan is { } name ? plans.GetValueOrDefault(name) : null;
        var own = streamsOfDroplets.GetValueOrDefault(dropletId)?.Select(stream => snapshots[stream]).ToList() ?? [];
        var last = own.Where(s => s.Scheduled).MaxBy(s => s.RequestedAt);
        var now = clock.GetUtcNow();
        return Ledgers.Build(dropletId, droplet, plan, own.Where(s => Ledgers.Belongs(s, now) || s == last), plans);
    }

    private FleetFacts Facts() => new(account, [.. plans.Values.OrderBy(p => p.Name, StringComparer.Ordinal)], applied);
}
