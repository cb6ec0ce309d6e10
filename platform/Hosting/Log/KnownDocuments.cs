using Marten;
using Npgsql;

namespace DoSnapshot.Hosting.Log;

/// <summary>What <see cref="KnownDocuments{T}"/> asks for.</summary>
internal static class KnownDocuments
{
    /// <summary>The columns of the document <c>d</c> that say which writing of it stands there, in the order in which they are read.</summary>
    public const string Stamp = "d.id, d.mt_version, d.xmin, d.mt_last_modified";
}

/// <summary>
/// Documents as they were read last. A document is known by its revision and by the transaction that wrote it, so what is given out is what
/// stands there.
/// </summary>
/// <typeparam name="T">The document.</typeparam>
internal sealed class KnownDocuments<T>
    where T : notnull
{
    private readonly Func<T, string> idOf;

    /// <summary>Replaced as a whole: whoever reads at the same time has the one or the other, and each is complete.</summary>
    private Dictionary<string, Known> known = new(StringComparer.Ordinal);

    /// <summary>None are known yet.</summary>
    /// <param name="idOf">A document's id.</param>
    public KnownDocuments(Func<T, string> idOf)
    {
        this.idOf = idOf;
    }

    /// <summary>How many documents the last reading had to fetch.</summary>
    public int Fetched { get; private set; }

    /// <summary>The documents that a question finds.</summary>
    /// <param name="session">Reads.</param>
    /// <param name="question">Selects the stamps; a document may come twice.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyCollection<T>> ReadAsync(IQuerySession session, NpgsqlCommand question, CancellationToken ct)
    {
        var before = Volatile.Read(ref known);
        var stamps = await StampsAsync(session, question, ct);
        var read = stamps.Where(s => !before.TryGetValue(s.Id, out var k) || k.Stamp != s).Select(s => s.Id).Distinct(StringComparer.Ordinal).ToArray();
        var anew = read.Length == 0
            ? []
            : (await session.LoadManyAsync<T>(ct, read)).ToDictionary(idOf, StringComparer.Ordinal);

        var after = new Dictionary<string, Known>(stamps.Count, StringComparer.Ordinal);
        foreach (var stamp in stamps)
        {
            // One that was written again between the two questions is read once more the next time; one that is gone is nowhere.
            if (anew.TryGetValue(stamp.Id, out var fresh))
            {
                after[stamp.Id] = new Known(stamp, fresh);
            }
            else if (before.TryGetValue(stamp.Id, out var same) && same.Stamp == stamp)
            {
                after[stamp.Id] = same;
            }
        }

        Volatile.Write(ref known, after);
        Fetched = read.Length;
        return [.. after.Values.Select(k => k.Document)];
    }

    private static async Task<IReadOnlyList<Stamp>> StampsAsync(IQuerySession session, NpgsqlCommand question, CancellationToken ct)
    {
        await using var rows = await session.ExecuteReaderAsync(question, ct);
        var stamps = new List<Stamp>();
        while (await rows.ReadAsync(ct))
        {
            stamps.Add(new Stamp(rows.GetString(0), rows.GetFieldValue<long>(1), rows.GetFieldValue<uint>(2), rows.GetFieldValue<DateTimeOffset>(3)));
        }

        return stamps;
    }

    /// <summary>Which writing of a document it is. A database that was set back gives out the numbers of its transactions again: the time says which it was.</summary>
    private readonly record struct Stamp(string Id, long Revision, uint WrittenBy, DateTimeOffset WrittenAt);

    private sealed record Known(Stamp Stamp, T Document);
}
