using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.Cli.Retention;
using DoSnapshot.EventLog;

namespace DoSnapshot.Cli.Questions;

/// <summary>What every question to a log can be told, and how it is asked: of the log itself, or of an API before it.</summary>
internal sealed class QuestionOptions
{
    private readonly PlaceOptions place;
    private readonly Option<bool> json = new("--json") { Description = "The answer for programs." };

    /// <summary>The options.</summary>
    /// <param name="isLocal">Whether the log itself is wanted, and no API will do.</param>
    public QuestionOptions(bool isLocal = false)
    {
        place = new PlaceOptions(isLocal);
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(json);
        place.AddTo(command);
    }

    /// <summary>Whether the answer is for programs.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(json);

    /// <summary>Opens the log and asks it, or asks the API.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="ask">The question; it is given the log and the moment, and gives the exit code.</param>
    /// <param name="byApi">The same as the API takes it. What it refuses is what the question itself would.</param>
    /// <param name="ct">Ends it.</param>
    public Task<int> AskAsync(ParseResult parsed, Func<IEventLog, DateTimeOffset, Task<int>> ask, Func<ApiQuestion> byApi, CancellationToken ct) =>
        AskOpenedAsync(parsed, (opened, now) => ask(opened.Log, now), byApi, ct);

    /// <summary>Opens the log and asks it and its database, or asks the API.</summary>
    /// <inheritdoc cref="AskAsync" path="/param"/>
    public async Task<int> AskOpenedAsync(ParseResult parsed, Func<OpenedLog, DateTimeOffset, Task<int>> ask, Func<ApiQuestion>? byApi, CancellationToken ct)
    {
        var surroundings = Surroundings.Of(parsed);
        try
        {
            var (log, api) = place.Read(parsed, surroundings.Variable);
            return api is null
                ? await LogUse.RunAsync(parsed.CommandResult.Command.Name, log, ask, surroundings.Error, surroundings.Clock, ct)
                : await ApiUse.RunAsync(api, caller => byApi!().AskAsync(api, caller, IsJson(parsed), surroundings.Output, ct), surroundings);
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, surroundings.Error);
        }
    }

    /// <summary>A moment that an option gives; null where it does not.</summary>
    public static DateTimeOffset? Moment(Option<string?> option, ParseResult parsed) =>
        parsed.GetValue(option) is { } text ? OptionText.Moment(option.Name, text) : null;

    /// <summary>The droplets that an option names, by id or name; null where it names none.</summary>
    /// <exception cref="SubjectException">One is not in the log, or a name is several droplets'.</exception>
    public static Task<IReadOnlySet<long>?> DropletsAsync(Option<string[]> option, ParseResult parsed, IEventLog log, CancellationToken ct) =>
        Subjects.DropletsAsync(log, option.Name, parsed.GetValue(option), ct);

    /// <summary>An option's values as the API takes them.</summary>
    /// <param name="name">The API's name of it.</param>
    /// <param name="values">The values; null where it is not given.</param>
    public static IEnumerable<(string Name, string? Value)> All(string name, string[]? values) => (values ?? []).Select(value => (name, (string?)value));
}
