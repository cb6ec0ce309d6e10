using System.CommandLine;
using System.Globalization;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.EventLog;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Cli.Questions;

/// <summary><c>history</c>: what happened to a snapshot, a droplet or a plan, in the order of the log.</summary>
internal static class HistoryCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var subject = new Argument<string>("SNAPSHOT|DROPLET|PLAN") { Description = "A plan's name, a droplet's id or name, a snapshot's id (or a unique beginning of it), image id or name." };
        var last = new Option<int>("--last")
        {
            Description = "So many of the last events at most; 0 for all.",
            DefaultValueFactory = _ => HistoryAnswer.Last,
        };
        last.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            {
                result.AddError($"--last '{text}' must be a number from 0 on");
            }
        });
        var shared = new QuestionOptions();
        var command = new Command("history", "Says what happened to a snapshot, to a droplet and its snapshots, or to a plan, and why: from the log, which forgets nothing.")
        {
            subject, last,
        };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => shared.AskAsync(
            parsed,
            (log, _) => RunAsync(log, parsed.GetValue(subject)!, parsed.GetValue(last), shared.IsJson(parsed), Surroundings.Of(parsed).Output, ct),
            () => new ApiQuestion($"history/{ApiQuestion.Segment(parsed.GetValue(subject)!)}", [("last", parsed.GetValue(last).ToString(CultureInfo.InvariantCulture))]),
            ct));
        return command;
    }

    /// <summary>Answers.</summary>
    public static async Task<int> RunAsync(IEventLog log, string subject, int last, bool json, TextWriter output, CancellationToken ct)
    {
        await HistoryAnswer.WriteAsync(log, subject, last, json, output, ct);
        return ExitCodes.Done;
    }
}
