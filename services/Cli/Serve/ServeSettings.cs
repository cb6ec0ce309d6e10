using System.Text.RegularExpressions;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Web;
using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli.Serve;

/// <summary>
/// Brings the options into the configuration. What an option says goes before its setting, and the setting before the variable that the command has
/// for it: <c>DO_SNAPSHOT_STORE</c>, <c>DO_TOKEN</c>, <c>DIGITALOCEAN_API_URL</c>.
/// </summary>
internal sealed partial class ServeSettings
{
    /// <summary>Says in the environment where health is served.</summary>
    public const string UrlsVariable = "ASPNETCORE_URLS";

    private const string Connection = "Platform:LogConnectionString";
    private const string ConnectionFile = $"{Connection}File";
    private const string PlansFile = "Plans:File";
    private const string Token = "DigitalOcean:Token";
    private const string ApiUrl = "DigitalOcean:ApiUrl";
    private const string AllowPlainHttp = "DigitalOcean:AllowPlainHttp";

    /// <summary>Stands where nothing can be read or nothing is known yet, so that it is not called missing besides.</summary>
    private const string NoToken = "none";
    private const string NoConnection = "Host=127.0.0.1";

    private static readonly string[] Sections = ["Api", "Dashboard", "DigitalOcean", "Kestrel", "Lifecycle", "Logging", "Plan", "Planner", "Plans", "Platform", "Telemetry"];

    /// <summary>Sections that the web's own hosts read.</summary>
    private static readonly string[] WebSections = ["Api", "Dashboard", "Logging", "Telemetry"];

    private readonly ServeOptions options;
    private readonly Func<string, string?> environment;
    private readonly List<string> mistakes = [];
    private readonly Dictionary<string, string?> completed = new(StringComparer.Ordinal);

    /// <summary>What messages call a setting in place of its name.</summary>
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    /// <summary>Settings of these options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="environment">A variable's value; null when it is not set.</param>
    public ServeSettings(ServeOptions options, Func<string, string?> environment)
    {
        this.options = options;
        this.environment = environment;
    }

    /// <summary>The directory of a PostgreSQL of its own; null where PostgreSQL is elsewhere. Known once the configuration is complete.</summary>
    public string? Directory { get; private set; }

    /// <summary>What is to be said about the token.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>What API and dashboard of this process are to be like; null for neither.</summary>
    public Func<string, WebFrontSettings>? Web => options.NoWeb
        ? null
        : connection => new WebFrontSettings(connection, At(options.ApiUrls, "--api-urls", WebAddress.Api), At(options.DashboardUrls, "--dashboard-urls", WebAddress.Dashboard))
        {
            Settings = [.. options.Settings.Where(s => WebSections.Contains(Setting().Match(s).Groups["section"].Value, StringComparer.OrdinalIgnoreCase))],
        };

