using System.CommandLine;
using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.ByApi;

/// <summary>The options that say which log is meant: by its database, by its directory, or by an API before it.</summary>
internal sealed class PlaceOptions
{
    /// <summary>What says where the log is to a service, and by which variable of the command's it is known here.</summary>
    private static readonly (string Service, string Own)[] Beside =
    [
        ("Platform__LogConnectionStringFile", LogPlace.FileVariable), ("Platform__LogConnectionString", LogPlace.Variable),
    ];

    private readonly Option<string?> store = new(CommandOptions.Store.Display) { HelpName = "CONNECTION", Description = $"The log in this PostgreSQL; also by {LogPlace.Variable}." };
    private readonly Option<string?> data = new(CommandOptions.Data.Display) { HelpName = "DIR", Description = "The log in this directory." };
    private readonly Option<string?> api = new(ApiPlace.Option) { HelpName = "URL", Description = $"The log behind this HTTP API; also by {ApiPlace.Variable}." };
    private readonly Option<string?> tokenFile = new(ApiPlace.TokenFileOption)
    {
        HelpName = "FILE",
        Description = $"A file with the token for the API; also by {ApiPlace.TokenFileVariable}, or the token itself by {ApiPlace.TokenVariable}.",
    };

    private readonly Option<bool> plainHttp = new(CommandOptions.AllowPlainHttp.Display) { Description = "Let the token go over plain http:// to another machine." };
    private readonly bool isLocal;

    /// <summary>The options.</summary>
    /// <param name="isLocal">Whether the log itself is wanted, and no API will do.</param>
    public PlaceOptions(bool isLocal = false)
    {
        this.isLocal = isLocal;
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in isLocal ? (Option[])[store, data] : [store, data, api, tokenFile, plainHttp])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Which log is meant; neither where nobody says.</summary>
    /// <exception cref="UsageException">Several are, or one cannot be used.</exception>
    public (LogPlace? Log, ApiPlace? Api) Read(ParseResult parsed, Func<string, string?> variables)
    {
        var environment = BesideService(variables);
        var (connection, directory) = (parsed.GetValue(store), parsed.GetValue(data));
        if (isLocal)
        {
            return (LogPlace.Read(connection, directory, environment), null);
        }

        var (url, file) = (parsed.GetValue(api), parsed.GetValue(tokenFile));
        (Option Option, string? Value)[] places = [(store, connection), (data, directory), (api, url)];
        string[] given = [.. places.Where(p => p.Value is not null).Select(p => p.Option.Name)];
        if (given.Length > 1)
        {
            throw new UsageException($"{string.Join(" and ", given)} exclude each other: the log is in one place");
        }

        var asked = url is not null || (given.Length == 0 && !LogPlace.IsIn(environment) && !Empty(environment(ApiPlace.Variable)));
        if (asked)
        {
            return (null, ApiPlace.Read(url, file, parsed.GetValue(plainHttp), environment));
        }

        return file is not null
            ? throw new UsageException($"{ApiPlace.TokenFileOption} needs {ApiPlace.Option} URL")
            : LogPlace.Read(connection, directory, environment) is { } log
                ? (log, null)
                : throw new UsageException(
                    $"{parsed.CommandResult.Command.Name} needs the log: {CommandOptions.Store.Display} CONNECTION, {LogPlace.Variable} in the environment, "
                    + $"{CommandOptions.Data.Display} DIR, or by HTTP {ApiPlace.Option} URL or {ApiPlace.Variable} in the environment");
    }

    /// <summary>Beside a service, in its container, its own setting says where the log is, unless something is said for the command.</summary>
    private static Func<string, string?> BesideService(Func<string, string?> variables) =>
        !LogPlace.IsIn(variables) && Empty(variables(ApiPlace.Variable)) && Beside.FirstOrDefault(b => !Empty(variables(b.Service))) is { Service: { } service, Own: { } own }
            ? name => variables(string.Equals(name, own, StringComparison.Ordinal) ? service : name)
            : variables;

    private static bool Empty(string? value) => string.IsNullOrWhiteSpace(value);
}
