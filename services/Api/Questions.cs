using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Inquiry.Audit;
using DoSnapshot.Inquiry.WhatIf;
using DoSnapshot.Operating;
using DoSnapshot.Operating.Answers;
using DoSnapshot.Retention;
using Microsoft.AspNetCore.Mvc;

namespace DoSnapshot.Api;

/// <summary>The questions.</summary>
internal static class Questions
{
    /// <summary>Whether everything that an audit judged holds, in a header: a report as text has it in words.</summary>
    public const string Holds = "Audit-Holds";

    private static readonly string[] Both = [Form.Json, Form.Text];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", StatusAsync).WithName("status").WithSummary("How each droplet stands, worst first, and what runs on the log").AnswersIn<StatusShape>(Both);
        routes.MapGet("/history/{subject}", HistoryAsync).WithName("history").WithSummary("All that happened to a plan, a droplet or a snapshot").AnswersIn<HistoryShape>(Both)
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapGet("/snapshots/{subject}/explanation", ExplainAsync).WithName("explain")
            .WithSummary("Why a snapshot exists, why it is kept or was removed, and when that may change").AnswersIn<ExplanationShape>(Both)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapGet("/snapshots/{subject}", SnapshotAsync).WithName("snapshot-state").WithSummary("How a snapshot stands: its phase, where it is, its copies, and what holds it")
            .AnswersIn<SnapshotShape>(Both).Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapGet("/audit", AuditAsync).WithName("audit")
            .WithSummary("Every decision to remove a snapshot, judged again by what was known then; the header Audit-Holds says whether all hold")
            .AnswersIn<AuditShape>(Form.Json, Form.Markdown, Form.Text).Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict)
            .WithRequestTimeout(ApiHost.LongTimeout).RequireRateLimiting(ApiHost.LongTimeout);
        routes.MapGet("/brakes", BrakesAsync).WithName("brakes").WithSummary("Which brakes are on and what they hold, and which are released, until when and by whom")
            .AnswersIn<BrakesShape>(Both);
        Forecasts.Map(routes);
        Policies.MapQuestions(routes);
        Watching.Map(routes);
        routes.MapGet("/what-if", WhatIfAsync).WithName("what-if").WithSummary("What the log's time would have been like under another policy").AnswersIn<WhatIfShape>(Both)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict)
            .WithRequestTimeout(ApiHost.LongTimeout).RequireRateLimiting(ApiHost.LongTimeout);
    }

    private static Task<IResult> StatusAsync(HttpRequest request, StatusBoard board, LogDatabase database, CancellationToken ct) => Form.AnswerAsync(
        request, Both, async (json, output) => await StatusAnswer.WriteAsync(await board.StatusAsync(ct), json, output, await database.RunningAsync(ct)));

    private static Task<IResult> SnapshotAsync(
        [Description("A snapshot's id, a unique beginning of it, its image id, or its name.")] string subject,
        HttpRequest request,
        IEventLog log,
        LogDatabase database,
        CancellationToken ct) => Form.AnswerAsync(
        request, Both, async (json, output) => await SnapshotAnswer.WriteAsync(log, Whole(subject), await database.NowAsync(ct), json, output, ct));

    private static Task<IResult> BrakesAsync(HttpRequest request, IEventLog log, StatusBoard board, LogDatabase database, CancellationToken ct) => Form.AnswerAsync(
        request, Both, async (json, output) => await BrakesAnswer.WriteAsync(log, await database.NowAsync(ct), json, output, ct, known: await board.FleetAsync(ct)));

    private static Task<IResult> HistoryAsync(
        [Description("A plan's name, a droplet's id or name, or a snapshot's id, a unique beginning of it, image id or name.")] string subject,
        [Description("So many of the last events at most, 500 unless it is given; 0 for all."), Range(0, int.MaxValue)] int? last,
        HttpRequest request,
        IEventLog log,
        CancellationToken ct) => Form.AnswerAsync(
        request,
        Both,
        (json, output) => HistoryAnswer.WriteAsync(
            log, Whole(subject), last is < 0 ? throw new InputException("last", $"{last}", "a number from 0 on is wanted") : last ?? HistoryAnswer.Last, json, output, ct));

    private static Task<IResult> ExplainAsync(
        [Description("A snapshot's id, a unique beginning of it, its image id, or its name.")] string subject,
        [Description("As it was at this time, such as 2026-01-31T03:00:00Z; now, unless it is given.")] string? at,
        HttpRequest request,
        IEventLog log,
        LogDatabase database,
        CancellationToken ct) => Form.AnswerAsync(
        request,
        Both,
        async (json, output) => await ExplainAnswer.WriteAsync(log, Whole(subject), Moment("at", at), await database.NowAsync(ct), json, output, ct));

    private static Task<IResult> AuditAsync(
        [Description("Decisions from this time on.")] string? from,
        [Description("Decisions before this time.")] string? to,
        [Description("Of these droplets only, by id or name.")] string[]? droplet,
        [Description("A removal that has not ended after this long is a warning, such as 1d."), FromQuery(Name = "open-limit")] string? openLimit,
        HttpContext http,
        IEventLog log,
        LogDatabase database,
        CancellationToken ct) =>
        Form.AnswerAsync(http.Request, [Form.Json, Form.Markdown, Form.Text], async (json, output) =>
        {
            var terms = new AuditTerms
            {
                From = Moment("from", from),
                To = Moment("to", to),
                Droplets = await Subjects.DropletsAsync(log, "droplet", droplet, ct),
                OpenLimit = openLimit is null ? new AuditTerms().OpenLimit : Interval("open-limit", openLimit).Duration,
            };
            if (terms.From >= terms.To)
            {
                throw new InputException("from", from, $"it is not before 'to', {Stamp.Of(terms.To!.Value)}");
            }

            var holds = await AuditAnswer.WriteAsync(log, terms, await database.NowAsync(ct), json, output, ct);
            http.Response.Headers[Holds] = holds ? "true" : "false";
        });

    private static Task<IResult> WhatIfAsync(
        [Description("Rules, INTERVAL:AGE each, such as 1w:1m.")] string[]? keep,
        [Description("A snapshot this often, such as 1d."), FromQuery(Name = "snapshot-interval")] string? every,
        [Description("Up to this time all is taken as it was; the log's beginning, unless it is given.")] string? from,
        [Description("Of this plan only.")] string? plan,
        [Description("Of these droplets only, by id or name.")] string[]? droplet,
        [Description("Dollars for a GB in a month, such as 0.06.")] string? price,
        [Description("With a chart, in text.")] bool? chart,
        HttpRequest request,
        IEventLog log,
        LogDatabase database,
        CancellationToken ct) => Form.AnswerAsync(request, Both, async (json, output) =>
    {
        var terms = new WhatIfTerms
        {
            Keep = keep is { Length: > 0 } ? new RetentionPolicy(keep.Select(Rule)) : null,
            Every = every is null ? null : Interval("snapshot-interval", every),
            From = Moment("from", from),
            Plan = plan,
            Droplets = await Subjects.DropletsAsync(log, "droplet", droplet, ct),
            Price = price is null ? 0.06m : Price(price),
        };
        if (terms is { Keep: null, Every: null })
        {
            throw new InputException("keep", null, "another policy is wanted: keep=INTERVAL:AGE, snapshot-interval=AGE or both");
        }

        await WhatIfAnswer.WriteAsync(log, terms, await database.NowAsync(ct), json, chart ?? false, output, ct);
    });

    /// <summary>A name from the path. A slash within it is left as it came, since it would end the segment.</summary>
    internal static string Whole(string subject) => subject.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static DateTimeOffset? Moment(string field, string? text) => text is null
        ? null
        : Stamp.TryRead(text, out var moment) ? moment : throw new InputException(field, text, "a time such as 2018-10-09T01:47:36Z is wanted");

    internal static KeepRule Rule(string text) => KeepRule.TryParse(text, out var rule)
        ? rule
        : throw new InputException("keep", text, "INTERVAL:AGE is wanted, such as 1w:1m");

    internal static Period Interval(string field, string text) => Period.TryParse(text, out var period) && period.Duration > TimeSpan.Zero
        ? period
        : throw new InputException(field, text, "a number above zero followed by h, d, w or m is wanted");

    internal static decimal Price(string text) =>
        decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price < 1_000_000
            ? price
            : throw new InputException("price", text, "a number of dollars such as 0.06 is wanted");
}
