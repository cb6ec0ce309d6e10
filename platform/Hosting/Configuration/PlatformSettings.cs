using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting.Configuration;

/// <summary>Reads what every service needs to know.</summary>
internal static class PlatformSettings
{
    /// <summary>Section <c>Platform</c>, with what its files hold in the place of what the settings say themselves.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="keepsBusInProcess">Whether the process does without a broker where none is named.</param>
    /// <exception cref="OptionsValidationException">
    /// A setting is missing or cannot be used, or a file cannot be read; the messages name it, and never show a connection string or an address.
    /// </exception>
    public static PlatformOptions Read(IConfiguration configuration, bool keepsBusInProcess)
    {
        var options = SettingsReader.Read<PlatformOptions>(
            configuration, PlatformOptions.Section, nameof(PlatformOptions.LogConnectionString), nameof(PlatformOptions.BusUri));
        var problems = new List<string>();
        options.LogConnectionString = Held(nameof(PlatformOptions.LogConnectionStringFile), options.LogConnectionStringFile, problems) ?? options.LogConnectionString;
        options.BusUri = Held(nameof(PlatformOptions.BusUriFile), options.BusUriFile, problems) ?? options.BusUri;
        // What a file that cannot be read was to say is not called missing besides.
        if (problems.Count == 0)
        {
            problems.AddRange(new PlatformOptionsCheck(keepsBusInProcess).Validate(name: null, options).Failures ?? []);
        }

        return problems.Count == 0 ? options : throw new OptionsValidationException(PlatformOptions.Section, typeof(PlatformOptions), problems);
    }

    /// <summary>What the file of a setting holds; null where it names none, as an empty variable does.</summary>
    private static string? Held(string setting, string path, List<string> problems)
    {
        try
        {
            return path.Length == 0 ? null : SecretFile.Read(PlatformOptions.Section, setting, path);
        }
        catch (OptionsValidationException e)
        {
            problems.AddRange(e.Failures);
            return null;
        }
    }
}
