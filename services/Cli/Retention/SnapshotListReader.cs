using System.Globalization;
using System.Text.Json;
using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Retention;

/// <summary>
/// Reads a list of snapshots: <c>[{"id", "created_at", "name"?, "size_gigabytes"?, "resource_id"?}]</c>, as DigitalOcean and doctl write
/// it; what else there is in it is passed over. Snapshots with different <c>resource_id</c> are those of different droplets.
/// </summary>
internal sealed class SnapshotListReader
{
    private const string Option = "--snapshots";
    private const string StandardInput = "-";

    private readonly string source;

    private SnapshotListReader(string source) => this.source = source;

    /// <summary>Reads a file, or the standard input for <c>-</c>.</summary>
    /// <exception cref="UsageException">It cannot be read; the message names the file and the place in it.</exception>
    public static IReadOnlyList<DropletSnapshots> Read(string? path, Stream standardInput)
    {
        if (string.IsNullOrEmpty(path))
        {
            throw UsageException.For(Option, path, "a JSON file with a list of snapshots is wanted, or - for the standard input");
        }

        var reader = new SnapshotListReader(path);
        if (string.Equals(path, StandardInput, StringComparison.Ordinal))
        {
            return reader.Read(standardInput);
        }

        try
        {
            using var file = File.OpenRead(path);
            return reader.Read(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw reader.Refuse("there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw reader.Refuse($"it cannot be read: {e.Message}");
        }
    }

    private List<DropletSnapshots> Read(Stream json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(List(document.RootElement));
        }
        catch (JsonException e)
        {
            throw Refuse($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: this is not JSON");
        }
    }

    private JsonElement List(JsonElement root) => root switch
    {
        { ValueKind: JsonValueKind.Array } => root,
        // The API's own answer, as it is.
        { ValueKind: JsonValueKind.Object } when Optional(root, "snapshots") is { ValueKind: JsonValueKind.Array } list => list,
        _ => throw Refuse("a JSON array of snapshots is wanted"),
    };

    private List<DropletSnapshots> Read(JsonElement list)
    {
        var droplets = new Dictionary<string, List<ListedSnapshot>>(StringComparer.Ordinal);
        var entry = 0;
        foreach (var element in list.EnumerateArray())
        {
            entry++;
            if (element.ValueKind is not JsonValueKind.Object)
            {
                throw Refuse(entry, $"an object with id and created_at is wanted, not {Quote(element)}");
            }

            var snapshot = new ListedSnapshot(Id(element, entry), CreatedAt(element, entry), Name(element, entry), Size(element, entry));
            var droplet = Droplet(element, entry);
            if (!droplets.TryGetValue(droplet, out var snapshots))
            {
                droplets[droplet] = snapshots = [];
            }

            snapshots.Add(snapshot);
        }

        return [.. droplets.Select(pair => new DropletSnapshots(pair.Key.Length == 0 ? null : pair.Key, pair.Value))];
    }

    // DigitalOcean writes ids as numbers in one list and as text in another.
    private long Id(JsonElement element, int entry)
    {
        var value = Required(element, "id", entry);
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var id) => id,
            JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) => id,
            _ => throw Refuse(entry, $"id {Quote(value)} is no whole number"),
        };
    }

    private DateTimeOffset CreatedAt(JsonElement element, int entry)
    {
        var value = Required(element, "created_at", entry);
        return value.ValueKind is JsonValueKind.String && OptionText.TryMoment(value.GetString(), out var moment)
            ? moment
            : throw Refuse(entry, $"created_at {Quote(value)} is no time such as \"2018-10-09T01:47:36Z\"");
    }

    private string? Name(JsonElement element, int entry) => Optional(element, "name") is not { } value
        ? null
        : value.ValueKind is JsonValueKind.String ? value.GetString() : throw Refuse(entry, $"name {Quote(value)} is no text");

    private decimal? Size(JsonElement element, int entry) => Optional(element, "size_gigabytes") is not { } value
        ? null
        : value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out var size) && size is >= 0 and < 1_000_000_000
            ? size
            : throw Refuse(entry, $"size_gigabytes {Quote(value)} is no size");

    private string Droplet(JsonElement element, int entry) => Optional(element, "resource_id") is not { } value
        ? ""
        : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => throw Refuse(entry, $"resource_id {Quote(value)} is no id"),
        };

    private JsonElement Required(JsonElement element, string member, int entry) =>
        Optional(element, member) ?? throw Refuse(entry, $"{member} is missing");

    private static JsonElement? Optional(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static string Quote(JsonElement value)
    {
        const int most = 60;
        var text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= most ? text : $"{text[..most]}...";
    }

    private UsageException Refuse(int entry, string why) => Refuse($"entry {entry}: {why}");

    private UsageException Refuse(string why) => UsageException.For(Option, source, why);
}
