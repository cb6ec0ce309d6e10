using DoSnapshot.Lifecycle.Snapshots;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace DoSnapshot.Hosting.Log;

/// <summary>
/// The snapshots of the whole fleet as they were read last, for a process that is asked about it again and again. Only those that somebody has written
/// since are read anew: a document is known by its revision and by the transaction that wrote it, so what is given out is what stands there.
/// </summary>
public sealed class KnownSnapshots
{
    /// <summary>As <c>Ledgers.Belongs</c> has it.</summary>
    private const string Belonging =
        $"""
        select d.id, d.mt_version, d.xmin, d.mt_last_modified from {LogStore.Schema}.mt_doc_snapshot d
        where d.live or d.data ->> 'phase' = 'Lost' or d.changed_at > $1
        """;

    /// <summary>Replaced as a whole: whoever reads at the same time has the one or the other, and each is complete.</summary>
    private Dictionary<string, Known> known = new(StringComparer.Ordinal);

    /// <summary>How many documents the last reading had to fetch.</summary>
    public int Fetched { get; private set; }

    /// <summary>The snapshots that belong into a ledger whatever their place among the others.</summary>
    /// <param name="session">Reads.</param>
    /// <param name="recent">What changed later than this belongs, too.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<Snapshot>> ReadAsync(IQuerySession session, DateTimeOffset recent, CancellationToken ct)
    {
        var before = Volatile.Read(ref known);
        var stamps = await StampsAsync(session, recent, ct);
        var read = stamps.Where(s => !before.TryGetValue(s.Id, out var k) || k.Stamp != s).Select(s => s.Id).ToArray();
        var anew = read.Length == 0
            ? []
            : (await session.LoadManyAsync<Snapshot>(ct, read)).ToDictionary(s => s.Id, StringComparer.Ordinal);

        var after = new Dictionary<string, Known>(stamps.Count, StringComparer.Ordinal);
        foreach (var stamp in stamps)
        {
            // One that was written again between the two questions is read once more the next time; one that is gone is nowhere.
            if (anew.TryGetValue(stamp.Id, out var snapshot) || (before.TryGetValue(stamp.Id, out var same) && same.Stamp == stamp && (snapshot = same.Snapshot) is not null))
            {
                after[stamp.Id] = new Known(stamp, snapshot);
            }
        }

        Volatile.Write(ref known, after);
        Fetched = read.Length;
        return [.. after.Values.Select(k => k.Snapshot)];
    }

    private static async Task<IReadOnlyList<Stamp>> StampsAsync(IQuerySession session, DateTimeOffset recent, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Belonging)
        {
            Parameters = { new NpgsqlParameter { Value = recent.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz } },
        };
        await using var rows = await session.ExecuteReaderAsync(command, ct);
        var stamps = new List<Stamp>();
        while (await rows.ReadAsync(ct))
        {
            stamps.Add(new Stamp(rows.GetString(0), rows.GetFieldValue<long>(1), rows.GetFieldValue<uint>(2), rows.GetFieldValue<DateTimeOffset>(3)));
        }

        return stamps;
    }

    /// <summary>Which writing of a document it is. A database that was set back gives out the numbers of its transactions again: the time says which it was.</summary>
    private readonly record struct Stamp(string Id, long Revision, uint WrittenBy, DateTimeOffset WrittenAt);

    private sealed record Known(Stamp Stamp, Snapshot Snapshot);
}
