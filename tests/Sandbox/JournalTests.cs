using System.Net;

namespace DoSnapshot.Sandbox.Tests;

public sealed class JournalTests : IDisposable
{
    private const string Token = "dop_v1_not-to-be-seen";

    private readonly World _world = new(token: Token);

    [Fact]
    public async Task Every_call_is_kept_with_its_answer_and_time()
    {
        var droplet = _world.AddDroplet();
        await _world.GetAsync("/v2/droplets?tag_name=x&per_page=200");
        _world.Clock.Advance(TimeSpan.FromSeconds(5));
        await _world.PostAsync($"/v2/droplets/{droplet.Id}/actions", new { type = "snapshot", name = "n" });
        await _world.PostAsync($"/v2/droplets/{droplet.Id}/actions", new { type = "snapshot", name = "n" });

        Assert.Equal(
            [
                new(1, World.Start, "GET", "/v2/droplets?tag_name=x&per_page=200", 200),
                new(2, World.Start.AddSeconds(5), "POST", $"/v2/droplets/{droplet.Id}/actions", 201),
                new(3, World.Start.AddSeconds(5), "POST", $"/v2/droplets/{droplet.Id}/actions", 422),
            ],
            _world.Account.Journal.All());
    }

    [Fact]
    public async Task Refused_calls_count_too()
    {
        _world.Account.Settings = World.Plain with { BurstLimit = 1, Token = Token };
        using var stranger = SandboxHandler.CreateClient(_world.Account, "wrong");
        (await stranger.GetAsync("/v2/account", World.Cancel)).Dispose();
        await _world.GetAsync("/v2/account");
        (await _world.Client.GetAsync("/v2/account", World.Cancel)).Dispose();

        var counts = _world.Account.Journal.Counts();
        Assert.Equal(3, counts.Total);
        Assert.Equal(3, counts.ByCall["GET /v2/account"]);
        Assert.Equal([(200, 1), (401, 1), (429, 1)], counts.ByStatus.Select(count => (count.Key, count.Value)).Order());
    }

    [Fact]
    public async Task Calls_are_counted_by_kind()
    {
        var (first, second) = (_world.AddDroplet("a"), _world.AddDroplet("b"));
        await _world.GetAsync($"/v2/droplets/{first.Id}");
        await _world.GetAsync($"/v2/droplets/{second.Id}");
        await _world.GetAsync($"/v2/droplets/{second.Id}/actions?page=1");

        var counts = _world.Account.Journal.Counts().ByCall;
        Assert.Equal(2, counts["GET /v2/droplets/{id}"]);
        Assert.Equal(1, counts["GET /v2/droplets/{id}/actions"]);
    }

    [Fact]
    public async Task Over_http_it_can_be_read_from_a_number_or_a_time_on_and_reading_is_no_call()
    {
        for (var i = 0; i < 3; i++)
        {
            await _world.GetAsync("/v2/account");
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([1, 2, 3], await NumbersAsync("/sandbox/requests"));
        Assert.Equal([3], await NumbersAsync("/sandbox/requests?since=2"));
        Assert.Equal([2, 3], await NumbersAsync("/sandbox/requests?since=2026-03-01T12:01:00Z"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _world.SendAsync(HttpMethod.Get, "/sandbox/requests?since=yesterday")).Status);
        Assert.Equal(3, (await _world.GetAsync("/sandbox/requests/count")).GetProperty("total").GetInt64());
        Assert.Equal(3, _world.Account.Journal.Total);
    }

    [Fact]
    public async Task No_token_is_in_it_or_in_the_state()
    {
        _world.Account.Settings = World.Plain with { Token = Token };
        await _world.GetAsync("/v2/account");

        foreach (var path in new[] { "/sandbox/requests", "/sandbox/requests/count", "/sandbox/state" })
            Assert.DoesNotContain(Token, (await _world.GetAsync(path)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_keeps_the_last_calls_and_counts_them_all()
    {
        var api = new SandboxApi(_world.Account);
        var request = new SandboxRequest("GET", new Uri("http://sandbox/v2/nothing"), new Dictionary<string, string>(StringComparer.Ordinal), default);
        for (var i = 0; i < SandboxJournal.Capacity + 5; i++)
            api.Handle(request);

        Assert.Equal(SandboxJournal.Capacity + 5, _world.Account.Journal.Total);
        Assert.Equal(SandboxJournal.Capacity, _world.Account.Journal.All().Count);
        Assert.Equal(6, _world.Account.Journal.All()[0].Number);
    }

    public void Dispose() => _world.Dispose();

    private async Task<IEnumerable<int>> NumbersAsync(string path) =>
        (await _world.GetAsync(path)).GetProperty("requests").EnumerateArray().Select(call => call.GetProperty("number").GetInt32());
}
