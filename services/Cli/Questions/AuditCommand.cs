using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.Retention;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Audit;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Cli.Questions;

/// <summary><c>audit</c>: replays the log and judges every decision to remove a snapshot by what was known then.</summary>
internal static class AuditCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var from = new Option<string?>("--from") { Description = "Judge what happened at this time or later, such as 2026-01-31 or 2026-01-31T03:00:00Z." };
        var to = new Option<string?>("--to") { Description = "Judge what happened before this time." };
        var droplet = new Option<string[]>("--droplet") { Description = "Judge this droplet alone, by id or name (several --droplet are possible)." };
        var openLimit = new Option<string?>("--open-limit") { Description = "An expiry that has not ended after this long is a warning (default: 1d)." };
        var shared = new QuestionOptions();
        var command = new Command(
            "audit",
            "Replays the log, decides every removal again by what was known at its moment, and compares. The report is Markdown, or JSON with --json. Ends with 1 if anything does not hold.")
        {
            from, to, droplet, openLimit,
        };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => shared.AskAsync(
            parsed,
            async (log, now) => await RunAsync(
                log,
                Terms(parsed) with { Droplets = await QuestionOptions.DropletsAsync(droplet, parsed, log, ct) },
                now,
                shared.IsJson(parsed),
                Surroundings.Of(parsed).Output,
                ct),
            () =>
            {
                _ = Checked(Terms(parsed));
                return new ApiQuestion(
                    "audit",
                    [
                        ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)), ("open-limit", parsed.GetValue(openLimit)),
                        .. QuestionOptions.All("droplet", parsed.GetValue(droplet)),
                    ],
                    Form: "text/markdown",
                    IsJudged: true,
                    IsLong: true);
            },
            ct));
        return command;

        AuditTerms Terms(ParseResult parsed) => new()
        {
            From = QuestionOptions.Moment(from, parsed),
            To = QuestionOptions.Moment(to, parsed),
            OpenLimit = parsed.GetValue(openLimit) is { } limit ? OptionText.Period(openLimit.Name, limit).Duration : new AuditTerms().OpenLimit,
        };
    }

    /// <summary>Audits. 0 where everything that was judged holds, else 1.</summary>
    public static async Task<int> RunAsync(IEventLog log, AuditTerms terms, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct)
    {
        return await AuditAnswer.WriteAsync(log, Checked(terms), now, json, output, ct) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static AuditTerms Checked(AuditTerms terms) => terms.From >= terms.To
        ? throw new UsageException($"--from {Stamp.Of(terms.From!.Value)} is not before --to {Stamp.Of(terms.To!.Value)}")
        : terms;
}
