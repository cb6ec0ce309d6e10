using DoSnapshot.DigitalOcean;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting.Configuration;

/// <summary>Reads where the API is and with which token to speak to it.</summary>
internal static class DigitalOceanSettings
{
    public const string Section = "DigitalOcean";

    /// <summary>
    /// Section <c>DigitalOcean</c>. The token is <c>DigitalOcean:Token</c>, else what the file holds that <c>DigitalOcean:TokenFile</c> names, else
    /// <c>DO_TOKEN</c>.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting is missing or cannot be used; the message names it and never shows the token.</exception>
    public static DigitalOceanOptions Read(IConfiguration configuration)
    {
        var settings = SettingsReader.Read<Settings>(configuration, Section, nameof(Settings.Token));
        var options = new DigitalOceanOptions
        {
            ApiUrl = settings.ApiUrl,
            RequestTimeout = settings.RequestTimeout,
            AllowPlainHttp = settings.AllowPlainHttp,
            Token = Token(settings, configuration["DO_TOKEN"]),
        };
        var problems = options.Problems();
        return problems.Count == 0 ? options : throw Unusable(problems.Select(p => $"{Section}:{p}"));
    }

    private static string Token(Settings settings, string? fromEnvironment)
    {
        if (settings.Token.Length > 0)
        {
            return settings.Token;
        }

        if (settings.TokenFile.Length > 0)
        {
            return SecretFile.Read(Section, nameof(Settings.TokenFile), settings.TokenFile);
        }

        return fromEnvironment?.Trim() is { Length: > 0 } token
            ? token
            : throw Unusable(["The API token is missing: set DO_TOKEN, or DigitalOcean:TokenFile to the name of a file that holds it."]);
    }

    private static OptionsValidationException Unusable(IEnumerable<string> problems) => new(Section, typeof(DigitalOceanOptions), problems);

    /// <summary>The section as it is written.</summary>
    internal sealed class Settings
    {
        private static readonly DigitalOceanOptions Defaults = new();

        public Uri ApiUrl { get; set; } = Defaults.ApiUrl;

        public string Token { get; set; } = "";

        public string TokenFile { get; set; } = "";

        public TimeSpan RequestTimeout { get; set; } = Defaults.RequestTimeout;

        public bool AllowPlainHttp { get; set; }
    }
}
