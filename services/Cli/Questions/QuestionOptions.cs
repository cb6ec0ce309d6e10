using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.Cli.Retention;
using DoSnapshot.EventLog;

namespace DoSnapshot.Cli.Questions;

/// <summary>What every question to a log can be told, and how it is asked.</summary>
internal sealed class QuestionOptions
{
    private readonly Option<string?> store = new(CommandOptions.Store.Display) { Description = $"The log in this PostgreSQL; also by {LogPlace.Variable}." };
    private readonly Option<string?> data = new(CommandOptions.Data.Display) { Description = "The log in this directory." };
    private readonly Option<bool> json = new("--json") { Description = "The answer for programs." };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(json);
        command.Options.Add(store);
        command.Options.Add(data);
    }

    /// <summary>Whether the answer is for programs.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(json);

    /// <summary>Opens the log and asks it.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="ask">The question; it is given the log and the moment, and gives the exit code.</param>
    /// <param name="ct">Ends it.</param>
    public Task<int> AskAsync(ParseResult parsed, Func<IEventLog, DateTimeOffset, Task<int>> ask, CancellationToken ct) =>
        AskOpenedAsync(parsed, (opened, now) => ask(opened.Log, now), ct);

    /// <summary>Opens the log and asks it and its database.</summary>
    /// <inheritdoc cref="AskAsync" path="/param"/>
    public Task<int> AskOpenedAsync(ParseResult parsed, Func<OpenedLog, DateTimeOffset, Task<int>> ask, CancellationToken ct)
    {
        try
        {
            var place = LogPlace.Read(parsed.GetValue(store), parsed.GetValue(data), Environment.GetEnvironmentVariable);
            return LogUse.RunAsync(parsed.CommandResult.Command.Name, place, ask, Console.Error, TimeProvider.System, ct);
        }
        catch (UsageException e)
        {
            return Task.FromResult(ExitCodes.Refuse(e, Console.Error));
        }
    }

    /// <summary>A moment that an option gives; null where it does not.</summary>
    public static DateTimeOffset? Moment(Option<string?> option, ParseResult parsed) =>
        parsed.GetValue(option) is { } text ? OptionText.Moment(option.Name, text) : null;

    /// <summary>The droplets that an option names, by id or name; null where it names none.</summary>
    /// <exception cref="SubjectException">One is not in the log, or a name is several droplets'.</exception>
    public static Task<IReadOnlySet<long>?> DropletsAsync(Option<string[]> option, ParseResult parsed, IEventLog log, CancellationToken ct) =>
        Subjects.DropletsAsync(log, option.Name, parsed.GetValue(option), ct);
}
