using System.CommandLine;
using System.Globalization;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.Retention;
using DoSnapshot.EventLog;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Cli.Questions;

/// <summary><c>forecast</c>: what goes next, when and why.</summary>
internal static class ForecastCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var subject = new Argument<string?>("SNAPSHOT|DROPLET|PLAN") { Description = "Of this alone (default: of everything).", Arity = ArgumentArity.ZeroOrOne };
        var days = new Option<int>("--days") { Description = "For so many days.", DefaultValueFactory = _ => ForecastQuestion.UsualDays };
        days.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= ForecastQuestion.MostDays))
            {
                result.AddError($"--days '{text}' must be a number from 1 to {ForecastQuestion.MostDays}");
            }
        });
        var price = new Option<string>("--price") { Description = "Dollars for a gigabyte and month.", DefaultValueFactory = _ => "0.06" };
        var ics = new Option<bool>("--ics") { Description = "The answer for calendars: what goes, and nothing besides." };
        var shared = new QuestionOptions();
        var command = new Command(
            "forecast",
            "Says what goes next, when, by which rule and in favour of what, and what will be stored and what it costs, if everything goes on as it is. Changes nothing.")
        {
            subject, days, price, ics,
        };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => parsed.GetValue(ics) && shared.IsJson(parsed)
            ? Task.FromResult(ExitCodes.Refuse(new UsageException("--ics and --json exclude each other"), Surroundings.Of(parsed).Error))
            : shared.AskAsync(
                parsed,
                (log, now) => RunAsync(
                    log,
                    new ForecastQuestion(parsed.GetValue(subject), parsed.GetValue(days), OptionText.Price(parsed.GetValue(price)!)),
                    now,
                    shared.IsJson(parsed) ? ForecastForm.Json : parsed.GetValue(ics) ? ForecastForm.Calendar : ForecastForm.Text,
                    Surroundings.Of(parsed).Output,
                    ct),
                () =>
                {
                    _ = OptionText.Price(parsed.GetValue(price)!);
                    return new ApiQuestion(
                        "forecast",
                        [("subject", parsed.GetValue(subject)), ("days", parsed.GetValue(days).ToString(CultureInfo.InvariantCulture)), ("price", parsed.GetValue(price))],
                        Form: parsed.GetValue(ics) ? "text/calendar" : ApiQuestion.Text,
                        IsLong: true);
                },
                ct));
        return command;
    }

    /// <summary>Answers.</summary>
    /// <exception cref="SubjectException">The log knows nothing of that name, or several things, or the snapshot is not there.</exception>
    public static async Task<int> RunAsync(
        IEventLog log, ForecastQuestion question, DateTimeOffset now, ForecastForm form, TextWriter output, CancellationToken ct)
    {
        await ForecastAnswer.WriteAsync(log, question, now, form, output, ct);
        return ExitCodes.Done;
    }
}
