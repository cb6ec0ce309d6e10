using System.Data;
using Marten;
using Npgsql;

namespace DoSnapshot.Hosting.Log;

/// <summary>How far a comparison of the documents with the log is.</summary>
/// <param name="Streams">How many streams were looked at.</param>
/// <param name="Of">How many there are.</param>
public sealed record ReadModelProgress(long Streams, long Of);

/// <summary>A document that does not say what the events of its stream say.</summary>
/// <param name="Kind">Its kind: snapshot, droplet, plan, account.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="In">In what: members of it; or that it is missing, or of no stream.</param>
public sealed record ReadModelDifference(string Kind, string Stream, IReadOnlyList<string> In);

/// <summary>What a comparison found.</summary>
/// <param name="Streams">How many streams were looked at.</param>
/// <param name="Documents">How many documents there are to be, by their kind.</param>
/// <param name="Differing">How many differ.</param>
/// <param name="First">The first of them, a hundred at most.</param>
public sealed record ReadModelReport(
    long Streams, IReadOnlyDictionary<string, long> Documents, long Differing, IReadOnlyList<ReadModelDifference> First);

/// <summary>
/// The documents that are kept beside the log in the transactions that append, and that decisions read: compared with what the events say, and put right
/// where they say something else. Both while services run.
/// </summary>
public sealed class ReadModels
{
    private const int Batch = 250;
    private const int MostNamed = 100;

    private readonly IDocumentStore store;

    /// <summary>Those of this store.</summary>
    public ReadModels(IDocumentStore store)
    {
        this.store = store;
    }

    /// <summary>Compares every document with its stream.</summary>
    /// <param name="mends">Whether what differs is made anew from the events.</param>
    /// <param name="tell">Is told how far it is.</param>
    /// <param name="ct">Ends it; what was mended until then stays so.</param>
    public async Task<ReadModelReport> CompareAsync(bool mends, Action<ReadModelProgress>? tell, CancellationToken ct)
    {
        var of = await CountAsync(ct);
        var documents = ReadModelKind.All.ToDictionary(k => k.Name, _ => 0L, StringComparer.Ordinal);
        var (seen, differing, first) = (0L, 0L, new List<ReadModelDifference>());
        for (var last = ""; await StreamsAfterAsync(last, ct) is { Count: > 0 } streams; last = streams[^1])
        {
            foreach (var kind in ReadModelKind.All)
            {
                var own = streams.Where(kind.Has).ToList();
                documents[kind.Name] += own.Count;
                await CompareAsync(kind, own);
            }

            seen += streams.Count;
            tell?.Invoke(new ReadModelProgress(seen, Math.Max(seen, of)));
        }

        foreach (var kind in ReadModelKind.All)
        {
            await CompareAsync(kind, await WithoutStreamAsync(kind, ct));
        }

        return new ReadModelReport(seen, documents, differing, first);

        async Task CompareAsync(ReadModelKind kind, IReadOnlyList<string> streams)
        {
            foreach (var difference in await DifferencesAsync(kind, streams, ct))
            {
                differing++;
                if (first.Count < MostNamed)
                {
                    first.Add(difference);
                }

                if (mends)
                {
                    await MendAsync(kind, difference.Stream, ct);
                }
            }
        }
    }

    private async Task<IReadOnlyList<ReadModelDifference>> DifferencesAsync(ReadModelKind kind, IReadOnlyList<string> streams, CancellationToken ct)
    {
        if (streams.Count == 0)
        {
            return [];
        }

        // Documents and events as they were at one moment: somebody may append meanwhile.
        await using var session = store.LightweightSession(IsolationLevel.RepeatableRead);
        await session.BeginTransactionAsync(ct);
        var there = await kind.LoadAsync(session, streams, ct);
        var folded = await FoldAsync(session, kind, streams, ct);
        var serializer = session.DocumentStore.Options.Serializer();
        return
        [
            .. from stream in streams
               let differences = kind.Differences(serializer, there.GetValueOrDefault(stream), folded.GetValueOrDefault(stream).Document)
               where differences.Count > 0
               select new ReadModelDifference(kind.Name, stream, differences),
        ];
    }

    /// <summary>Under the lock that whoever appends to the stream takes: nothing comes in between.</summary>
    private async Task MendAsync(ReadModelKind kind, string stream, CancellationToken ct)
    {
        await using var reading = store.QuerySession();
        var known = (await FoldAsync(reading, kind, [stream], ct)).GetValueOrDefault(stream).Document
            ?? (await kind.LoadAsync(reading, [stream], ct)).GetValueOrDefault(stream);
        if (known is null)
        {
            return;
        }

        await using var session = await LogLock.TakeAsync(store, kind.LockOf(known), ct);
        var (document, version) = (await FoldAsync(session, kind, [stream], ct)).GetValueOrDefault(stream);
        kind.Replace(session, stream, document, version);
        await session.SaveChangesAsync(ct);
    }

    private static async Task<Dictionary<string, (object? Document, long Version)>> FoldAsync(
        IQuerySession session, ReadModelKind kind, IReadOnlyList<string> streams, CancellationToken ct)
    {
        var keys = streams.ToArray();
        var folded = new Dictionary<string, (object? Document, long Version)>(StringComparer.Ordinal);
        foreach (var e in await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(keys)).OrderBy(e => e.Sequence).ToListAsync(ct))
        {
            folded[e.StreamKey!] = (kind.Evolve(folded.GetValueOrDefault(e.StreamKey!).Document, e.StreamKey!, e.Data), e.Version);
        }

        return folded;
    }

    private Task<IReadOnlyList<string>> StreamsAfterAsync(string last, CancellationToken ct) => ReadAsync(
        $"select id from {LogStore.Schema}.mt_streams where id > $1 and id <> '{LogStore.FillerStream}' order by id limit {Batch}", last, ct);

    private Task<IReadOnlyList<string>> WithoutStreamAsync(ReadModelKind kind, CancellationToken ct) => ReadAsync(
        $"select d.id from {kind.Table} d where d.id > $1 and not exists (select from {LogStore.Schema}.mt_streams s where s.id = d.id) order by d.id", "", ct);

    private async Task<long> CountAsync(CancellationToken ct)
    {
        await using var session = store.QuerySession();
        await using var command = new NpgsqlCommand($"select count(*) from {LogStore.Schema}.mt_streams where id <> '{LogStore.FillerStream}'");
        await using var reader = await session.ExecuteReaderAsync(command, ct);
        await reader.ReadAsync(ct);
        return reader.GetInt64(0);
    }

    private async Task<IReadOnlyList<string>> ReadAsync(string sql, string after, CancellationToken ct)
    {
        await using var session = store.QuerySession();
#pragma warning disable CA2100 // Made of constants.
        await using var command = new NpgsqlCommand(sql);
#pragma warning restore CA2100
        command.Parameters.AddWithValue(after);
        await using var reader = await session.ExecuteReaderAsync(command, ct);
        var keys = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }
}
