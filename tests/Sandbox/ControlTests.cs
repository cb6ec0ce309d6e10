using System.Net;

namespace DoSnapshot.Sandbox.Tests;

public sealed class ControlTests : IDisposable
{
    private readonly World _world = new();

    [Fact]
    public async Task A_droplet_can_be_created_changed_and_destroyed()
    {
        var (status, created) = await _world.PostAsync(
            "/sandbox/droplets", new { name = "new-1", tags = new[] { "autosnapshot" }, region = "ams3", disk = 50, used_gigabytes = 12.5, status = "off" });
        Assert.Equal(HttpStatusCode.Created, status);
        var id = created.GetProperty("id").GetInt64();
        Assert.Equal(
            (12.5, SandboxPower.Off, "ams3", 50),
            (_world.Account.Droplet(id)!.UsedGigabytes, _world.Account.Droplet(id)!.Status, _world.Account.Droplet(id)!.Region, _world.Account.Droplet(id)!.Disk));

        (status, _) = await _world.SendAsync(HttpMethod.Patch, $"/sandbox/droplets/{id}", new { name = "new-2", tags = new[] { "a", "b" }, status = "active" });
        Assert.Equal(HttpStatusCode.OK, status);
        var changed = (await _world.GetAsync($"/v2/droplets/{id}")).GetProperty("droplet");
        Assert.Equal("new-2", changed.GetProperty("name").GetString());
        Assert.Equal("active", changed.GetProperty("status").GetString());
        Assert.Equal(2, changed.GetProperty("tags").GetArrayLength());

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"/sandbox/droplets/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _world.DeleteAsync($"/sandbox/droplets/{id}")).Status);
        Assert.Equal("new-2", Assert.Single(_world.Account.State().Destroyed).Droplet.Name);
    }

