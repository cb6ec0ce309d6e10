using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.Retention;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Cli.Questions;

/// <summary><c>forecast</c>: what goes next, when and why.</summary>
internal static class ForecastCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var subject = new Argument<string?>("SNAPSHOT|DROPLET|PLAN") { Description = "Of this alone (default: of everything).", Arity = ArgumentArity.ZeroOrOne };
        var days = new Option<int>("--days") { Description = $"For so many days (default: {ForecastQuestion.UsualDays}).", DefaultValueFactory = _ => ForecastQuestion.UsualDays };
        days.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= ForecastQuestion.MostDays))
            {
                result.AddError($"--days '{text}' must be a number from 1 to {ForecastQuestion.MostDays}");
            }
        });
        var price = new Option<string>("--price") { Description = "Dollars for a gigabyte and month.", DefaultValueFactory = _ => "0.06" };
        var ics = new Option<bool>("--ics") { Description = "The answer for calendars." };
        var shared = new QuestionOptions();
        var command = new Command(
            "forecast",
            "Says what goes next, when, by which rule and in favour of what, and what will be stored, if everything goes on as it is. Changes nothing.")
        {
            subject, days, price, ics,
        };
        shared.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(ics) && result.GetResult("--json") is OptionResult { Implicit: false })
            {
                result.AddError("--ics and --json exclude each other");
            }
        });
        command.SetAction((parsed, ct) => shared.AskAsync(
            parsed,
            async (log, now) =>
            {
                var form = shared.IsJson(parsed) ? ForecastForm.Json : parsed.GetValue(ics) ? ForecastForm.Calendar : ForecastForm.Text;
                var question = new ForecastQuestion(parsed.GetValue(subject), parsed.GetValue(days), OptionText.Price(parsed.GetValue(price)!));
                await ForecastAnswer.WriteAsync(log, question, now, form, Surroundings.Of(parsed).Output, ct);
                return ExitCodes.Done;
            },
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
}
