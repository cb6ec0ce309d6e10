using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Planner.Plans;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Something that an option or a setting says.</summary>
/// <param name="Value">What it says; null where nothing does, or what does cannot be used.</param>
/// <param name="Source">The option or the setting.</param>
/// <param name="Problems">Why it cannot be used; empty where it can.</param>
internal sealed record Setting<T>(T? Value, string Source, IReadOnlyList<string> Problems)
    where T : class
{
    /// <summary>What nobody says.</summary>
    public static Setting<T> None { get; } = new(null, "", []);

    /// <summary>Whether it is said at all, be it right or wrong.</summary>
    public bool IsGiven => Value is not null || Problems.Count > 0;

    /// <summary>What a reading gives, or why it gives nothing.</summary>
    public static Setting<T> Of(string source, Func<T> read)
    {
        try
        {
            return new Setting<T>(read(), source, []);
        }
        catch (UsageException e)
        {
            return new Setting<T>(null, source, [e.Message]);
        }
        catch (OptionsValidationException e)
        {
            return new Setting<T>(null, source, [.. e.Failures]);
        }
    }
}

/// <summary>
/// What is to be examined: by the options, or else by the variables that the services and the command read. An option that cannot be understood is wrong
/// usage; a variable, or a file that is not as it should be, is what the examination is for.
/// </summary>
internal sealed class DoctorSettings
{
    /// <summary>How long one request or one connection may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const string StoreSetting = $"{PlatformOptions.Section}:{nameof(PlatformOptions.LogConnectionString)}";
    private const string StoreFileSetting = $"{PlatformOptions.Section}:{nameof(PlatformOptions.LogConnectionStringFile)}";
    private const string BusSetting = $"{PlatformOptions.Section}:{nameof(PlatformOptions.BusUri)}";
    private const string BusFileSetting = $"{PlatformOptions.Section}:{nameof(PlatformOptions.BusUriFile)}";

    private DoctorSettings(IConfiguration configuration)
    {
        Configuration = configuration;
    }

    /// <summary>The services' settings.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>Whether any of the services' settings is there.</summary>
    public bool HasServices => SettingsCheck.Sections.Any(s => Configuration.GetSection(s).GetChildren().Any());

    /// <summary>The API token.</summary>
    public Setting<ApiToken> Token { get; private init; } = Setting<ApiToken>.None;

    /// <summary>Where the API is and how to speak to it; without a token there is none.</summary>
    public Setting<DigitalOceanOptions> Api { get; private init; } = Setting<DigitalOceanOptions>.None;

    /// <summary>Where the log is kept.</summary>
    public Setting<LogPlace> Log { get; private init; } = Setting<LogPlace>.None;

    /// <summary>Where RabbitMQ is.</summary>
    public Setting<Uri> Bus { get; private init; } = Setting<Uri>.None;

    /// <summary>The plans.</summary>
    public Setting<ConfiguredPlans> Plans { get; private init; } = Setting<ConfiguredPlans>.None;

    /// <summary>Whether calls that can have no effect are sent to learn whether the token may change something.</summary>
    public bool ProbesWrites { get; private init; }

    /// <summary>Reads the options and the environment.</summary>
    /// <exception cref="UsageException">An option cannot be understood, or nothing says what is to be examined.</exception>
    public static DoctorSettings Read(DoctorOptions options, IConfiguration configuration)
    {
        var token = ReadToken(options.Token, configuration);
        var settings = new DoctorSettings(configuration)
        {
            Token = token,
            Api = ReadApi(options, configuration, token),
            Log = ReadLog(options, configuration),
            Bus = ReadBus(options.Bus, configuration),
            Plans = DoctorPlans.Read(options, configuration),
            ProbesWrites = options.ProbeWrites,
        };
        return settings.HasServices || token.IsGiven || settings.Log.IsGiven || settings.Bus.IsGiven || settings.Plans.IsGiven
            ? settings
            : throw new UsageException(
                "nothing says what is to be examined: a token (--token, DO_TOKEN) is wanted at least, or the environment of a service");
    }

    /// <summary>A variable as the environment has it: the setting <c>A:B</c> is <c>A__B</c> there.</summary>
    public static string InEnvironment(string setting) => setting.Replace(":", "__", StringComparison.Ordinal);

    private static Setting<ApiToken> ReadToken(string? option, IConfiguration configuration)
    {
        const string Direct = $"{DigitalOceanSettings.Section}:{nameof(DigitalOceanSettings.Settings.Token)}";
        const string File = $"{DigitalOceanSettings.Section}:{nameof(DigitalOceanSettings.Settings.TokenFile)}";
        if (!string.IsNullOrEmpty(option))
        {
            return Setting<ApiToken>.Of(CommandOptions.Token.Display, () => ApiToken.Read(option, name => configuration[name]));
        }

        // In the order of the services.
        if (Value(configuration, Direct) is { } direct)
        {
            return Setting<ApiToken>.Of(InEnvironment(Direct), () => ApiToken.Of(direct));
        }

        if (Value(configuration, File) is { } path)
        {
            return Setting<ApiToken>.Of(InEnvironment(File), () => ApiToken.ReadFile(path, InEnvironment(File)));
        }

        return Value(configuration, ApiToken.Variable) is { } value
            ? Setting<ApiToken>.Of(ApiToken.Variable, () => ApiToken.Of(value))
            : Setting<ApiToken>.None;
    }

