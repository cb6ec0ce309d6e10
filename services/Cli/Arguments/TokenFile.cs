namespace DoSnapshot.Cli.Arguments;

/// <summary>A file that holds a token and nothing else.</summary>
/// <param name="Value">The token.</param>
/// <param name="Warning">What is to be said about the file; null where that is nothing.</param>
internal sealed record TokenFile(string Value, string? Warning)
{
    /// <summary>More than any token has, with whatever stands around it.</summary>
    private const int LongestFile = 64 * 1024;

    private const UnixFileMode ReadableByOthers = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="named">The option or the setting that names it.</param>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static TokenFile Read(string path, string named)
    {
        string value;
        try
        {
            using var reader = new StreamReader(path);
            var buffer = new char[LongestFile + 1];
            var read = reader.ReadBlock(buffer);
            value = read <= LongestFile ? new string(buffer, 0, read).Trim() : throw UsageException.For(named, path, "the file is too long to hold a token alone");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw UsageException.For(named, path, $"the file cannot be read: {e.Message}");
        }

        if (value.Length == 0)
        {
            throw UsageException.For(named, path, "the file is empty");
        }

        return new TokenFile(
            value,
            !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ReadableByOthers) != UnixFileMode.None
                ? $"token file {path} is readable by group or others"
                : null);
    }

    /// <inheritdoc/>
    public override string ToString() => "token set";
}
