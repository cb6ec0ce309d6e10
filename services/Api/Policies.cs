using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Operating.Answers;
using DoSnapshot.Operating.Manual;
using DoSnapshot.Retention;
using Microsoft.AspNetCore.Mvc;

namespace DoSnapshot.Api;

/// <summary>Another policy for a plan: what it would let go, and the command that saves it.</summary>
internal static class Policies
{
    private const int Days = 30;

    private static readonly string[] Both = [Form.Json, Form.Text];

    public static void MapQuestions(IEndpointRouteBuilder routes) => routes.MapGet("/what-goes", WhatGoesAsync).WithName("what-goes")
        .WithSummary("What another policy would let go of a plan, now and within 30 days, by the planner's own decision").AnswersIn<WhatGoesShape>(Both)
        .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound)
        .WithRequestTimeout(ApiHost.LongTimeout).RequireRateLimiting(ApiHost.LongTimeout);

    public static void MapCommands(IEndpointRouteBuilder routes) => routes.MapPut("/plans/{name}/policy", ChangeAsync)
        .Commands("change-policy", "Saves another policy as the next version of a plan; what it lets go goes past the guards and the brake as ever");

    private static Task<IResult> WhatGoesAsync(
        [Description("The plan in whose place the policy is tried.")] string? plan,
        [Description("Rules, INTERVAL:AGE each, such as 1w:1m; without any, everything is kept.")] string[]? keep,
        [Description("A snapshot this often, such as 1d; as it is, unless it is given."), FromQuery(Name = "snapshot-interval")] string? every,
        [Description("Dollars for a GB in a month, such as 0.06.")] string? price,
        HttpRequest request,
        IEventLog log,
        LogDatabase database,
        CancellationToken ct) => Form.AnswerAsync(request, Both, async (json, output) =>
    {
        var question = new WhatGoesQuestion(
            string.IsNullOrWhiteSpace(plan) ? throw new InputException("plan", null, "it is required") : plan,
            [.. (keep ?? []).Select(k => Questions.Rule(k).ToString())],
            every is null ? null : Questions.Interval("snapshot-interval", every).ToString(),
            Days,
            price is null ? 0.06m : Questions.Price(price));
        await WhatGoesAnswer.WriteAsync(log, question, await database.NowAsync(ct), json, output, ct);
    });

    private static Task<IResult> ChangeAsync(
        [Description("The plan's name."), FromRoute] string name, PolicyMeant wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
        http,
        wanted,
        wanted.Reason,
        Mistakes(wanted),
        (by, _) => PolicyActs.ChangeAsync(log, Questions.Whole(name), new PolicyWanted(wanted.Keep!, wanted.Every, wanted.BasedOn!.Value), by, ct),
        ct);

    private static IEnumerable<(string Field, string Why)> Mistakes(PolicyMeant wanted)
    {
        if (wanted.Keep is null)
        {
            yield return ("keep", "it is required: an empty list keeps everything");
        }
        else if (Array.FindIndex(wanted.Keep, k => !KeepRule.TryParse(k, out _)) is var wrong and >= 0)
        {
            yield return ("keep", $"'{wanted.Keep[wrong]}': INTERVAL:AGE is wanted, such as 1w:1m");
        }

        if (wanted.Every is not null && !(Period.TryParse(wanted.Every, out var period) && period.Duration > TimeSpan.Zero))
        {
            yield return ("every", $"'{wanted.Every}': a number above zero followed by h, d, w or m is wanted");
        }

        if (wanted.BasedOn is null)
        {
            yield return ("basedOn", "it is required: the version of the plan that was looked at");
        }
    }
}

/// <summary>Another policy for a plan.</summary>
/// <param name="Keep">The rules, INTERVAL:AGE each, in place of all of the plan's; an empty list keeps everything.</param>
/// <param name="Every">The time between snapshots, such as 1d; as it is, unless it is given.</param>
/// <param name="BasedOn">The version of the plan that was looked at: where it is another by now, nothing is changed.</param>
/// <param name="Reason">Why, a line of at most 500 characters; the log keeps it.</param>
internal sealed record PolicyMeant([property: Required] string[]? Keep, string? Every, [property: Required] int? BasedOn, [property: Required] string? Reason);
