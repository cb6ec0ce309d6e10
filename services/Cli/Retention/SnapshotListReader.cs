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

    // Some 250,000 snapshots as the API writes them, far more than an account may hold.
    private const int MostMegabytes = 128;

    private readonly string source;

    // The one that is being read, counted from 1.
    private int entry;

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
            return reader.ReadAll(() => standardInput);
        }

        return reader.ReadAll(() => File.OpenRead(path));
    }

    private List<DropletSnapshots> ReadAll(Func<Stream> open)
    {
        try
        {
            using var json = Bounded(open);
            return Read(json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse("there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse($"it cannot be read: {e.Message}");
        }
    }

    /// <summary>All of it in memory, as long as that is no device that never ends.</summary>
    private MemoryStream Bounded(Func<Stream> open)
    {
        using var stream = open();
        var all = new MemoryStream();
        var buffer = new byte[81_920];
        while (stream.Read(buffer) is > 0 and var read)
        {
            all.Write(buffer, 0, read);
            if (all.Length > MostMegabytes * 1024L * 1024)
            {
                throw Refuse($"it is larger than {MostMegabytes} MB");
            }
        }

        all.Position = 0;
        return all;
    }

    private List<DropletSnapshots> Read(MemoryStream json)
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
        catch (InvalidOperationException) when (entry > 0)
        {
            // JSON by its form, but with half a character in a text or a member's name.
            throw RefuseEntry("a text in it is not Unicode");
        }
        catch (InvalidOperationException)
        {
            throw Refuse("a text in it is not Unicode");
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
        foreach (var element in list.EnumerateArray())
        {
            entry++;
            if (element.ValueKind is not JsonValueKind.Object)
            {
                throw RefuseEntry($"an object with id and created_at is wanted, not {Quote(element)}");
            }

            var snapshot = new ListedSnapshot(Id(element), CreatedAt(element), Name(element), Size(element));
            var droplet = Droplet(element);
            if (!droplets.TryGetValue(droplet, out var snapshots))
            {
                droplets[droplet] = snapshots = [];
            }

            snapshots.Add(snapshot);
        }

        return [.. droplets.Select(pair => new DropletSnapshots(pair.Key.Length == 0 ? null : pair.Key, pair.Value))];
    }

    // DigitalOcean writes ids as numbers in one list and as text in another.
    private long Id(JsonElement element)
    {
        var value = Required(element, "id");
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var id) => id,
            JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) => id,
            _ => throw RefuseEntry($"id {Quote(value)} is no whole number"),
        };
    }

    private DateTimeOffset CreatedAt(JsonElement element)
    {
        var value = Required(element, "created_at");
        return value.ValueKind is JsonValueKind.String && OptionText.TryMoment(value.GetString(), out var moment)
            ? moment
            : throw RefuseEntry($"created_at {Quote(value)} is no time such as \"2018-10-09T01:47:36Z\"");
    }

    private string? Name(JsonElement element) => Optional(element, "name") is not { } value
        ? null
        : value.ValueKind is JsonValueKind.String ? value.GetString() : throw RefuseEntry($"name {Quote(value)} is no text");

    private decimal? Size(JsonElement element) => Optional(element, "size_gigabytes") is not { } value
        ? null
        : value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out var size) && size is >= 0 and < 1_000_000_000
            ? size
            : throw RefuseEntry($"size_gigabytes {Quote(value)} is no size");

    private string Droplet(JsonElement element) => Optional(element, "resource_id") is not { } value
        ? ""
        : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => throw RefuseEntry($"resource_id {Quote(value)} is no id"),
        };

    private JsonElement Required(JsonElement element, string member) =>
        Optional(element, member) ?? throw RefuseEntry($"{member} is missing");

    private static JsonElement? Optional(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static string Quote(JsonElement value)
    {
        const int most = 60;
        var text = ShownText.Of(value.GetRawText());
        return text.Length <= most ? text : $"{text[..most]}...";
    }

    private UsageException RefuseEntry(string why) => Refuse($"entry {entry}: {why}");

    private UsageException Refuse(string why) => UsageException.For(Option, source, why);
}
