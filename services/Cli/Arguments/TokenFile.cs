namespace DoSnapshot.Cli.Arguments;

/// <summary>A file that holds a token and nothing else.</summary>
/// <param name="Value">The token.</param>
/// <param name="Warning">What is to be said about the file; null where that is nothing.</param>
internal sealed record TokenFile(string Value, string? Warning)
{
    /// <summary>More than any token has, with whatever stands around it.</summary>
    private const int LongestFile = 64 * 1024;

    private const UnixFileMode ReadableByOthers = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>As Kubernetes shows a Secret to a pod that is not root: the group is the pod's own, and nobody keeps a file of his like that.</summary>
    private const UnixFileMode ShownToGroup = UnixFileMode.UserRead | UnixFileMode.GroupRead;

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="named">The option or the setting that names it.</param>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static TokenFile Read(string path, string named)
    {
        string value;
        UnixFileMode mode;
        try
        {
            using var file = File.OpenRead(path);
            // The file's own, where the path is a link to it: as the files of a Secret are.
            mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(file.SafeFileHandle);
            using var reader = new StreamReader(file);
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
            mode != ShownToGroup && (mode & ReadableByOthers) != UnixFileMode.None
                ? $"token file {path} is readable by group or others"
                : null);
    }

    /// <inheritdoc/>
    public override string ToString() => "token set";
}
