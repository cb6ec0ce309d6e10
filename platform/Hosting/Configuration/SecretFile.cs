using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting.Configuration;

/// <summary>A file that holds one secret: a token, or what a password is part of.</summary>
internal static class SecretFile
{
    /// <summary>What it holds, without the white space around it: most editors end a file with a line end.</summary>
    /// <param name="section">The section of the setting that names the file.</param>
    /// <param name="setting">The setting, for messages.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="OptionsValidationException">It cannot be read or is empty; the message names setting and file, and has nothing of what is in it.</exception>
    public static string Read(string section, string setting, string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : throw Unusable(section, $"{section}:{setting} '{path}' is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unusable(section, $"{section}:{setting} '{path}' cannot be read: {e.Message}");
        }
    }

    private static OptionsValidationException Unusable(string section, string problem) => new(section, typeof(string), [problem]);
}