    private static Setting<DigitalOceanOptions> ReadApi(DoctorOptions options, IConfiguration configuration, Setting<ApiToken> token)
    {
        const string Setting = $"{DigitalOceanSettings.Section}:{nameof(DigitalOceanOptions.ApiUrl)}";
        const string PlainHttp = $"{DigitalOceanSettings.Section}:{nameof(DigitalOceanOptions.AllowPlainHttp)}";
        var fromOption = options.ApiUrl is null ? null : PassOptionsReader.ReadApiUrl(options.ApiUrl, _ => null);
        var (source, text) = options.ApiUrl is not null ? (CommandOptions.ApiUrl.Display, "")
            : Value(configuration, Setting) is { } set ? (InEnvironment(Setting), set)
            : (PassOptionsReader.ApiUrlVariable, Value(configuration, PassOptionsReader.ApiUrlVariable) ?? "");
        return Setting<DigitalOceanOptions>.Of(source, () =>
        {
            var api = new DigitalOceanOptions
            {
                // In place of one that is missing: it goes nowhere.
                Token = token.Value?.Value ?? "none",
                AllowPlainHttp = options.AllowPlainHttp || (bool.TryParse(configuration[PlainHttp], out var allowed) && allowed),
                RequestTimeout = Patience,
            };
            if (fromOption is not null)
            {
                api.ApiUrl = fromOption;
            }
            else if (text.Length > 0)
            {
                api.ApiUrl = Uri.TryCreate(text, UriKind.Absolute, out var url)
                    ? url
                    : throw UsageException.For(source, text, "an address such as https://api.digitalocean.com is wanted");
            }

            return api.Problems() is [var problem, ..]
                ? throw new UsageException(problem
                    .Replace(nameof(DigitalOceanOptions.AllowPlainHttp), $"{CommandOptions.AllowPlainHttp.Display} or {InEnvironment(PlainHttp)}", StringComparison.Ordinal)
                    .Replace(nameof(DigitalOceanOptions.ApiUrl), source, StringComparison.Ordinal)
                    .Replace(nameof(DigitalOceanOptions.Token), token.Source, StringComparison.Ordinal))
                : api;
        });
    }

    private static Setting<LogPlace> ReadLog(DoctorOptions options, IConfiguration configuration)
    {
        if (LogPlace.Read(options.Store, options.Data, _ => null) is { } given)
        {
            if (given.Store is { } store)
            {
                OpenedLog.Checked(store, CommandOptions.Store.Display);
            }

            return Setting<LogPlace>.Of(given.Store is null ? CommandOptions.Data.Display : CommandOptions.Store.Display, () => given);
        }

        // In the order of the services: a file goes before the setting.
        return Stated(configuration, StoreSetting, StoreFileSetting, PlaceOf)
            ?? Stated(configuration, LogPlace.Variable, LogPlace.FileVariable, PlaceOf)
            ?? Setting<LogPlace>.None;
    }

    private static LogPlace PlaceOf(string text, string named) => new(OpenedLog.Checked(text, named), Directory: null);

    private static Setting<Uri> ReadBus(string? option, IConfiguration configuration)
    {
        if (option is not null)
        {
            var given = Address(option, "--bus");
            return Setting<Uri>.Of("--bus", () => given);
        }

        return Stated(configuration, BusSetting, BusFileSetting, Address) ?? Setting<Uri>.None;
    }

    /// <summary>What a file holds that a setting names, or else what the setting beside it says; null where neither is there.</summary>
    private static Setting<T>? Stated<T>(IConfiguration configuration, string setting, string fileSetting, Func<string, string, T> read)
        where T : class
    {
        var (name, fileName) = (InEnvironment(setting), InEnvironment(fileSetting));
        return Value(configuration, fileSetting) is { } path ? Setting<T>.Of(fileName, () => read(TokenFile.Read(path, fileName).Value, fileName))
            : Value(configuration, setting) is { } text ? Setting<T>.Of(name, () => read(text, name))
            : null;
    }

    /// <summary>Not quoted where it cannot be read: there may be a password in it.</summary>
    private static Uri Address(string text, string named) => Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps"
        ? uri
        : throw new UsageException($"{named} cannot be read: RabbitMQ's address is wanted, amqp://user:password@host:port/vhost");

    private static string? Value(IConfiguration configuration, string name) => configuration[name]?.Trim() is { Length: > 0 } text ? text : null;
}
