using System.Text.Json;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>One page of a list.</summary>
/// <param name="Rows">What was read of it.</param>
/// <param name="RowCount">How many rows it had, those left out included.</param>
/// <param name="HasNext">Whether the links name a next page; null where there are no links to tell.</param>
/// <param name="Total">Rows of all pages together (documented), which changes while others create and delete.</param>
internal sealed record Page<T>(IReadOnlyList<T> Rows, int RowCount, bool? HasNext, decimal? Total)
    where T : class
{
    internal static Page<T> Read(JsonElement json, string root, Func<JsonElement, T?> read)
    {
        if (json.Member(root) is not { ValueKind: JsonValueKind.Array } rows)
            throw new UnreadableAnswerException($"the body has no list of {root}");
        return new Page<T>(
            [.. rows.EnumerateArray().Select(read).OfType<T>()],
            rows.GetArrayLength(),
            ReadHasNext(json),
            json.Member("meta")?.Amount("total"));
    }

    /// <summary>
    /// Whether to ask for another page after <paramref name="rowsSoFar"/> rows. Links may be missing or empty on a whole list (documented);
    /// if they are although the total says that there is more, one more request is cheaper than a list that is quietly short.
    /// </summary>
    internal bool IsFollowed(int rowsSoFar) => HasNext ?? (RowCount > 0 && Total > rowsSoFar);

    // Only whether there is a next address matters, never which: it could name another host, and would be sent the token.
    private static bool? ReadHasNext(JsonElement json) =>
        json.Member("links")?.Member("pages") is { ValueKind: JsonValueKind.Object } pages && pages.EnumerateObject().Any()
            ? pages.Text("next") is { Length: > 0 }
            : null;
}
