using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>The real process over a real socket.</summary>
public sealed class HostTests
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task It_is_healthy_without_a_token(string path)
    {
        using var host = new Host();
        using var response = await host.Client.GetAsync(path, World.Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, host.Account.Journal.Total);
    }

    [Fact]
    public async Task A_snapshot_is_taken_listed_copied_and_deleted()
    {
        using var host = new Host(("Seed", "empty"), ("SnapshotSeconds", "60"), ("TransferSeconds", "30"), ("ListingLagSeconds", "10"), ("Token", "t"));
        host.Authorize("t");
        var droplet = await host.SendAsync(HttpMethod.Post, "/sandbox/droplets", new { name = "web-1", tags = new[] { "autosnapshot" } }, HttpStatusCode.Created);
        var path = $"/v2/droplets/{droplet.GetProperty("id").GetInt64()}";

        await host.SendAsync(HttpMethod.Post, $"{path}/actions", new { type = "snapshot", name = "one" }, HttpStatusCode.Created);
        await host.SendAsync(HttpMethod.Post, $"{path}/actions", new { type = "snapshot", name = "two" }, HttpStatusCode.UnprocessableEntity);
        Assert.Empty((await host.GetAsync($"{path}/snapshots")).GetProperty("snapshots").EnumerateArray());

        host.Clock.Advance(TimeSpan.FromSeconds((60 * 1.3) + 10));
        var id = Assert.Single((await host.GetAsync($"{path}/snapshots")).GetProperty("snapshots").EnumerateArray()).GetProperty("id").GetInt64();
        await host.SendAsync(HttpMethod.Post, $"/v2/images/{id}/actions", new { type = "transfer", region = "lon1" }, HttpStatusCode.Created);

        host.Clock.Advance(TimeSpan.FromSeconds(30 * 1.3));
        Assert.Equal(2, (await host.GetAsync($"/v2/snapshots/{id}")).GetProperty("snapshot").GetProperty("regions").GetArrayLength());
        await host.SendAsync(HttpMethod.Delete, $"/v2/snapshots/{id}", null, HttpStatusCode.NoContent);
        await host.SendAsync(HttpMethod.Delete, $"/v2/snapshots/{id}", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Links_lead_back_to_the_address_that_was_called()
    {
        using var host = new Host(("Seed", "demo"));
        var first = await host.GetAsync("/v2/droplets?per_page=4&tag_name=autosnapshot");
        var next = first.GetProperty("links").GetProperty("pages").GetProperty("next").GetString()!;

        Assert.StartsWith($"{host.Client.BaseAddress}v2/droplets?", next, StringComparison.Ordinal);
        Assert.Equal(2, (await host.GetAsync(next)).GetProperty("droplets").GetArrayLength());
    }

    [Fact]
    public async Task Headers_come_over_the_wire()
    {
        using var host = new Host(("BurstLimit", "1"));
        using var first = await host.Client.GetAsync("/v2/account", World.Cancel);
        using var second = await host.Client.GetAsync("/v2/account", World.Cancel);

        Assert.Equal(["4999"], first.Headers.GetValues("ratelimit-remaining").ToArray());
        Assert.Equal("application/json", first.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), second.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_wrong_token_is_refused()
    {
        using var host = new Host(("Token", "right"));
        host.Authorize("wrong");
        using var response = await host.Client.GetAsync("/v2/account", World.Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("Seed", "full", "Sandbox:Seed is 'full'; it must be 'demo', 'empty', 'large', or a file such as 'seed.json'.")]
    [InlineData("Seed", "nowhere.json", "nowhere.json: it cannot be read: Could not find file")]
    [InlineData("SnapshotSeconds", "-1", "Sandbox:SnapshotSeconds is -1; it must be from 0 to 86400 seconds.")]
    [InlineData("ListingLagSeconds", "NaN", "Sandbox:ListingLagSeconds is NaN; it must be from 0 to 86400 seconds.")]
    [InlineData("BurstLimit", "-5", "Sandbox:BurstLimit is -5; it must be a number of requests, or 0 for no limit.")]
    [InlineData("Variation", "1", "Sandbox:Variation is 1; it must be from 0 to 0.9.")]
    [InlineData("AccountUuid", " ", "Sandbox:AccountUuid is empty; an account has an identity.")]
    [InlineData("SnapshotSeconds", "soon", "Sandbox:SnapshotSeconds")]
    [InlineData("SnapshotSecond", "1", "SnapshotSecond")]
    public void A_wrong_configuration_stops_it_and_says_why(string key, string value, string message)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection([new($"{SandboxOptions.Section}:{key}", value)]).Build())
            .AddSandbox()
            .BuildServiceProvider();

        Assert.Contains(message, Assert.Single(SandboxHosting.ProblemsOf(services)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_of_zero_is_none()
    {
        using var host = new Host(("HourlyLimit", "0"), ("BurstLimit", "0"), ("AccountUuid", "other"));

        Assert.Null(host.Account.Settings.HourlyLimit);
        Assert.Null(host.Account.Settings.BurstLimit);
        Assert.Equal("other", host.Account.Settings.Owner.Uuid);
    }
}
