using System.Text.Json;

namespace DoSnapshot.Sandbox;

/// <summary>Files of JSON that the sandbox reads and writes.</summary>
internal static class SandboxFile
{
    /// <summary>Reads a file that must be there and be right.</summary>
    /// <exception cref="SandboxFileException">It is not; the message is one line.</exception>
    public static T Read<T>(string path)
        where T : class
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, SandboxJson.File) ?? throw new SandboxFileException(path, "line 1: there is nothing in it.");
        }
        catch (JsonException e)
        {
            throw new SandboxFileException(path, Place(e), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxFileException(path, $"it cannot be read: {OneLine(e.Message)}", e);
        }
    }

    /// <summary>Writes a file as a whole or not at all: whoever reads it sees the old or the new one, also after a crash.</summary>
    public static void Write<T>(string path, T content)
    {
        var next = $"{path}.new";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(stream, content, SandboxJson.File);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }

    private static string Place(JsonException e) => $"line {e.LineNumber + 1}, {(string.IsNullOrEmpty(e.Path) ? "$" : e.Path)}: {What(OneLine(e.Message))}";

    /// <summary>The reader's own words speak of types of the program, and end with line and path, which are said here in another way.</summary>
    private static string What(string words)
    {
        if (After(words, "missing required properties including: ") is { } missing)
            return $"it lacks {missing}";
        if (words.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
            return "there is no such member.";
        if (words.StartsWith("Duplicate property", StringComparison.Ordinal))
            return "it is there twice.";
        if (words.Contains("doesn't allow setting null values", StringComparison.Ordinal))
            return "it cannot be null.";
        if (words.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
            return "the value is not of the right kind.";
        var end = words.IndexOf(" Path: ", StringComparison.Ordinal);
        if (end < 0)
            end = words.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return end < 0 ? words : words[..end];
    }

    private static string? After(string text, string words)
    {
        var at = text.IndexOf(words, StringComparison.Ordinal);
        return at < 0 ? null : text[(at + words.Length)..];
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
