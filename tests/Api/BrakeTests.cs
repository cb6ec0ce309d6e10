using System.Net;
using DoSnapshot.Contracts;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Api.Tests;

/// <summary>Brakes by HTTP: which are on, what they hold, and their release, once only.</summary>
public sealed class BrakeTests
{
    private readonly PostgresFixture _postgres;

    public BrakeTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Which brakes are on, what is posted, and the status and what the problem says.</summary>
    public static TheoryData<string, string, int, string> Refused => new()
    {
        { "none", """{"plan":"p","reason":"r"}""", 404, "PLAN 'p': no brake is on there, nor anywhere" },
        { "plan", """{"plan":"q","reason":"r"}""", 404, "PLAN 'q': no brake is on there; one is on in 'p'" },
        { "plan", """{"reason":"r"}""", 400, "\"plan\"" },
        { "plan", """{"plan":"p"}""", 400, "\"reason\"" },
        { "plan", """{"plan":"p","droplet":"web-1","reason":"r"}""", 400, "it is released as a whole" },
        { "droplets", """{"plan":"p","droplet":"web-1","allDroplets":true,"reason":"r"}""", 400, "exclude each other" },
        { "droplets", """{"plan":"p","reason":"r"}""", 409, "\"candidates\"" },
        { "droplets", """{"plan":"p","droplet":"web-9","reason":"r"}""", 404, "no brake is on there; one is on for 1 ('web-1'), 2 ('web-2')" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_not_on_or_not_said_releases_nothing(string on, string body, int status, string says)
    {
        await using var service = await StartAsync(on);
        var head = await service.Log.HeadAsync(Ct);
        using var response = await service.PostAsync("/v1/brake-releases", body);
        Assert.Equal(((HttpStatusCode)status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(says, await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(head, await service.Log.HeadAsync(Ct));
    }

    [Fact]
    public async Task What_is_on_is_told_with_what_it_holds_and_what_is_released_with_who_and_until_when()
    {
        await using var service = await StartAsync("plan");
        using var before = await service.GetAsync("/v1/brakes");
        var on = Assert.Single((await Service.JsonAsync(before)).GetProperty("on").EnumerateArray());
        Assert.Equal(("p", "5 of 6"), (on.GetProperty("plan").GetString(), on.GetProperty("detail").GetString()));
        Assert.Equal(["old"], on.GetProperty("held").EnumerateArray().Select(h => h.GetProperty("name").GetString()));
        using var text = await service.GetAsync("/v1/brakes", "text/plain");
        Assert.Contains("To release it: do-snapshot release-brake p --reason TEXT", await text.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        using var released = await service.PostAsync("/v1/brake-releases", new { plan = "p", reason = "looked" });
        Assert.Equal(HttpStatusCode.Accepted, released.StatusCode);
        var told = Assert.Single((await Service.JsonAsync(released)).GetProperty("accepted").EnumerateArray());
        Assert.StartsWith("Released for a day: plan 'p'. At the next decision 1 snapshot would go, made at ", told.GetProperty("says").GetString(), StringComparison.Ordinal);
        var e = Assert.Single(await service.EventsAsync<BrakeReleased>());
        Assert.Equal(("p", null, "api:ann", "looked"), (e.Plan, e.DropletId, e.Actor, e.Reason));

        using var after = await service.GetAsync("/v1/brakes");
        var now = await Service.JsonAsync(after);
        Assert.Empty(now.GetProperty("on").EnumerateArray());
        var release = Assert.Single(now.GetProperty("released").EnumerateArray());
        Assert.Equal(("api:ann", "looked"), (release.GetProperty("by").GetString(), release.GetProperty("reason").GetString()));
        Assert.InRange(release.GetProperty("until").GetDateTimeOffset(), e.At.AddDays(1).AddSeconds(-1), e.At.AddDays(1));
    }

    [Fact]
    public async Task A_droplet_is_released_alone_and_all_of_a_plan_when_that_is_said()
    {
        await using var service = await StartAsync("droplets");
        using var one = await service.PostAsync("/v1/brake-releases", new { plan = "p", droplet = "web-2", reason = "looked" });
        Assert.Equal((HttpStatusCode.Accepted, "/v1/history/2"), (one.StatusCode, one.Headers.Location?.ToString()));
        using var all = await service.PostAsync("/v1/brake-releases", new { plan = "p", allDroplets = true, reason = "looked" });
        Assert.Equal(HttpStatusCode.Accepted, all.StatusCode);
        Assert.Equal([2L, null], (await service.EventsAsync<BrakeReleased>()).Select(e => e.DropletId));
    }

    [Theory]
    [InlineData("plan", """{"plan":"p","heldAtMost":0,"reason":"r"}""")]
    [InlineData("droplets", """{"plan":"p","droplet":"web-2","heldAtMost":0,"reason":"r"}""")]
    [InlineData("droplets", """{"plan":"p","allDroplets":true,"heldAtMost":0,"reason":"r"}""")]
    public async Task Where_more_would_go_than_was_looked_at_nothing_is_released(string on, string body)
    {
        await using var service = await StartAsync(on);
        using var response = await service.PostAsync("/v1/brake-releases", body);
        Assert.Contains("were looked at: nothing was released; look again", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(await service.EventsAsync<BrakeReleased>());
        using var enough = await service.PostAsync("/v1/brake-releases", body.Replace("AtMost\":0", "AtMost\":1", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Accepted, enough.StatusCode);
    }

    [Theory]
    [InlineData("plan", """{"plan":"p","reason":"once"}""")]
    [InlineData("droplets", """{"plan":"p","droplet":"web-1","reason":"once"}""")]
    public async Task The_same_key_releases_once_also_where_the_first_was_never_answered(string on, string body)
    {
        await using var service = await StartAsync(on);
        using var first = await service.PostAsync("/v1/brake-releases", body, "k1");
        using var again = await service.PostAsync("/v1/brake-releases", body, "k1");
        Assert.Equal(await first.Content.ReadAsStringAsync(Ct), await again.Content.ReadAsStringAsync(Ct));
        await service.ForgetAnswersAsync(Ct);
        using var resumed = await service.PostAsync("/v1/brake-releases", body, "k1");
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, again.StatusCode, resumed.StatusCode));
        Assert.Equal(Id(await Service.JsonAsync(first)), Id(await Service.JsonAsync(resumed)));
        Assert.Single(await service.EventsAsync<BrakeReleased>());

        static string? Id(System.Text.Json.JsonElement told) => told.GetProperty("accepted")[0].GetProperty("id").GetString();
    }

    private async Task<Service> StartAsync(string on)
    {
        var service = await Service.StartAsync(_postgres, Ct);
        await service.BrakeAsync(on, Ct);
        return service;
    }
}
