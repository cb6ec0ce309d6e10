using System.Net;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Api.Tests;

/// <summary>Another policy for a plan by HTTP: what it would let go, and that it is saved once, by whom and for whom it may.</summary>
public sealed class PolicyTests
{
    private const string Path = "/v1/plans/p/policy";

    private readonly PostgresFixture _postgres;

    public PolicyTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The plan, the body, the status, and what the problem says.</summary>
    public static TheoryData<string, string, int, string> Refused => new()
    {
        { "p", """{"keep":["1w:1m"],"basedOn":1}""", 400, "reason" },
        { "p", """{"basedOn":1,"reason":"r"}""", 400, "an empty list keeps everything" },
        { "p", """{"keep":["1w"],"basedOn":1,"reason":"r"}""", 400, "'1w': INTERVAL:AGE is wanted" },
        { "p", """{"keep":[],"every":"0h","basedOn":1,"reason":"r"}""", 400, "a number above zero" },
        { "p", """{"keep":[],"reason":"r"}""", 400, "basedOn" },
        { "p", """{"keep":[],"basedOn":1,"reason":"r","regions":[]}""", 400, "'regions' is not known here" },
        { "q", """{"keep":[],"basedOn":1,"reason":"r"}""", 404, "no plan in force of this name" },
        { "p", """{"keep":[],"basedOn":2,"reason":"r"}""", 409, "it is version 1 by now" },
        { "p", """{"keep":["0d:30d"],"basedOn":1,"reason":"r"}""", 409, "it says that already" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_saved_is_a_problem_that_says_why_and_leaves_nothing(string plan, string body, int status, string names)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = await service.SendAsync(HttpMethod.Put, $"/v1/plans/{plan}/policy", body);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal(((HttpStatusCode)status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(names, text, StringComparison.Ordinal);
        Assert.Single(await service.EventsAsync<PlanChanged>());
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData(Service.ViewerToken, 403)]
    [InlineData(Service.OperatorToken, 202)]
    public async Task Only_an_operator_saves(string? token, int status)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = await service.SendAsync(HttpMethod.Put, Path, new { keep = new[] { "1w:1m" }, basedOn = 1, reason = "r" }, token);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal(status == 202 ? 2 : 1, (await service.EventsAsync<PlanChanged>()).Count);
    }

    [Fact]
    public async Task It_is_saved_once_with_who_and_why_also_when_the_answer_was_lost()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        var wanted = new { keep = new[] { "1w:1m", "0d:6m" }, every = "12h", basedOn = 1, reason = "less room" };
        using var first = await service.SendAsync(HttpMethod.Put, Path, wanted, key: "k1");
        using var again = await service.SendAsync(HttpMethod.Put, Path, wanted, key: "k1");
        await service.ForgetAnswersAsync(Ct);
        using var late = await service.SendAsync(HttpMethod.Put, Path, wanted, key: "k1");
        using var other = await service.SendAsync(HttpMethod.Put, Path, wanted with { basedOn = 2 }, key: "k1");

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("/v1/history/p", first.Headers.Location?.ToString());
        var told = await first.Content.ReadAsStringAsync(Ct);
        Assert.Contains("Saved: plan 'p', version 2.", told, StringComparison.Ordinal);
        Assert.Equal((told, told), (await again.Content.ReadAsStringAsync(Ct), await late.Content.ReadAsStringAsync(Ct)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        var saved = (await service.EventsAsync<PlanChanged>())[1];
        Assert.Equal((2, "12h", "api:ann", "less room"), (saved.Version, saved.Terms.Every, saved.Actor, saved.Reason));
        Assert.Equal(["1w:1m", "0d:6m"], saved.Terms.Keep);
        Assert.Equal(2, (await service.EventsAsync<PlanChanged>()).Count);
        using var history = await service.GetAsync("/v1/history/p", "text/plain");
        Assert.Contains("version 2 by api:ann (less room): ", await history.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_configuration_is_the_only_way_in_it_is_refused()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await service.Log.DecideFleetAsync(_ => [new NewEvent(Streams.Plans, new PlansApplied("0f", "plans.yaml", ["p"], OnlyWayIn: true, DateTimeOffset.UnixEpoch))], Ct);
        using var response = await service.SendAsync(HttpMethod.Put, Path, new { keep = Array.Empty<string>(), basedOn = 1, reason = "r" });
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("(Plans:OnlyWayIn): state it there, in plans.yaml", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_learns_what_would_go()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await service.BrakeAsync("none", Ct);
        using var response = await service.SendAsync(HttpMethod.Get, "/v1/what-goes?plan=p&keep=0d:60d&keep=1w:1m", token: Service.ViewerToken);
        var answer = await Service.JsonAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("p", 1, 2), (answer.GetProperty("plan").GetString(), answer.GetProperty("version").GetInt32(), answer.GetProperty("total").GetInt32()));
        Assert.Equal(1, Goes("now", "tried"));
        Assert.Equal(1, Goes("now", "live"));
        var gone = Assert.Single(answer.GetProperty("snapshots").EnumerateArray());
        Assert.Equal(("old", "0d:60d", true), (gone.GetProperty("name").GetString(), gone.GetProperty("rule").GetString(), gone.GetProperty("goesAnyway").GetBoolean()));

        using var kept = await service.GetAsync("/v1/what-goes?plan=p", "text/plain");
        Assert.Contains("now, by this", await kept.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        int Goes(string moment, string side) => answer.GetProperty(moment).GetProperty(side).GetProperty("snapshots").GetInt32();
    }

    [Theory]
    [InlineData("", 400, "plan")]
    [InlineData("?plan=q", 404, "no plan in force of this name")]
    [InlineData("?plan=p&keep=1w", 400, "INTERVAL:AGE")]
    [InlineData("?plan=p&snapshot-interval=0h", 400, "snapshot-interval")]
    [InlineData("?plan=p&every=1d", 400, "it is not known here")]
    public async Task A_question_that_cannot_be_used_is_a_problem(string query, int status, string names)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = await service.GetAsync($"/v1/what-goes{query}");
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Contains(names, await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }
}
