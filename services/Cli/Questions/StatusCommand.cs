using System.CommandLine;
using DoSnapshot.EventLog;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Cli.Questions;

/// <summary><c>status</c>: how the droplets and their snapshots stand.</summary>
internal static class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var shared = new QuestionOptions();
        var command = new Command("status", "Says how each droplet stands, worst first: its last good snapshot, what is due, at work, put off or failed, and why.");
        shared.AddTo(command);
        command.SetAction((parsed, ct) => shared.AskAsync(parsed, (log, now) => RunAsync(log, now, shared.IsJson(parsed), Console.Out, ct), ct));
        return command;
    }

    /// <summary>Answers.</summary>
    public static async Task<int> RunAsync(IEventLog log, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct)
    {
        await StatusAnswer.WriteAsync(log, now, json, output, ct);
        return ExitCodes.Done;
    }
}
