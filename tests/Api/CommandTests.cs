using System.Net;
using DoSnapshot.Contracts;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Api.Tests;

/// <summary>Commands by HTTP: who may, what is wrong with them, and that a key makes them once only.</summary>
public sealed class CommandTests
{
    private readonly PostgresFixture _postgres;

    public CommandTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What is posted, and the status, the field or word that the problem names.</summary>
    public static TheoryData<string, string, int, string> Refused => new()
    {
        { "/v1/snapshots", """{"droplets":["web-1"]}""", 400, "reason" },
        { "/v1/snapshots", """{"droplets":[],"reason":"r"}""", 400, "droplets" },
        { "/v1/snapshots", """{"droplets":["web-1"],"reason":"a\u0007b"}""", 400, "reason" },
        { "/v1/snapshots", """{"droplets":["web-1"],"reason":"a\u202Eb"}""", 400, "marks of direction" },
        { "/v1/snapshots", """{"droplets":""", 400, "" },
        { "/v1/snapshots", """{"droplets":["nobody"],"reason":"r"}""", 404, "nobody" },
        { "/v1/snapshots", """{"droplets":["twins"],"reason":"r"}""", 409, "candidates" },
        { "/v1/transfers", """{"snapshot":"one","regions":["lon1"],"reason":"r"}""", 409, "only a complete snapshot can be copied" },
        { "/v1/transfers", """{"snapshot":"one","reason":"r"}""", 400, "regions" },
        { "/v1/expiries", """{"snapshot":"one","reason":"r"}""", 409, "not complete yet" },
        { "/v1/unpins", """{"snapshot":"one","reason":"r"}""", 409, "it is not pinned" },
        { "/v1/pins", """{"snapshot":"none","reason":"r"}""", 404, "none" },
        { "/v1/resumes", """{"subject":"p","reason":"r"}""", 409, "it is not paused" },
        { "/v1/pauses", """{"reason":"r"}""", 400, "subject" },
        { "/v1/pauses", """{"subject":"p","reason":"r","foo":1}""", 400, "'foo' is not known here" },
        { "/v1/pauses", """{"subject":7,"reason":"r"}""", 400, "'subject' is not known here, or not of the kind" },
        { "/v1/pauses", "", 400, "A body is wanted: an object in JSON" },
        { "/v1/pauses", "null", 400, "A body is wanted: an object in JSON" },
        { "/v1/pauses", "[]", 400, "it is no JSON of the kind that is wanted" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_done_is_a_problem_that_says_why_and_leaves_nothing(string path, string body, int status, string names)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        var head = await service.Log.HeadAsync(Ct);
        using var response = await service.PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal(((HttpStatusCode)status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(names, text, StringComparison.Ordinal);
        Assert.Equal(head, await service.Log.HeadAsync(Ct));
    }

    [Theory]
    [InlineData(null, "POST", 401)]
    [InlineData("nobody-has-this-token", "POST", 401)]
    [InlineData(Service.ViewerToken, "POST", 403)]
    [InlineData(Service.OperatorToken, "POST", 202)]
    [InlineData(null, "GET", 401)]
    [InlineData(Service.ViewerToken, "GET", 200)]
    [InlineData(Service.OperatorToken, "GET", 200)]
    public async Task A_token_says_who_may_what(string? token, string method, int status)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = method == "GET"
            ? await service.SendAsync(HttpMethod.Get, "/v1/status", token: token)
            : await service.SendAsync(HttpMethod.Post, "/v1/pauses", new { subject = "p", reason = "r" }, token);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal(status == 202 ? ["api:ann"] : [], (await service.EventsAsync<PlanPaused>()).Select(e => e.Actor));
        if (status >= 400)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Contains(
                status == 401 ? "A token is wanted" : "This token may not do that", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_that_is_not_said_to_be_JSON_is_refused_with_what_is_wanted()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/pins") { Content = new StringContent("snapshot=one") };
        request.Headers.Authorization = new("Bearer", Service.OperatorToken);
        using var response = await service.Client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("Content-Type: application/json", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshots_are_asked_for_with_who_and_why_and_can_be_followed()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = await service.PostAsync("/v1/snapshots", new { droplets = new[] { "web-1", "2" }, reason = "before the upgrade" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var asked = (await service.EventsAsync<SnapshotRequested>()).Where(e => e.Reason == "before the upgrade").ToList();
        Assert.All(asked, e => Assert.Equal("api:ann", e.Actor));
        Assert.Equal(
            asked.Select(e => e.SnapshotId.ToString()), (await Service.JsonAsync(response)).GetProperty("accepted").EnumerateArray().Select(a => a.GetProperty("id").GetString()));
        using var history = await service.GetAsync(response.Headers.Location!.ToString(), "text/plain");
        Assert.Contains("before the upgrade", await history.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("k5")]
    public async Task What_would_be_answered_in_no_form_that_is_taken_is_not_done(string? key)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        var head = await service.Log.HeadAsync(Ct);
        using var response = await service.PostAsync("/v1/pins", new { snapshot = "one", reason = "r" }, key, "image/png");
        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal(head, await service.Log.HeadAsync(Ct));
    }

    /// <summary>As the command does: a machine whose clock is wrong writes no wrong time into the log.</summary>
    [Fact]
    public async Task What_is_commanded_and_asked_goes_by_the_databases_clock()
    {
        await using var service = await Service.StartAsync(_postgres, new WrongClock(), Ct);
        var before = await service.Database.NowAsync(Ct);
        using var pin = await service.PostAsync("/v1/pins", new { snapshot = "one", reason = "r" });
        using var asked = await service.PostAsync("/v1/snapshots", new { droplets = new[] { "web-1" }, reason = "keyed" }, "k6");
        var after = await service.Database.NowAsync(Ct);
        Assert.InRange(Assert.Single(await service.EventsAsync<SnapshotPinned>()).At, before, after);
        Assert.InRange((await service.EventsAsync<SnapshotRequested>()).Single(e => e.Reason == "keyed").RequestedAt, before, after);
        using var status = await service.GetAsync("/v1/status");
        Assert.InRange((await Service.JsonAsync(status)).GetProperty("at").GetDateTimeOffset(), after.AddSeconds(-1), await service.Database.NowAsync(Ct));
    }

    /// <summary>A process that ended between what it did and its answer leaves a key that was begun: a repeat, at any replica, finishes it.</summary>
    [Fact]
    public async Task What_was_begun_and_never_answered_is_finished_and_not_done_twice()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        (string Path, object Wanted, string Key)[] commands =
        [
            ("/v1/snapshots", new { droplets = new[] { "web-1", "web-2" }, reason = "begun" }, "k2"),
            ("/v1/pins", new { snapshot = "one", reason = "begun" }, "k3"),
            ("/v1/pauses", new { subject = "p", reason = "begun" }, "k7"),
            ("/v1/pauses", new { subject = "web-1", reason = "begun" }, "k8"),
        ];
        var first = await AnswersAsync(service);
        Assert.All(first, a => Assert.Contains("accepted", a, StringComparison.Ordinal));
        Assert.Equal(2, (await service.EventsAsync<SnapshotRequested>()).Count(e => e.Reason == "begun"));
        var head = await service.Log.HeadAsync(Ct);
        await service.ForgetAnswersAsync(Ct);

        await using var replica = await Service.StartAsync(service.Store, Ct);
        Assert.Equal(first, await AnswersAsync(replica));
        Assert.Equal(head, await service.Log.HeadAsync(Ct));

        async Task<IReadOnlyList<string>> AnswersAsync(Service at)
        {
            var answers = new List<string>();
            foreach (var (path, wanted, key) in commands)
            {
                using var response = await at.PostAsync(path, wanted, key);
                answers.Add($"{response.StatusCode} {await response.Content.ReadAsStringAsync(Ct)}");
            }

            return answers;
        }
    }

    [Fact]
    public async Task What_was_begun_long_ago_and_came_to_nothing_is_done_as_of_now()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        var wanted = new { subject = "p", reason = "late" };
        using var first = await service.PostAsync("/v1/pauses", wanted, "k10");
        using var back = await service.PostAsync("/v1/resumes", new { subject = "p", reason = "r" });
        // As of a first attempt of two hours ago that left nothing in the log.
        await service.ForgetAnswersAsync(Ct, ago: TimeSpan.FromHours(2));

        using var again = await service.PostAsync("/v1/pauses", wanted, "k10");

        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        var paused = (await service.EventsAsync<PlanPaused>()).Where(e => e.Reason == "late").ToList();
        Assert.Equal(2, paused.Count);
        Assert.InRange(paused[1].At - paused[0].At, TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_key_is_its_callers_own()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var ann = await service.PostAsync("/v1/snapshots", new { droplets = new[] { "web-1" }, reason = "r" }, "k4");
        using var eve = await service.SendAsync(HttpMethod.Post, "/v1/snapshots", new { droplets = new[] { "web-2" }, reason = "r" }, "operator-token-of-eve", "k4");
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (ann.StatusCode, eve.StatusCode));
        Assert.Equal(["api:ann", "api:eve"], (await service.EventsAsync<SnapshotRequested>()).Where(e => e.Reason == "r").Select(e => e.Actor));
    }

    [Fact]
    public async Task The_same_key_makes_one_and_is_answered_the_same_also_at_once_and_by_another_replica()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await using var replica = await Service.StartAsync(service.Store, Ct);
        var wanted = new { droplets = new[] { "web-2" }, reason = "once" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? service : replica).PostAsync("/v1/snapshots", wanted, "k1")));
        // One that comes while the first is at work is told so.
        Assert.All(answers, a => Assert.Contains(a.StatusCode, (HttpStatusCode[])[HttpStatusCode.Accepted, HttpStatusCode.Conflict]));
        var first = await answers.First(a => a.StatusCode == HttpStatusCode.Accepted).Content.ReadAsStringAsync(Ct);
        using var later = await replica.PostAsync("/v1/snapshots", wanted, "k1");
        Assert.Equal((HttpStatusCode.Accepted, first), (later.StatusCode, await later.Content.ReadAsStringAsync(Ct)));
        Assert.Single(await service.EventsAsync<SnapshotRequested>(), e => e.Reason == "once");

        using var other = await service.PostAsync("/v1/snapshots", new { droplets = new[] { "web-1" }, reason = "once" }, "k1");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    private sealed class WrongClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddYears(-2);
    }
}
