using System.Net;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Api.Tests;

/// <summary>Questions of those who watch: who they are, what has happened since, and a droplet with all its snapshots.</summary>
public sealed class WatchingTests
{
    private readonly PostgresFixture _postgres;

    public WatchingTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Service.OperatorToken, "api:ann", "operator")]
    [InlineData(Service.ViewerToken, "api:bob", "viewer")]
    public async Task A_caller_is_told_who_it_is_and_what_it_may(string token, string name, string role)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = await service.SendAsync(HttpMethod.Get, "/v1/me", token: token);
        var me = await Service.JsonAsync(response);
        Assert.Equal((name, role), (me.GetProperty("name").GetString(), me.GetProperty("role").GetString()));
    }

    [Theory]
    [InlineData("/v1/me", "text/plain", 200, "api:ann, operator")]
    [InlineData("/v1/events?after=0", "text/plain", 200, "droplet 'web-1' joins plan 'p'")]
    [InlineData("/v1/events?after=x", null, 400, "the number of an event is wanted")]
    [InlineData("/v1/events?wait=26", null, 400, "a number from 0 to 25 is wanted")]
    [InlineData("/v1/events?limit=0", null, 400, "a number from 1 to")]
    [InlineData("/v1/events?after=0&search=web-2%20JOINS", null, 200, "droplet 'web-2' joins plan 'p'")]
    [InlineData("/v1/events?after=0&search=nowhere", null, 200, "\"events\": []")]
    [InlineData("/v1/plans", null, 200, "\"0d:30d\"")]
    [InlineData("/v1/plans", "text/plain", 200, "0d:30d")]
    [InlineData("/v1/past-status?at=2026-03-02", null, 200, "\"web-1\"")]
    [InlineData("/v1/past-status?at=2026-02-01", null, 200, "\"droplets\": []")]
    [InlineData("/v1/past-status?at=2036-02-01", null, 400, "it is in the future")]
    [InlineData("/v1/past-status", null, 400, "a time such as")]
    [InlineData("/v1/droplets/web-1", "text/plain", 200, "one")]
    [InlineData("/v1/droplets/web-1", null, 200, "\"every\": \"1d\"")]
    [InlineData("/v1/droplets/nobody", null, 404, "nobody")]
    [InlineData("/v1/droplets/twins", null, 409, "candidates")]
    [InlineData("/v1/slots?droplet=web-1&droplet=2", null, 200, "\"name\": \"web-2\"")]
    [InlineData("/v1/slots?droplet=web-1", "text/plain", 200, "web-1    p")]
    [InlineData("/v1/slots", null, 400, "1 to 100 droplets are wanted")]
    [InlineData("/v1/slots?droplet=web-1&droplet=nobody", null, 404, "nobody")]
    [InlineData("/v1/slots?droplet=12345", null, 404, "the log knows no droplet of this name or id")]
    [InlineData("/v1/slots?droplet=twins", null, 409, "candidates")]
    [InlineData("/v1/slots?droplets=1", null, 400, "it is not known here; there is droplet")]
    [InlineData("/v1/uncovered", null, 200, "\"droplets\": []")]
    [InlineData("/v1/uncovered", null, 200, "\"othersKnown\": false")]
    [InlineData("/v1/uncovered", "text/plain", 200, "Every droplet that was in a plan is in one")]
    [InlineData("/v1/uncovered", "text/plain", 200, "Those that were never in a plan are not known: no planner leads")]
    public async Task Each_question_is_answered_or_says_what_is_wrong_with_it(string path, string? accept, int status, string contains)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = await service.GetAsync(path, accept);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Contains(contains, await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_go_on_where_they_ended()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        var all = await EventsAsync(service, "after=0");
        Assert.True(all.Count > 3);
        var first = await EventsAsync(service, "after=0&limit=2");
        Assert.Equal(all.Take(2), first);
        Assert.Equal(all.Skip(2), await EventsAsync(service, $"after={first[^1]}"));
        Assert.Equal(all.TakeLast(2), (await EventsAsync(service, "limit=2")).TakeLast(2));
        Assert.Empty(await EventsAsync(service, $"after={all[^1]}"));
    }

    [Fact]
    public async Task Past_a_place_that_an_append_did_not_fill_there_is_nothing_to_be_told_again_and_again()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await using (var session = service.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream("mt_tombstone", new JasperFx.Events.Tombstone());
            await session.SaveChangesAsync(Ct);
        }

        using var response = await service.GetAsync("/v1/events?after=0");
        var answer = await Service.JsonAsync(response);
        var last = answer.GetProperty("last").GetInt64();
        Assert.True(answer.GetProperty("events").EnumerateArray().Last().GetProperty("sequence").GetInt64() < last);
        Assert.Equal(await service.Log.HeadAsync(Ct), last);
    }

    [Fact]
    public async Task Who_waits_is_told_as_soon_as_something_happens()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        var last = (await EventsAsync(service, "after=0"))[^1];
        var waiting = EventsAsync(service, $"after={last}&wait=25");
        var also = EventsAsync(service, $"after={last}&wait=25");
        await service.Log.DecideAsync(2, _ => [new NewEvent(Streams.OfDroplet(2), new DropletRenamed(2, "web-2", "web-9", TimeProvider.System.GetUtcNow()))], Ct);
        Assert.Single(await waiting);
        Assert.Single(await also);
    }

    [Fact]
    public async Task A_droplets_turns_are_told_with_what_came_of_them()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = await service.GetAsync("/v1/droplets/web-1");
        var droplet = await Service.JsonAsync(response);
        Assert.Equal(30, droplet.GetProperty("slots").GetArrayLength());
        Assert.Equal(Service.Shot, Assert.Single(droplet.GetProperty("snapshots").EnumerateArray()).GetProperty("snapshotId").GetGuid());
        Assert.Equal("p", droplet.GetProperty("plan").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_paused_droplet_says_who_paused_it_or_its_plan_since_when_and_why()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        Assert.Empty(await PausesAsync());
        await CommandAsync("pauses", "p", "of the plan");
        await CommandAsync("pauses", "web-1", "first");
        await CommandAsync("resumes", "web-1", "over");
        await CommandAsync("pauses", "web-1", "again");
        Assert.Equal([(null, "again"), ("p", "of the plan")], await PausesAsync());
        await CommandAsync("resumes", "p", "over");
        Assert.Equal([(null, "again")], await PausesAsync());
        using var response = await service.GetAsync("/v1/droplets/web-1?last=1");
        Assert.Equal("again", (await Service.JsonAsync(response)).GetProperty("pauses")[0].GetProperty("reason").GetString());

        async Task CommandAsync(string command, string subject, string reason)
        {
            using var done = await service.PostAsync($"/v1/{command}", new { subject, reason });
            Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync(Ct));
        }

        async Task<IReadOnlyList<(string?, string?)>> PausesAsync()
        {
            using var told = await service.GetAsync("/v1/droplets/web-1");
            var pauses = (await Service.JsonAsync(told)).GetProperty("pauses").EnumerateArray().ToList();
            Assert.All(pauses, p => Assert.StartsWith("api:", p.GetProperty("actor").GetString(), StringComparison.Ordinal));
            Assert.All(pauses, p => Assert.InRange(p.GetProperty("since").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1)));
            return [.. pauses.Select(p => (p.GetProperty("plan").GetString(), p.GetProperty("reason").GetString()))];
        }
    }

    [Fact]
    public async Task Events_tell_what_they_are_about_besides_in_words()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        var (id, at) = (Guid.NewGuid(), TimeProvider.System.GetUtcNow());
        await service.Log.DecideAsync(2, _ => [new NewEvent(Streams.OfDroplet(2), new DropletRenamed(2, "web-2", "o'hara", at))], Ct);
        await service.Log.DecideAsync(
            2,
            _ =>
            [
                NewEvent.Of(id, new SnapshotDiscovered(id, 2, "o'hara", 77, "it's-1", "p", 1.5m, ["nyc3"], at, at)),
                NewEvent.Of(id, new TransferRequested(id, 2, 77, "sfo3", Origin.Manual, at, "ann", "because lon1 failed")),
                NewEvent.Of(id, new TransferFailed(id, 2, "sfo3", "no luck", Final: true, at)),
                NewEvent.Of(id, new ExpiryHeld(id, 2, Guard.NewestComplete, "it is the newest", at)),
            ],
            Ct);
        foreach (var path in (string[])["/v1/events?after=0", $"/v1/history/{id:D}"])
        {
            using var response = await service.GetAsync(path);
            var last = (await Service.JsonAsync(response)).GetProperty("events").EnumerateArray().TakeLast(4).ToList();
            Assert.All(last, e => Assert.Equal(("it's-1", "o'hara"), (Text(e, "snapshotName"), Text(e, "dropletName"))));
            Assert.Equal([null, "sfo3", "sfo3", null], last.Select(e => Text(e, "region")));
            Assert.Equal(("p", null), (Text(last[0], "plan"), Text(last[0], "actor")));
            Assert.Equal(("manual", "ann", "because lon1 failed"), (Text(last[1], "origin"), Text(last[1], "actor"), Text(last[1], "reason")));
            Assert.Equal((true, "no luck", null), (last[2].GetProperty("final").GetBoolean(), Text(last[2], "reason"), Text(last[2], "retryAt")));
            Assert.Equal(("newest-complete", "it is the newest"), (Text(last[3], "guard"), Text(last[3], "reason")));
        }

        static string? Text(System.Text.Json.JsonElement e, string member) => e.GetProperty(member).GetString();
    }

    [Fact]
    public async Task What_holds_a_snapshot_is_told_as_it_is_now()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await service.BrakeAsync("plan", Ct);
        Assert.Equal([("brake", "the brake is on: 5 of 6"), ("brake", "the brake is on: 5 of 6")], await HeldAsync());
        var now = await service.Database.NowAsync(Ct);
        await service.Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("p"), new BrakeReleased("p", null, "ann", "looked", now))], Ct);
        Assert.Equal([null, null], await HeldAsync());

        async Task<IReadOnlyList<(string?, string?)?>> HeldAsync()
        {
            using var ofDroplet = await service.GetAsync("/v1/droplets/web-2");
            using var alone = await service.GetAsync("/v1/snapshots/old");
            var old = (await Service.JsonAsync(ofDroplet)).GetProperty("snapshots").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "old");
            return [.. new[] { old, await Service.JsonAsync(alone) }.Select(s => s.GetProperty("held") is { ValueKind: System.Text.Json.JsonValueKind.Object } held
                ? (held.GetProperty("guard").GetString(), held.GetProperty("detail").GetString())
                : ((string?, string?)?)null)];
        }
    }

    [Fact]
    public async Task A_place_beyond_the_end_is_told_at_once_to_be_one_of_another_log()
    {
        // Where no time passes, whoever waits waits for ever.
        await using var service = await Service.StartAsync(_postgres, new FakeTimeProvider(TimeProvider.System.GetUtcNow()), Ct);
        var end = await service.Log.HeadAsync(Ct);

        using var beyond = await service.GetAsync($"/v1/events?after={end + 1}&wait=25").WaitAsync(TimeSpan.FromSeconds(30), Ct);

        var told = await Service.JsonAsync(beyond);
        Assert.Equal((end, true, 0), (told.GetProperty("last").GetInt64(), told.GetProperty("isAll").GetBoolean(), told.GetProperty("events").GetArrayLength()));
    }

    private static async Task<IReadOnlyList<long>> EventsAsync(Service service, string query)
    {
        using var response = await service.GetAsync($"/v1/events?{query}");
        return [.. (await Service.JsonAsync(response)).GetProperty("events").EnumerateArray().Select(e => e.GetProperty("sequence").GetInt64())];
    }
}