    /// <summary>Completes the configuration by the options.</summary>
    /// <returns>What is wrong with them, one sentence each.</returns>
    public IReadOnlyList<string> Complete(IConfigurationManager configuration)
    {
        mistakes.AddRange(options.Settings.Select(Mistake).OfType<string>());
        Try(() => CompletePlace(configuration), Connection, NoConnection);
        Try(() => CompleteToken(configuration), Token, NoToken);
        if (options.ApiUrl is not null)
        {
            Set(ApiUrl, options.ApiUrl, CommandOptions.ApiUrl.Display);
        }
        else if (!IsSet(configuration, ApiUrl) && environment(PassOptionsReader.ApiUrlVariable) is { Length: > 0 } url)
        {
            Set(ApiUrl, url, PassOptionsReader.ApiUrlVariable);
        }

        if (options.AllowPlainHttp)
        {
            completed[AllowPlainHttp] = bool.TrueString;
        }

        if (options.Plans is not null)
        {
            Set(PlansFile, options.Plans, "--plans");
            if (string.IsNullOrWhiteSpace(options.Plans))
            {
                mistakes.Add($"--plans '{options.Plans}': a file is wanted");
            }
        }

        if (options.Urls is not null)
        {
            completed[WebHostDefaults.ServerUrlsKey] = options.Urls;
            names[UrlsVariable] = "--urls";
        }

        foreach (var (given, name) in ((string?, string)[])[(options.DashboardUrls, "--dashboard-urls"), (options.ApiUrls, "--api-urls")])
        {
            if (given is not null && options.NoWeb)
            {
                mistakes.Add($"{name} '{given}': with --no-web there is nothing at it");
            }
            else if (given is not null && !(Uri.TryCreate(given, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                mistakes.Add($"{name} '{given}': an address such as {WebAddress.Dashboard.Url} is wanted");
            }
        }

        configuration.AddInMemoryCollection(completed);
        return mistakes;
    }

    /// <summary>Names the option where it was one that gave the setting. What was typed in the wrong place may be the token.</summary>
    public string InOurWords(string mistake)
    {
        foreach (var (setting, name) in names)
        {
            mistake = Regex.Replace(mistake, $@"\b{setting}\b", name.Replace("$", "$$", StringComparison.Ordinal), RegexOptions.None, TimeSpan.FromSeconds(1))
                .Replace($" (environment: {setting.Replace(":", "__", StringComparison.Ordinal)})", "", StringComparison.Ordinal);
        }

        mistake = mistake.Replace($"set {nameof(DigitalOceanOptions.AllowPlainHttp)}", $"give {CommandOptions.AllowPlainHttp.Display}", StringComparison.Ordinal);
        return Redaction.Mask($"{Usage.Program}: {mistake}");
    }

    private static WebAddress At(string? given, string option, WebAddress usual) => given is null ? usual : new WebAddress(given, option);

    private static string? Mistake(string argument)
    {
        if (Setting().Match(argument) is not { Success: true } match)
        {
            // Its value may be a secret.
            var name = argument.Split('=')[0];
            return $"'{name}' is neither an option nor a setting, which is given as --Section:Name=value; see '{Usage.Program} {ServeCommand.Name} --help'";
        }

        var section = match.Groups["section"].Value;
        return Sections.Contains(section, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"'{argument.Split('=')[0]}': there is no section '{section}'; there are {string.Join(", ", Sections)}";
    }

    private static bool IsSet(IConfigurationManager configuration, string setting) => !string.IsNullOrWhiteSpace(configuration[setting]);

    private void CompletePlace(IConfigurationManager configuration)
    {
        var isSet = IsSet(configuration, Connection) || IsSet(configuration, ConnectionFile);
        var place = LogPlace.Read(options.Store, options.Data, isSet ? _ => null : environment);
        Directory = place?.Directory;
        if (place?.Store is { } store)
        {
            Set(Connection, store, $"{CommandOptions.Store.Display} (or {LogPlace.Variable})");
        }
        else if (Directory is not null)
        {
            // Known when the server runs.
            completed[Connection] = NoConnection;
        }
        else if (!isSet)
        {
            throw new UsageException(
                $"a place for the log is wanted: {CommandOptions.Store.Display} CONNECTION (or {LogPlace.Variable}), or {CommandOptions.Data.Display} DIR");
        }

        if (place is not null)
        {
            // It would go before what the option says.
            completed[ConnectionFile] = "";
        }
    }

    private void CompleteToken(IConfigurationManager configuration)
    {
        if (options.Token is null && (IsSet(configuration, Token) || IsSet(configuration, $"{Token}File")))
        {
            return;
        }

        var token = ApiToken.Read(options.Token, environment);
        Warnings = token.Warnings;
        Set(Token, token.Value, token.GivenBy);
    }

    private void Set(string setting, string value, string name)
    {
        completed[setting] = value;
        names[setting] = name;
    }

    private void Try(Action complete, string setting, string otherwise)
    {
        try
        {
            complete();
        }
        catch (UsageException e)
        {
            mistakes.Add(e.Message);
            completed[setting] = otherwise;
        }
    }

    [GeneratedRegex("^--(?<section>[A-Za-z]+):[^=]+=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setting();
}
