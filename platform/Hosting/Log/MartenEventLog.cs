using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using JasperFx.Events;
using Marten;
using Marten.Linq.MatchesSql;
using Npgsql;

namespace DoSnapshot.Hosting.Log;

/// <summary>The log in PostgreSQL, kept by Marten.</summary>
public sealed class MartenEventLog : IEventLog
{
    /// <summary>The last scheduled snapshot of each droplet: one look into an index for each, however many it has had.</summary>
    private const string IsLastScheduled =
        $"""
        d.id in (
            select last.id from unnest(?) as asked(droplet_id)
            cross join lateral (
                select s.id from {LogStore.Schema}.mt_doc_snapshot s
                where s.droplet_id = asked.droplet_id and s.scheduled
                order by s.requested_at desc limit 1) last)
        """;

    /// <summary>The streams are found first: an index leads to each one's events, however long the log is.</summary>
    private const string IsOfDroplet =
        $"d.stream_id = any(array(select s.id from {LogStore.Schema}.mt_doc_snapshot s where s.droplet_id = ? union all select ?))";

    /// <summary>Of each droplet an index leads to its own, those that ended long ago among them.</summary>
    private const string IsRequestedSince =
        $"""
        d.id in (
            select s.id from unnest(?, ?) as asked(droplet_id, since)
            join {LogStore.Schema}.mt_doc_snapshot s on s.droplet_id = asked.droplet_id and s.requested_at >= asked.since)
        """;

    private const string HasIdBetween = $"{LogStore.SnapshotIdOfDocument} between ? and ?";

    private readonly IDocumentStore store;
    private readonly TimeProvider clock;
    private readonly KnownFleet? known;

