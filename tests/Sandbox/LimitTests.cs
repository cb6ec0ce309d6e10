using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

public sealed class LimitTests
{
    private static readonly SandboxSettings Limited = World.Plain with { HourlyLimit = 5_000, BurstLimit = 250 };

    [Fact]
    public async Task Every_answer_tells_what_is_left_of_the_hour()
    {
        using var world = new World(Limited);
        using var first = await GetAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        using var second = await GetAsync(world, "/v2/droplets/1");

        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
        Assert.Equal(("5000", "4999"), (Header(first, "ratelimit-limit"), Header(first, "ratelimit-remaining")));
        Assert.Equal(("5000", "4998"), (Header(second, "ratelimit-limit"), Header(second, "ratelimit-remaining")));
        Assert.Null(Header(first, "retry-after"));
        Assert.NotNull(Header(first, "x-request-id"));
    }

    [Fact]
    public async Task Reset_is_when_the_oldest_request_stops_counting_and_not_when_all_is_free()
    {
        using var world = new World(Limited);
        (await GetAsync(world)).Dispose();
        world.Clock.Advance(TimeSpan.FromMinutes(59));
        using var second = await GetAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        using var third = await GetAsync(world);

        Assert.Equal($"{World.Start.AddHours(1).ToUnixTimeSeconds()}", Header(second, "ratelimit-reset"));
        Assert.Equal("4998", Header(third, "ratelimit-remaining"));
        Assert.Equal($"{World.Start.AddMinutes(119).ToUnixTimeSeconds()}", Header(third, "ratelimit-reset"));
    }

    [Fact]
    public async Task The_251st_request_of_a_minute_is_refused_and_told_when_to_come_again()
    {
        using var world = new World(Limited);
        await SpendAsync(world, 1);
        world.Clock.Advance(TimeSpan.FromSeconds(20));
        await SpendAsync(world, 249);

        using var refused = await GetAsync(world);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("40", Header(refused, "retry-after"));
        Assert.Equal("0", Header(refused, "ratelimit-remaining"));
        await IsTooManyAsync(refused);

        world.Clock.Advance(TimeSpan.FromSeconds(40));
        using var accepted = await GetAsync(world);
        using var again = await GetAsync(world);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
    }

    [Fact]
    public async Task The_5001st_request_of_an_hour_is_refused_and_not_told_when_to_come_again()
    {
        using var world = new World(Limited);
        for (var minute = 0; minute < 20; minute++)
        {
            await SpendAsync(world, 250);
            world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        using var refused = await GetAsync(world);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Null(Header(refused, "retry-after"));
        Assert.Equal("0", Header(refused, "ratelimit-remaining"));
        Assert.Equal($"{World.Start.AddHours(1).ToUnixTimeSeconds()}", Header(refused, "ratelimit-reset"));
        await IsTooManyAsync(refused);

        world.Clock.Advance(TimeSpan.FromMinutes(40));
        await SpendAsync(world, 250);
        using var again = await GetAsync(world);
        Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
    }

    [Fact]
    public async Task A_refused_post_has_no_effect()
    {
        using var world = new World(Limited with { BurstLimit = 1 });
        var droplet = world.AddDroplet();
        await SpendAsync(world, 1);

        await world.RefusedAsync(
            HttpMethod.Post, $"/v2/droplets/{droplet.Id}/actions", HttpStatusCode.TooManyRequests, "too_many_requests", body: new { type = "snapshot", name = "n" });
        Assert.Empty(world.Account.State().Actions);
    }

    [Fact]
    public async Task Each_token_has_its_own_limits_whichever_handler_brings_it()
    {
        using var world = new World(Limited with { BurstLimit = 2 });
        using var sameToken = SandboxHandler.CreateClient(world.Account, "a-token");
        using var otherToken = SandboxHandler.CreateClient(world.Account, "another");
        await SpendAsync(world, 2);

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(sameToken));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(otherToken));
    }

    [Fact]
    public async Task Without_limits_the_headers_still_come()
    {
        using var world = new World();
        await SpendAsync(world, 6_000);
        using var response = await GetAsync(world);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("5000", Header(response, "ratelimit-remaining"));
        Assert.Equal($"{World.Start.AddHours(1).ToUnixTimeSeconds()}", Header(response, "ratelimit-reset"));
    }

    [Theory]
    [InlineData("the-token", null, HttpStatusCode.Unauthorized)]
    [InlineData("the-token", "Bearer another", HttpStatusCode.Unauthorized)]
    [InlineData("the-token", "Bearer THE-TOKEN", HttpStatusCode.Unauthorized)]
    [InlineData("the-token", "Basic the-token", HttpStatusCode.Unauthorized)]
    [InlineData("the-token", "Bearer the-token", HttpStatusCode.OK)]
    [InlineData("the-token", "bearer the-token", HttpStatusCode.OK)]
    [InlineData(null, "Bearer anything", HttpStatusCode.OK)]
    [InlineData(null, "Bearer", HttpStatusCode.Unauthorized)]
    [InlineData(null, null, HttpStatusCode.Unauthorized)]
    public async Task A_token_must_be_there_and_right(string? configured, string? header, HttpStatusCode status)
    {
        using var world = new World(Limited with { Token = configured });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/account");
        world.Client.DefaultRequestHeaders.Authorization = null;
        if (header is not null)
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(header);

        using var response = await world.Client.SendAsync(request, World.Cancel);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("5000", Header(response, "ratelimit-limit"));
        if (status == HttpStatusCode.Unauthorized)
        {
            var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(World.Cancel)).RootElement;
            Assert.Equal("unauthorized", error.GetProperty("id").GetString());
            Assert.StartsWith("Unable to authenticate you", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    private static Task<HttpResponseMessage> GetAsync(World world, string path = "/v2/account") => world.Client.GetAsync(path, World.Cancel);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/v2/account", World.Cancel);
        return response.StatusCode;
    }

    private static async Task SpendAsync(World world, int requests)
    {
        for (var i = 0; i < requests; i++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(world.Client));
    }

    private static async Task IsTooManyAsync(HttpResponseMessage response) => Assert.Equal(
        """{"id":"too_many_requests","message":"API Rate limit exceeded."}""", await response.Content.ReadAsStringAsync(World.Cancel));

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
