using System.Globalization;
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
public sealed partial class InMemoryEventLog : IEventLog
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly Func<Guid> newId;
    private readonly List<LoggedEvent> events = [];
    private readonly Dictionary<string, List<LoggedEvent>> streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Snapshot> snapshots = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Snapshot> working = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Dictionary<string, Snapshot>> snapshotsOfDroplets = [];
    private readonly SortedDictionary<long, DropletFacts> droplets = [];
    private readonly Dictionary<string, PlanFacts> plans = new(StringComparer.Ordinal);
    private readonly Dictionary<long, KnownLedger> assembled = [];
    private AccountFacts? account;
    private AppliedPlans? applied;

    /// <summary>An empty log.</summary>
    /// <param name="clock">Says what ended lately.</param>
    /// <param name="newId">Gives the events their ids; random ones if not said.</param>
    public InMemoryEventLog(TimeProvider clock, Func<Guid>? newId = null)
    {
        this.clock = clock;
        this.newId = newId ?? Guid.NewGuid;
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
            var inNoPlan = snapshotsOfDroplets.Where(of => !droplets.ContainsKey(of.Key) && of.Value.Values.Any(s => Ledgers.Counts(s, now))).Select(of => of.Key);
            var ids = dropletIds?.Distinct() ?? droplets.Keys.Concat(inNoPlan).Order();
            return Task.FromResult<IReadOnlyList<DropletLedger>>([.. ids.Select(Ledger)]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<Snapshot>>([.. working.Values]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<long>>([.. droplets.Values.Where(d => d.OwesPower).Select(d => d.DropletId)]);
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
        if (decided.Count == 0)
        {
            return [];
        }

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
            var stream = CollectionsMarshal.GetValueRefOrAddDefault(streams, e.Stream, out _) ??= [];
            logged.Add(new LoggedEvent(newId(), events.Count + logged.Count + 1, e.Stream, stream.Count + 1, e.Data));
            stream.Add(logged[^1]);
        }

        events.AddRange(logged);
        foreach (var state in changed.Values)
        {
            Store(state);
        }

        return logged;
    }

    private object? State(string stream) => stream.Split('/') switch
    {
        ["snapshot", ..] => snapshots.GetValueOrDefault(stream),
        ["droplet", var id] => long.TryParse(id, CultureInfo.InvariantCulture, out var dropletId) ? droplets.GetValueOrDefault(dropletId) : null,
        ["plan", ..] => plans.Values.FirstOrDefault(p => string.Equals(p.Id, stream, StringComparison.Ordinal)),
        [Streams.Plans] => applied,
        _ => account,
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
                (CollectionsMarshal.GetValueRefOrAddDefault(snapshotsOfDroplets, s.DropletId, out _) ??= new(StringComparer.Ordinal))[s.Id] = s;
                assembled.Remove(s.DropletId);
                if (s.Working)
                {
                    working[s.Id] = s;
                }
                else
                {
                    working.Remove(s.Id);
                }

                break;
            case DropletFacts d:
                droplets[d.DropletId] = d;
                assembled.Remove(d.DropletId);
                break;
            case PlanFacts p:
                plans[p.Name] = p;
                assembled.Clear();
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

    /// <summary>What was put together last serves until something happens to the droplet or to a plan, or what ended lately did not so lately any more.</summary>
    private DropletLedger Ledger(long dropletId)
    {
        var now = clock.GetUtcNow();
        if (assembled.TryGetValue(dropletId, out var known) && known.Since <= now && now < known.Until)
        {
            return known.Ledger;
        }

        var droplet = droplets.GetValueOrDefault(dropletId);
        var plan = droplet?.Plan is { } name ? plans.GetValueOrDefault(name) : null;
        IReadOnlyCollection<Snapshot> own = snapshotsOfDroplets.TryGetValue(dropletId, out var all) ? all.Values : [];
        var last = own.Where(s => s.Scheduled).MaxBy(s => s.RequestedAt);
        var belonging = own.Where(s => ReferenceEquals(s, last) || Ledgers.Belongs(s, now)).ToList();
        var ledger = Ledgers.Build(dropletId, droplet, plan, belonging, plans);
        var until = belonging.Where(s => !ReferenceEquals(s, last)).Select(Ledgers.BelongsUntil).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        assembled[dropletId] = new KnownLedger(ledger, now, until);
        return ledger;
    }

    private FleetFacts Facts() => new(account, [.. plans.Values.OrderBy(p => p.Name, StringComparer.Ordinal)], applied);

    /// <summary>A ledger, and from when until when it says what belongs into it.</summary>
    private sealed record KnownLedger(DropletLedger Ledger, DateTimeOffset Since, DateTimeOffset Until);
}