    /// <summary>The log in this store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="clock">Says what ended lately.</param>
    /// <param name="known">Keeps the fleet between two questions; null where each is read from the beginning.</param>
    public MartenEventLog(IDocumentStore store, TimeProvider clock, KnownFleet? known = null)
    {
        this.store = store;
        this.clock = clock;
        this.known = known;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(decide);
        await using var session = await LogLock.TakeAsync(store, Streams.OfDroplet(dropletId), ct);
        var ledger = (await LedgersAsync(session, [dropletId], ct))[0];
        var events = decide(ledger);
        return events.Count == 0 ? [] : await AppendAsync(session, events, ledger, ct);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(
        Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(decide);
        await using var session = await LogLock.TakeAsync(store, LogLock.Fleet, ct);
        var events = decide(await FactsAsync(session, ct));
        return events.Count == 0 ? [] : await AppendAsync(session, events, null, ct);
    }

    /// <inheritdoc />
    public async Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await FactsAsync(session, ct);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await LedgersAsync(session, dropletIds?.Distinct().ToArray(), ct);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Query<Snapshot>().Where(s => s.Working).OrderBy(s => s.Id).ToListAsync(ct);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Query<DropletFacts>().Where(d => d.OwesPower).OrderBy(d => d.DropletId).Select(d => d.DropletId).ToListAsync(ct);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return [.. (await session.Events.FetchStreamAsync(stream, token: ct)).Select(Logged)];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LoggedEvent>> ReadDropletAsync(long dropletId, int last, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var events = await session.Events.QueryAllRawEvents()
            .Where(e => e.MatchesSql(IsOfDroplet, dropletId, Streams.OfDroplet(dropletId)))
            .OrderByDescending(e => e.Sequence)
            .Take(last)
            .ToListAsync(ct);
        return [.. events.Reverse().Select(Logged)];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LoggedEvent>> ReadStreamsAsync(IReadOnlyCollection<string> streams, CancellationToken ct)
    {
        string[] keys = [.. streams.Distinct(StringComparer.Ordinal)];
        await using var session = store.QuerySession();
        var events = await session.Events.QueryAllRawEvents().Where(e => e.MatchesSql("d.stream_id = any(?)", (object)keys)).OrderBy(e => e.Sequence).ToListAsync(ct);
        return [.. events.Select(Logged)];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Snapshot>> FindRequestedAsync(IReadOnlyDictionary<long, DateTimeOffset> since, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(since);
        long[] ids = [.. since.Keys];
        DateTimeOffset[] moments = [.. ids.Select(id => since[id].ToUniversalTime())];
        await using var session = store.QuerySession();
        return await session.Query<Snapshot>().Where(s => s.MatchesSql(IsRequestedSince, ids, moments)).ToListAsync(ct);
    }

    /// <inheritdoc />
    public async Task<LogNames> FindNamesAsync(IReadOnlyCollection<Guid> snapshots, IReadOnlyCollection<long> droplets, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        string[] keys = [.. snapshots.Distinct().Select(Streams.OfSnapshot)];
        string[] ofDroplets = [.. droplets.Distinct().Select(Streams.OfDroplet)];
        // Not the whole documents: an answer may be about hundreds.
        var found = await session.Query<Snapshot>().Where(s => s.MatchesSql("d.id = any(?)", (object)keys)).Select(s => new { s.SnapshotId, s.Name, s.DropletId, s.DropletName }).ToListAsync(ct);
        var named = await session.Query<DropletFacts>().Where(d => d.MatchesSql("d.id = any(?)", (object)ofDroplets)).Select(d => new { d.DropletId, d.Name }).ToListAsync(ct);
        return LogNames.Of(found.Select(s => (s.SnapshotId, s.Name, s.DropletId, s.DropletName)), named.Select(d => (d.DropletId, d.Name)));
    }

    /// <inheritdoc />
    public async Task<FoundSubjects> FindAsync(string text, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(text);
        await using var session = store.QuerySession();
        // One question each, as an index answers it, and all on one way.
        var batch = session.CreateBatchQuery();
        var named = batch.Query<DropletFacts>().Where(d => d.Name == text).Take(FoundSubjects.Most).ToList();
        List<Task<IReadOnlyList<Snapshot>>> asked = [batch.Query<Snapshot>().Where(s => s.Name == text).Take(FoundSubjects.Most).ToList()];
        var number = FoundSubjects.Number(text);
        Task<DropletFacts?>? itself = null;
        Task<bool>? hasSnapshots = null;
        if (number is { } id)
        {
            asked.Add(batch.Query<Snapshot>().Where(s => s.ImageId == id).Take(FoundSubjects.Most).ToList());
            itself = batch.Load<DropletFacts>(Streams.OfDroplet(id));
            hasSnapshots = batch.Query<Snapshot>().Where(s => s.DropletId == id).Any();
        }

        if (FoundSubjects.IdsFrom(text) is var (first, end))
        {
            asked.Add(batch.Query<Snapshot>().Where(s => s.MatchesSql(HasIdBetween, first, end)).Take(FoundSubjects.Most).ToList());
        }

        await batch.Execute(ct);
        var droplets = (await named).Select(d => new FoundDroplet(d.DropletId, d.Name)).ToList();
        if (number is { } of && (await itself! is not null || await hasSnapshots!))
        {
            droplets.Add(new FoundDroplet(of, (await itself!)?.Name));
        }

        return FoundSubjects.Of(droplets, [.. (await Task.WhenAll(asked)).SelectMany(found => found)]);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var events = await session.Events.QueryAllRawEvents()
            .Where(e => e.Sequence > afterSequence && e.StreamKey != LogStore.FillerStream)
            .OrderBy(e => e.Sequence)
            .Take(limit)
            .ToListAsync(ct);
        return [.. events.Select(Logged)];
    }

    /// <inheritdoc />
    public async Task<long> HeadAsync(CancellationToken ct)
    {
        await using var session = store.QuerySession();
        await using var command = new NpgsqlCommand($"select coalesce(max(seq_id), 0) from {LogStore.Schema}.mt_events");
        await using var reader = await session.ExecuteReaderAsync(command, ct);
        await reader.ReadAsync(ct);
        return reader.GetInt64(0);
    }

    private static async Task<FleetFacts> FactsAsync(IQuerySession session, CancellationToken ct)
    {
        var account = await session.LoadAsync<AccountFacts>(Streams.Account, ct);
        var plans = await session.Query<PlanFacts>().ToListAsync(ct);
        // A stream that grows by an event whenever somebody changes the configuration needs no document of its own.
        var applied = (await session.Events.FetchStreamAsync(Streams.Plans, token: ct))
            .Aggregate((AppliedPlans?)null, (state, e) => AppliedPlans.Evolve(state, Streams.Plans, e.Data));
        return new FleetFacts(account, [.. plans.OrderBy(p => p.Name, StringComparer.Ordinal)], applied);
    }

    private async Task<IReadOnlyList<DropletLedger>> LedgersAsync(IQuerySession session, long[]? ids, CancellationToken ct)
    {
        var plans = await session.Query<PlanFacts>().ToListAsync(ct);
        var recent = clock.GetUtcNow() - Ledgers.RecentlyEnded;
        var (droplets, snapshots) = ids is not null ? await OfAsync(session, ids, recent, ct)
            : known is not null ? await known.ReadAsync(session, recent, ct)
            : await AllAsync(session, recent, ct);
        return Ledgers.BuildAll(ids, droplets, plans, snapshots, recent);
    }

    private static async Task<(IReadOnlyCollection<DropletFacts> Droplets, IReadOnlyCollection<Snapshot> Snapshots)> OfAsync(
        IQuerySession session, long[] ids, DateTimeOffset recent, CancellationToken ct)
    {
        var droplets = await session.LoadManyAsync<DropletFacts>(ct, ids.Select(Streams.OfDroplet));
        var belonging = await session.Query<Snapshot>()
            .Where(s => s.DropletId.IsOneOf(ids) && (s.Live || s.Phase == SnapshotPhase.Lost || s.ChangedAt > recent))
            .ToListAsync(ct);
        return (droplets, [.. belonging, .. await LastScheduledAsync(session, ids, ct)]);
    }

    /// <summary>Of all droplets together, indexes lead to those that belong: not to the many more that ended long ago.</summary>
    private static async Task<(IReadOnlyCollection<DropletFacts> Droplets, IReadOnlyCollection<Snapshot> Snapshots)> AllAsync(
        IQuerySession session, DateTimeOffset recent, CancellationToken ct)
    {
        var droplets = await session.Query<DropletFacts>().ToListAsync(ct);
        var belonging = await session.Query<Snapshot>().Where(s => s.Live || s.Phase == SnapshotPhase.Lost || s.ChangedAt > recent).ToListAsync(ct);
        long[] ids = [.. droplets.Select(d => d.DropletId).Union(belonging.Select(s => s.DropletId))];
        return ([.. droplets], [.. belonging, .. await LastScheduledAsync(session, ids, ct)]);
    }

    private static Task<IReadOnlyList<Snapshot>> LastScheduledAsync(IQuerySession session, long[] ids, CancellationToken ct) =>
        session.Query<Snapshot>().Where(s => s.MatchesSql(IsLastScheduled, ids)).ToListAsync(ct);

    private static async Task<IReadOnlyList<LoggedEvent>> AppendAsync(
        IDocumentSession session, IReadOnlyList<NewEvent> events, DropletLedger? ledger, CancellationToken ct)
    {
        var actions = new List<StreamAction>();
        foreach (var group in events.GroupBy(e => e.Stream, StringComparer.Ordinal))
        {
            var data = group.Select(e => e.Data).ToArray();
            var version = await VersionAsync(session, group.Key, ledger, ct);
            if (data.Skip(version > 0 ? 0 : 1).Any(e => e is SnapshotRequested))
            {
                throw new LogConflictException($"Stream {group.Key} exists already.");
            }

            actions.Add(version == 0
                ? session.Events.StartStream(group.Key, data)
                : session.Events.Append(group.Key, version + data.Length, data));
        }

        try
        {
            await session.SaveChangesAsync(ct);
        }
        catch (Exception e) when (e is ExistingStreamIdCollisionException or Marten.Exceptions.ExistingStreamIdCollisionException or EventStreamUnexpectedMaxEventIdException)
        {
            throw new LogConflictException("Somebody else has written to the same stream.", e);
        }

        return [.. actions.SelectMany(a => a.Events).OrderBy(e => e.Sequence).Select(Logged)];
    }

    /// <summary>How many events a stream has. Most are known from what was read under the lock; one that is not there may have ended long ago.</summary>
    private static async Task<long> VersionAsync(IDocumentSession session, string stream, DropletLedger? ledger, CancellationToken ct)
    {
        if (ledger?.Snapshots.FirstOrDefault(s => string.Equals(s.Id, stream, StringComparison.Ordinal)) is { } known)
        {
            return known.Version;
        }

        return (await session.Events.FetchStreamStateAsync(stream, ct))?.Version ?? 0;
    }

    private static LoggedEvent Logged(IEvent e) => new(e.Id, e.Sequence, e.StreamKey!, e.Version, e.Data);
}
