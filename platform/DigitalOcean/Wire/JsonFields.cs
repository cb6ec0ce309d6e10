using System.Globalization;
using System.Text.Json;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>
/// Reads members of an answer that may be absent, null or of another kind than described: all of that is null here, never an exception.
/// </summary>
internal static class JsonFields
{
    internal static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null
            ? member
            : null;

    internal static string? Text(this JsonElement json, string name) => json.Member(name)?.AsText();

    internal static bool? Flag(this JsonElement json, string name) => json.Member(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>
    /// A numeric id, as a number or as digits in a text: the same id is a number in one list and a text in another (documented).
    /// Null for all else, above all for uuids, whose leading digits could be somebody's id.
    /// </summary>
    internal static long? Id(this JsonElement json, string name) => json.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var id) && id > 0 => id,
        { ValueKind: JsonValueKind.String } text
            when long.TryParse(text.AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 => id,
        _ => null,
    };

    internal static decimal? Amount(this JsonElement json, string name) => json.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var amount) => amount,
        { ValueKind: JsonValueKind.String } text
            when decimal.TryParse(text.AsText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) => amount,
        _ => null,
    };

    /// <summary>A moment in UTC; one without an offset is taken for UTC.</summary>
    internal static DateTimeOffset? Time(this JsonElement json, string name)
    {
        // As it is told always, and read a good deal faster so.
        if (json.Text(name) is ['0' or '1' or '2', .., 'Z'] text && json.Member(name)!.Value.TryGetDateTimeOffset(out var usual))
            return usual;
        return DateTimeOffset.TryParse(
            json.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
    }

    /// <summary>The texts of an array, each once, in their order.</summary>
    internal static IReadOnlyList<string> Texts(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Select(AsText).OfType<string>().Distinct(StringComparer.Ordinal)]
            : [];

    /// <summary>The slug of a region, which is an object with a slug, or the slug itself.</summary>
    internal static string? Slug(this JsonElement json, string name) =>
        json.Member(name) is { } region ? region.AsText() ?? region.Text("slug") : null;

    private static string? AsText(this JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.String)
            return null;
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair: JSON allows it, text does not.
        }
    }
}
