using System.Text.Json;

namespace DoSnapshot.Hosting.Log;

/// <summary>Understands the documents of one kind as they come: those of a large fleet take longer to understand than to fetch.</summary>
/// <typeparam name="T">What they are.</typeparam>
/// <param name="understand">Understands one; the serializer does where none is given.</param>
/// <param name="ct">Ends it.</param>
internal sealed class DocumentReader<T>(Func<byte[], T>? understand, CancellationToken ct)
{
    /// <summary>So many are understood at once, beside what fetches the next.</summary>
    private const int Part = 256;

    private readonly List<Task<List<T>>> parts = [];
    private List<byte[]> part = new(Part);

    /// <summary>Takes one more.</summary>
    /// <param name="text">Its text, in UTF-8.</param>
    public void Add(byte[] text)
    {
        part.Add(text);
        if (part.Count == Part)
        {
            var full = part;
            parts.Add(Task.Run(() => full.ConvertAll(Understand), ct));
            part = new List<byte[]>(Part);
        }
    }

    /// <summary>All that were taken, in their order.</summary>
    /// <exception cref="InvalidDataException">One cannot be read.</exception>
    public async Task<IReadOnlyList<T>> AllAsync()
    {
        var last = part.ConvertAll(Understand);
        return parts.Count == 0 ? last : [.. (await Task.WhenAll(parts)).SelectMany(p => p), .. last];
    }

    private T Understand(byte[] text)
    {
        try
        {
            if (understand is not null)
            {
                return understand(text);
            }

            using var stream = new MemoryStream(text);
            return LogStore.Json.FromJson<T>(stream);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"a document of the log, {typeof(T).Name} '{IdOf(text)}', cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Nothing where it has none, or cannot be read at all.</summary>
    private static string IdOf(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id", out var id) ? id.ToString() : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
