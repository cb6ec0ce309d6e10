using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Operating;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Api;

/// <summary>Questions of those who watch: who they are, what has happened since they asked last, and all there is to show of a droplet.</summary>
internal static class Watching
{
    /// <summary>Longer than this nobody waits: a proxy might give up first.</summary>
    private const int LongestWait = 25;

    /// <summary>Each word of it is looked for in each of tens of thousands of events.</summary>
    private const int LongestSearch = 200;

    private static readonly string[] Both = [Form.Json, Form.Text];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/me", MeAsync).WithName("me").WithSummary("Who asks, and what that caller may do").AnswersIn<MeShape>(Both);
        routes.MapGet("/events", EventsAsync).WithName("events").WithSummary("What happened in the log after one of its places; waits for it where it is told to").AnswersIn<EventsShape>(Both)
            .Refuses(StatusCodes.Status400BadRequest).RequireRateLimiting(ApiHost.SearchLimit);
        routes.MapGet("/plans", PlansAsync).WithName("plans").WithSummary("What the plans in force say").AnswersIn<PlansShape>(Both);
        routes.MapGet("/past-status", PastStatusAsync).WithName("past-status").WithSummary("How each droplet stood at a moment, by what the log knew of it").AnswersIn<PastStatusShape>(Both)
            .Refuses(StatusCodes.Status400BadRequest).WithRequestTimeout(ApiHost.LongTimeout).RequireRateLimiting(ApiHost.LongTimeout);
        routes.MapGet("/slots", SlotsAsync).WithName("slots").WithSummary("What came of the last turns of the schedules of several droplets").AnswersIn<SlotsShape>(Both)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapGet("/uncovered", UncoveredAsync).WithName("uncovered").WithSummary("The droplets that no plan covers, and why").AnswersIn<UncoveredShape>(Both);
        routes.MapGet("/droplets/{subject}", DropletAsync).WithName("droplet")
            .WithSummary("A droplet with its plan, the last turns of its schedule, and its snapshots, those that are gone, too").AnswersIn<DropletViewShape>(Both)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static Task<IResult> MeAsync(HttpRequest request, ClaimsPrincipal user) => Form.AnswerAsync(request, Both, (json, output) =>
    {
        var me = new MeShape { Name = user.Identity?.Name ?? "", Role = user.IsInRole(Callers.Operator) ? Callers.Operator : Callers.Viewer };
        return output.WriteLineAsync(json ? JsonSerializer.Serialize(me, JsonSerializerOptions.Web) : ShownText.Of($"{me.Name}, {me.Role}"));
    });

    private static Task<IResult> EventsAsync(
        [Description("Those after this place in the log: the number of an event. Without it, the last ones.")] string? after,
        [Description("So many at most, 500 unless it is given."), Range(1, EventsQuestion.MostAtOnce)] int? limit,
        [Description("Those alone that have all of these words in them. 50000 events are looked through at once: 'last' says how far.")] string? search,
        [Description("Where there are none yet, wait for them for so many seconds."), Range(0, LongestWait)] int? wait,
        HttpRequest request,
        IEventLog log,
        LogHead head,
        CancellationToken ct) => Form.AnswerAsync(request, Both, async (json, output) =>
    {
        var most = Within("limit", limit ?? EventsQuestion.UsualLimit, 1, EventsQuestion.MostAtOnce);
        var patience = Within("wait", wait ?? 0, 0, LongestWait);
        if (search is { Length: > LongestSearch })
        {
            throw new InputException("search", null, $"{LongestSearch} characters are the most");
        }

        var place = after is null
            // Numbers are left out now and then, so that these may be fewer.
            ? Math.Max(0, await log.HeadAsync(ct) - most)
            : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : throw new InputException("after", after, "the number of an event is wanted");
        if (patience > 0)
        {
            await head.WaitAsync(place, TimeSpan.FromSeconds(patience), ct);
        }

        await EventsAnswer.WriteAsync(log, new EventsQuestion(place, most, search ?? ""), json, output, ct);
    });

    private static Task<IResult> PlansAsync(HttpRequest request, IEventLog log, CancellationToken ct) =>
        Form.AnswerAsync(request, Both, (json, output) => PlansAnswer.WriteAsync(log, json, output, ct));

    private static Task<IResult> PastStatusAsync(
        [Description("The moment, such as 2026-01-31T03:00:00Z.")] string? at, HttpRequest request, IEventLog log, LogDatabase database, CancellationToken ct) =>
        Form.AnswerAsync(request, Both, async (json, output) =>
        {
            var moment = Stamp.TryRead(at, out var given) ? given : throw new InputException("at", at, "a time such as 2018-10-09T01:47:36Z is wanted");
            if (moment > await database.NowAsync(ct))
            {
                throw new InputException("at", at, "it is in the future");
            }

            await StatusAnswer.WritePastAsync(log, moment, json, output, ct);
        });

    private static Task<IResult> SlotsAsync(
        [Description("A droplet's id or name, for each that is wanted; 100 at most."), MinLength(1), MaxLength(SlotsShape.MostDroplets)] string[]? droplet,
        HttpRequest request,
        IEventLog log,
        LogDatabase database,
        CancellationToken ct) => Form.AnswerAsync(request, Both, async (json, output) =>
    {
        if (droplet is not { Length: > 0 and <= SlotsShape.MostDroplets })
        {
            throw new InputException("droplet", null, $"1 to {SlotsShape.MostDroplets} droplets are wanted, by id or name: droplet=web-1&droplet=web-2");
        }

        await SlotsAnswer.WriteAsync(log, droplet, await database.NowAsync(ct), json, output, ct);
    });

    private static Task<IResult> UncoveredAsync(HttpRequest request, IEventLog log, StatusBoard board, LogDatabase database, CancellationToken ct) => Form.AnswerAsync(
        request, Both, async (json, output) => await UncoveredAnswer.WriteAsync(
            log, await database.NowAsync(ct), json, output, (await database.RunningAsync(ct)).PlannerLeads, ct, await board.FleetAsync(ct)));

    private static Task<IResult> DropletAsync(
        [Description("A droplet's id or name.")] string subject,
        [Description("By so many of its last events, 5000 unless it is given; 0 for all."), Range(0, int.MaxValue)] int? last,
        HttpRequest request,
        IEventLog log,
        LogDatabase database,
        CancellationToken ct) => Form.AnswerAsync(request, Both, async (json, output) => await DropletAnswer.WriteAsync(
        log, Questions.Whole(subject), Within("last", last ?? DropletAnswer.Last, 0, int.MaxValue), await database.NowAsync(ct), json, output, ct));

    private static int Within(string field, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new InputException(field, $"{value}", $"a number from {least} to {most} is wanted");
}