    [Fact]
    public async Task A_snapshot_can_be_planted_and_taken_away()
    {
        _world.AddDroplet("web-1", "fra1");
        var (status, planted) = await _world.PostAsync(
            "/sandbox/snapshots", new { name = "old", droplet = "web-1", created_at = "2025-12-24T18:00:00Z", size_gigabytes = 3.5, regions = new[] { "fra1", "lon1" } });
        Assert.Equal(HttpStatusCode.Created, status);

        var id = planted.GetProperty("id").GetInt64();
        var listed = Assert.Single((await _world.GetAsync("/v2/snapshots")).GetProperty("snapshots").EnumerateArray());
        Assert.Equal($"{id}", listed.GetProperty("id").GetString());
        Assert.Equal("2025-12-24T18:00:00Z", listed.GetProperty("created_at").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"/sandbox/snapshots/{id}")).Status);
        Assert.Equal($"DELETE /sandbox/snapshots/{id}", Assert.Single(_world.Account.State().Deleted).By);
    }

    public static TheoryData<string, string, object, HttpStatusCode> Mistakes => new()
    {
        { "unknown member", "/sandbox/droplets", new { name = "a", regoin = "nyc3" }, HttpStatusCode.BadRequest },
        { "no name", "/sandbox/droplets", new { region = "nyc3" }, HttpStatusCode.BadRequest },
        { "empty name", "/sandbox/droplets", new { name = " " }, HttpStatusCode.UnprocessableEntity },
        { "unknown status", "/sandbox/droplets", new { name = "a", status = "asleep" }, HttpStatusCode.BadRequest },
        { "unknown region", "/sandbox/droplets", new { name = "a", region = "moon1" }, HttpStatusCode.UnprocessableEntity },
        { "no disk", "/sandbox/droplets", new { name = "a", disk = 0 }, HttpStatusCode.UnprocessableEntity },
        { "more in use than there is", "/sandbox/droplets", new { name = "a", disk = 25, used_gigabytes = 26 }, HttpStatusCode.UnprocessableEntity },
        { "tags that are none", "/sandbox/droplets", new { name = "a", tags = (string[]?)null }, HttpStatusCode.BadRequest },
        { "too large", "/sandbox/snapshots", new { name = "a", droplet_id = 1, size_gigabytes = 1e12 }, HttpStatusCode.UnprocessableEntity },
        { "of no droplet", "/sandbox/snapshots", new { name = "a" }, HttpStatusCode.UnprocessableEntity },
        { "of an unknown name", "/sandbox/snapshots", new { name = "a", droplet = "nobody" }, HttpStatusCode.UnprocessableEntity },
        { "in an unknown region", "/sandbox/snapshots", new { name = "a", droplet_id = 1, regions = new[] { "moon1" } }, HttpStatusCode.UnprocessableEntity },
        { "in no region", "/sandbox/snapshots", new { name = "a", droplet_id = 1, regions = Array.Empty<string>() }, HttpStatusCode.UnprocessableEntity },
        { "no such route", "/sandbox/weather", new { sun = true }, HttpStatusCode.NotFound },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistakes_are_told_and_change_nothing(string mistake, string path, object body, HttpStatusCode status)
    {
        var (actual, error) = await _world.PostAsync(path, body);

        Assert.True(actual == status, $"{mistake}: {actual}");
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Empty(_world.Account.State().Droplets);
        Assert.Empty(_world.Account.State().Snapshots);
    }

    [Fact]
    public async Task The_state_shows_what_the_api_hides()
    {
        var droplet = _world.AddDroplet();
        await _world.StartAsync($"/v2/droplets/{droplet.Id}/actions", new { type = "snapshot", name = "hidden" });

        var state = await _world.GetAsync("/sandbox/state");
        var snapshot = Assert.Single(state.GetProperty("snapshots").EnumerateArray());
        var action = Assert.Single(state.GetProperty("actions").EnumerateArray());
        Assert.Equal("hidden", snapshot.GetProperty("name").GetString());
        Assert.Equal("in-progress", snapshot.GetProperty("phase").GetString());
        Assert.Equal(snapshot.GetProperty("id").GetInt64(), action.GetProperty("image_id").GetInt64());

        _world.Clock.Advance(World.SnapshotTime);
        Assert.Equal(SandboxImagePhase.Unlisted, Assert.Single(_world.Account.State().Snapshots).Phase);
        _world.Clock.Advance(World.ListingLag);
        Assert.Equal(SandboxImagePhase.Listed, Assert.Single(_world.Account.State().Snapshots).Phase);
    }

    [Fact]
    public void Tags_are_added_and_taken_off_once_whatever_their_case()
    {
        var id = _world.AddDroplet("web-1", "nyc3", "web").Id;

        Assert.Equal(["web", "Night"], _world.Account.TagDroplet(id, "Night").OrThrow().Tags.ToArray());
        Assert.Equal(["web", "Night"], _world.Account.TagDroplet(id, "night").OrThrow().Tags.ToArray());
        Assert.Equal(["web"], _world.Account.UntagDroplet(id, "NIGHT").OrThrow().Tags.ToArray());
        Assert.Equal("web-9", _world.Account.RenameDroplet(id, "web-9").OrThrow().Name);
        Assert.Equal(404, _world.Account.RenameDroplet(1, "nobody").Error!.Status);
        Assert.Throws<InvalidOperationException>(() => _world.Account.RenameDroplet(id, "").OrThrow());
    }

    [Fact]
    public async Task Renaming_a_droplet_leaves_the_names_of_its_snapshots()
    {
        var droplet = _world.AddDroplet("web-1");
        _world.Plant(droplet.Id, "web-1-old");
        _world.Account.RenameDroplet(droplet.Id, "www");

        var snapshot = Assert.Single((await _world.GetAsync($"/v2/droplets/{droplet.Id}/snapshots")).GetProperty("snapshots").EnumerateArray());
        Assert.Equal("web-1-old", snapshot.GetProperty("name").GetString());
    }

    public void Dispose() => _world.Dispose();
}
