using System.Net;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

public sealed class SnapshotTests : IDisposable
{
    private const string PendingEvent = "Droplet already has a pending event.";

    private readonly World _world = new();
    private readonly SandboxDroplet _droplet;

    public SnapshotTests() => _droplet = _world.AddDroplet();

    private string Droplet => $"/v2/droplets/{_droplet.Id}";

    [Fact]
    public async Task An_accepted_snapshot_is_an_action_in_progress()
    {
        var action = await TakeAsync("first");

        Assert.Equal("in-progress", action.GetProperty("status").GetString());
        Assert.Equal("snapshot", action.GetProperty("type").GetString());
        Assert.Equal("2026-03-01T12:00:00Z", action.GetProperty("started_at").GetString());
        Assert.Equal(JsonValueKind.Null, action.GetProperty("completed_at").ValueKind);
        Assert.Equal(_droplet.Id, action.GetProperty("resource_id").GetInt64());
        Assert.Equal("droplet", action.GetProperty("resource_type").GetString());
        Assert.Equal("nyc3", action.GetProperty("region_slug").GetString());
        Assert.Equal("New York 3", action.GetProperty("region").GetProperty("name").GetString());
        Assert.False(action.TryGetProperty("image_id", out _));
        Assert.False(action.TryGetProperty("name", out _));
    }

