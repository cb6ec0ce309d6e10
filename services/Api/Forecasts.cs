using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Operating.Answers;
using Microsoft.AspNetCore.Mvc;

namespace DoSnapshot.Api;

/// <summary>What goes next: as an answer, and as a calendar that others subscribe to.</summary>
internal static class Forecasts
{
    private static readonly string[] Forms = [Form.Json, Form.Text, Form.Calendar];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/forecast", AnswerAsync).WithName("forecast").WithSummary("What goes next, when and why, if everything goes on as it is").AnswersIn<ForecastShape>(Forms)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict)
            .WithRequestTimeout(ApiHost.LongTimeout).RequireRateLimiting(ApiHost.LongTimeout);
        routes.MapGet("/forecast.ics", CalendarAsync).WithName("forecast-calendar").WithSummary("The same as a calendar, whatever form is asked for").AnswersIn<string>(Form.Calendar)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict)
            .WithRequestTimeout(ApiHost.LongTimeout).RequireRateLimiting(ApiHost.LongTimeout);
    }

    private static Task<IResult> AnswerAsync(
        [Description("A plan's name, a droplet's id or name, or a snapshot's id, a unique beginning of it, image id or name; everything, unless it is given."), FromQuery] string? subject,
        [Description("For so many days, 30 unless it is given."), Range(1, ForecastQuestion.MostDays)] int? days,
        [Description("Dollars for a GB in a month, such as 0.06.")] string? price,
        [Description("Whether snapshots are told of that neither go nor are held: they are, unless it is false.")] bool? staying,
        HttpRequest request,
        IEventLog log,
        LogDatabase database,
        CancellationToken ct) => Form.AnswerInAsync(
        request,
        Forms,
        async (form, output) => await ForecastAnswer.WriteAsync(
            log,
            Question(subject, days, price, staying ?? true),
            await database.NowAsync(ct),
            form switch
            {
                Form.Json => ForecastForm.Json,
                Form.Calendar => ForecastForm.Calendar,
                _ => ForecastForm.Text,
            },
            output,
            ct));

    private static async Task<IResult> CalendarAsync(
        [Description("As for the forecast."), FromQuery] string? subject,
        [Description("As for the forecast."), Range(1, ForecastQuestion.MostDays)] int? days,
        IEventLog log,
        LogDatabase database,
        CancellationToken ct)
    {
        await using var writer = new StringWriter();
        await ForecastAnswer.WriteAsync(log, Question(subject, days, price: null), await database.NowAsync(ct), ForecastForm.Calendar, writer, ct);
        return Results.Text(writer.ToString(), Form.Calendar, System.Text.Encoding.UTF8);
    }

    private static ForecastQuestion Question(string? subject, int? days, string? price, bool staying = true) => new(
        string.IsNullOrEmpty(subject) ? null : subject,
        days is < 1 or > ForecastQuestion.MostDays
            ? throw new InputException("days", $"{days}", $"a number from 1 to {ForecastQuestion.MostDays} is wanted")
            : days ?? ForecastQuestion.UsualDays,
        price is null ? 0.06m : Questions.Price(price),
        staying);
}
