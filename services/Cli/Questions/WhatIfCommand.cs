using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.Retention;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.WhatIf;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Cli.Questions;

/// <summary><c>what-if</c>: what another policy would have made of the real history.</summary>
internal static class WhatIfCommand
{
    private const string Name = "what-if";

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var keep = new Option<string[]>("--keep", "-k") { Description = "A rule INTERVAL:AGE in place of the plans' own, such as 1w:1m; may be repeated." };
        var every = new Option<string?>("--snapshot", "-s") { Description = "The time between snapshots in place of the plans' own; a shorter one needs invented snapshots." };
        var from = new Option<string?>("--from") { Description = "Up to this time all was as it was (default: from the beginning of the log)." };
        var plan = new Option<string?>("--plan") { Description = "Instead of this plan's policy alone." };
        var droplet = new Option<string[]>("--droplet") { Description = "Of this droplet alone, by id or name (several --droplet are possible)." };
        var price = new Option<string>("--price") { Description = "Dollars for a gigabyte and month.", DefaultValueFactory = _ => "0.06" };
        var chart = new Option<bool>("--chart") { Description = "Draw what is stored over time, as it was and as it would have been." };
        var shared = new QuestionOptions();
        var command = new Command(
            Name,
            "Replays the real history under another policy: what would exist today, what would be gone that is kept, the reverse, and what it costs. Changes nothing.")
        {
            keep, every, from, plan, droplet, price, chart,
        };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => shared.AskAsync(
            parsed,
            async (log, now) => await RunAsync(
                log,
                Terms(parsed) with { Droplets = await QuestionOptions.DropletsAsync(droplet, parsed, log, ct) },
                now,
                shared.IsJson(parsed),
                parsed.GetValue(chart),
                Surroundings.Of(parsed).Output,
                ct),
            () =>
            {
                _ = Checked(Terms(parsed));
                return new ApiQuestion(
                    "what-if",
                    [
                        .. QuestionOptions.All("keep", parsed.GetValue(keep)), ("snapshot-interval", parsed.GetValue(every)), ("from", parsed.GetValue(from)),
                        ("plan", parsed.GetValue(plan)), .. QuestionOptions.All("droplet", parsed.GetValue(droplet)), ("price", parsed.GetValue(price)),
                        ("chart", parsed.GetValue(chart) ? "true" : null),
                    ],
                    IsLong: true);
            },
            ct));
        return command;

        WhatIfTerms Terms(ParseResult parsed) => new()
        {
            Keep = parsed.GetValue(keep) is { Length: > 0 } rules ? OptionText.Policy(rules) : null,
            Every = parsed.GetValue(every) is { } text ? OptionText.Period(OptionText.Every, text) : null,
            From = QuestionOptions.Moment(from, parsed),
            Plan = parsed.GetValue(plan),
            Price = OptionText.Price(parsed.GetValue(price)!),
        };
    }

    /// <summary>Answers.</summary>
    /// <exception cref="UsageException">No other policy is given.</exception>
    public static async Task<int> RunAsync(
        IEventLog log, WhatIfTerms terms, DateTimeOffset now, bool json, bool chart, TextWriter output, CancellationToken ct)
    {
        await WhatIfAnswer.WriteAsync(log, Checked(terms), now, json, chart, output, ct);
        return ExitCodes.Done;
    }

    private static WhatIfTerms Checked(WhatIfTerms terms) => terms is { Keep: null, Every: null }
        ? throw new UsageException($"{Name} needs another policy: {OptionText.Keep} INTERVAL:AGE, {OptionText.Every} AGE or both")
        : terms;
}