    [Fact]
    public async Task In_progress_it_is_in_no_list_but_that_of_actions()
    {
        var action = await TakeAsync("first");

        Assert.Equal("0 0 0", await ListedAsync());
        Assert.Empty((await _world.GetAsync(Droplet)).GetProperty("droplet").GetProperty("snapshot_ids").EnumerateArray());
        var listed = Assert.Single((await _world.GetAsync($"{Droplet}/actions")).GetProperty("actions").EnumerateArray());
        Assert.Equal(action.GetProperty("id").GetInt64(), listed.GetProperty("id").GetInt64());
        Assert.Equal("in-progress", listed.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Completed_it_is_still_in_no_list_until_the_lag_is_over()
    {
        var action = await TakeAsync("first");
        _world.Clock.Advance(World.SnapshotTime);

        Assert.Equal("completed", await StatusAsync(action));
        Assert.Equal("0 0 0", await ListedAsync());

        _world.Clock.Advance(World.ListingLag - TimeSpan.FromTicks(1));
        Assert.Equal("0 0 0", await ListedAsync());

        _world.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("1 1 1", await ListedAsync());
    }

    [Fact]
    public async Task In_progress_or_unlisted_it_has_no_address_and_cannot_be_transferred_or_deleted()
    {
        await TakeAsync("first");
        var id = Assert.Single(_world.Account.State().Snapshots).Id;

        for (var phase = 0; phase < 2; phase++)
        {
            await _world.RefusedAsync(HttpMethod.Get, $"/v2/snapshots/{id}", HttpStatusCode.NotFound, "not_found");
            await _world.RefusedAsync(HttpMethod.Get, $"/v2/images/{id}", HttpStatusCode.NotFound, "not_found");
            await _world.RefusedAsync(HttpMethod.Delete, $"/v2/snapshots/{id}", HttpStatusCode.NotFound, "not_found");
            await _world.RefusedAsync(
                HttpMethod.Post, $"/v2/images/{id}/actions", HttpStatusCode.NotFound, "not_found", body: new { type = "transfer", region = "lon1" });
            _world.Clock.Advance(World.SnapshotTime);
        }
    }

    [Fact]
    public async Task It_was_created_when_its_action_started()
    {
        _world.Clock.Advance(TimeSpan.FromMilliseconds(12_345));
        var action = await TakeAsync("first");
        FinishAndList();

        var snapshot = await OnlySnapshotAsync();
        Assert.Equal("2026-03-01T12:00:12Z", snapshot.GetProperty("created_at").GetString());
        Assert.Equal(action.GetProperty("started_at").GetString(), snapshot.GetProperty("created_at").GetString());
    }

    [Fact]
    public async Task An_action_ends_when_it_should_and_not_when_somebody_looks()
    {
        var action = await TakeAsync("first");
        _world.Clock.Advance(TimeSpan.FromDays(2));

        var seen = (await _world.GetAsync($"/v2/actions/{action.GetProperty("id").GetInt64()}")).GetProperty("action");
        Assert.Equal("2026-03-01T12:10:00Z", seen.GetProperty("completed_at").GetString());
    }

    [Fact]
    public async Task By_way_of_its_droplet_a_completed_action_does_not_say_when()
    {
        var id = (await TakeAsync("first")).GetProperty("id").GetInt64();
        FinishAndList();

        var action = (await _world.GetAsync($"{Droplet}/actions/{id}")).GetProperty("action");
        Assert.Equal("completed", action.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, action.GetProperty("completed_at").ValueKind);
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("shutdown")]
    [InlineData("power_off")]
    [InlineData("power_on")]
    public async Task A_droplet_has_one_event_at_a_time(string type)
    {
        await TakeAsync("first");

        await _world.RefusedAsync(
            HttpMethod.Post, $"{Droplet}/actions", HttpStatusCode.UnprocessableEntity, "unprocessable_entity", PendingEvent, new { type, name = "second" });

        _world.Clock.Advance(World.SnapshotTime);
        await _world.StartAsync($"{Droplet}/actions", new { type, name = "second" });
    }

    [Fact]
    public async Task Another_droplet_is_not_held_up()
    {
        var other = _world.AddDroplet("web-2");
        await TakeAsync("first");

        await _world.StartAsync($"/v2/droplets/{other.Id}/actions", new { type = "snapshot", name = "other" });
    }

    [Fact]
    public async Task Of_many_requests_at_once_one_is_accepted()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => _world.PostAsync($"{Droplet}/actions", new { type = "snapshot", name = $"n{i}" }), World.Cancel)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(31, answers.Count(answer => answer.Status == HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Names_are_not_unique()
    {
        for (var i = 0; i < 2; i++)
        {
            await TakeAsync("same");
            FinishAndList();
        }

        var snapshots = (await _world.GetAsync("/v2/snapshots?resource_type=droplet")).GetProperty("snapshots").EnumerateArray();
        Assert.Equal(["same", "same"], [.. snapshots.Select(snapshot => snapshot.GetProperty("name").GetString())]);
    }

    [Theory]
    [InlineData("""{"type":"resize"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"type":"self_destruct"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"name":"no type"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"type":""", HttpStatusCode.BadRequest)]
    [InlineData("""["snapshot"]""", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task What_is_no_known_action_is_refused(string body, HttpStatusCode status)
    {
        using var content = new StringContent(body);
        using var response = await _world.Client.PostAsync($"{Droplet}/actions", content, World.Cancel);

        Assert.Equal(status, response.StatusCode);
        Assert.Empty(_world.Account.State().Actions);
    }

    [Fact]
    public async Task Without_a_name_it_gets_one()
    {
        await _world.StartAsync($"{Droplet}/actions", new { type = "snapshot" });
        FinishAndList();

        Assert.StartsWith("web-1-", (await OnlySnapshotAsync()).GetProperty("name").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_its_droplet_is_destroyed_meanwhile_it_comes_to_nothing()
    {
        var action = await TakeAsync("first");
        _world.Account.DestroyDroplet(_droplet.Id);

        Assert.Equal("errored", await StatusAsync(action));
        FinishAndList();
        Assert.Equal("errored", await StatusAsync(action));
        Assert.Empty(_world.Account.State().Snapshots);
        await _world.RefusedAsync(HttpMethod.Get, $"{Droplet}/actions", HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task When_its_droplet_is_destroyed_afterwards_it_stays()
    {
        await TakeAsync("first");
        _world.Clock.Advance(World.SnapshotTime);
        _world.Account.Droplets();
        _world.Account.DestroyDroplet(_droplet.Id);
        _world.Clock.Advance(World.ListingLag);

        Assert.Equal($"{_droplet.Id}", (await OnlySnapshotAsync()).GetProperty("resource_id").GetString());
        await _world.RefusedAsync(HttpMethod.Get, Droplet, HttpStatusCode.NotFound, "not_found");
    }

    public void Dispose() => _world.Dispose();

    private Task<JsonElement> TakeAsync(string name) =>
        _world.StartAsync($"{Droplet}/actions", new { type = "snapshot", name });

    private void FinishAndList() => _world.Clock.Advance(World.SnapshotTime + World.ListingLag);

    private async Task<string?> StatusAsync(JsonElement action) =>
        (await _world.GetAsync($"/v2/actions/{action.GetProperty("id").GetInt64()}")).GetProperty("action").GetProperty("status").GetString();

    private async Task<JsonElement> OnlySnapshotAsync() =>
        Assert.Single((await _world.GetAsync("/v2/snapshots?resource_type=droplet")).GetProperty("snapshots").EnumerateArray());

    /// <summary>How many there are in the list of snapshots, that of images, and the droplet's own.</summary>
    private async Task<string> ListedAsync()
    {
        var snapshots = (await _world.GetAsync("/v2/snapshots?resource_type=droplet")).GetProperty("snapshots").GetArrayLength();
        var images = (await _world.GetAsync("/v2/images?private=true")).GetProperty("images").GetArrayLength();
        var ofDroplet = (await _world.GetAsync($"{Droplet}/snapshots")).GetProperty("snapshots").GetArrayLength();
        return $"{snapshots} {images} {ofDroplet}";
    }
}
