using System.CommandLine;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.EventLog;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Cli.Questions;

/// <summary><c>explain</c>: why a snapshot exists, why it is kept or was removed, and when that may change.</summary>
internal static class ExplainCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var subject = new Argument<string>("SNAPSHOT") { Description = "Its id or a unique beginning of it, its image id, or its name." };
        var at = new Option<string?>("--at") { Description = "As it was at this time, such as 2026-01-31T03:00:00Z (default: now)." };
        var shared = new QuestionOptions();
        var command = new Command("explain", "Says why a snapshot exists, why it is kept or was removed and by which rule of which plan, and when that may change.") { subject, at };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => shared.AskAsync(
            parsed,
            (log, now) => RunAsync(log, parsed.GetValue(subject)!, QuestionOptions.Moment(at, parsed), now, shared.IsJson(parsed), Surroundings.Of(parsed).Output, ct),
            () =>
            {
                _ = QuestionOptions.Moment(at, parsed);
                return new ApiQuestion($"snapshots/{ApiQuestion.Segment(parsed.GetValue(subject)!)}/explanation", [("at", parsed.GetValue(at))]);
            },
            ct));
        return command;
    }

    /// <summary>Answers.</summary>
    /// <exception cref="SubjectException">The log knows no such snapshot, or did not at that time.</exception>
    public static async Task<int> RunAsync(
        IEventLog log, string subject, DateTimeOffset? at, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct)
    {
        await ExplainAnswer.WriteAsync(log, subject, at, now, json, output, ct);
        return ExitCodes.Done;
    }
}
