using System.Net;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>Creating and destroying droplets as a client does.</summary>
public sealed class DropletLifeTests : IDisposable
{
    private readonly World _world = new();

    [Fact]
    public async Task A_created_droplet_is_new_until_its_action_is_done()
    {
        var (status, body) = await CreateAsync(
            new { name = "web-1", region = "fra1", size = "s-2vcpu-4gb", image = "debian-12-x64", tags = new[] { "web" }, backups = true });
        Assert.Equal(HttpStatusCode.Accepted, status);

        var droplet = body.GetProperty("droplet");
        var link = Assert.Single(body.GetProperty("links").GetProperty("actions").EnumerateArray());
        Assert.Equal("new", droplet.GetProperty("status").GetString());
        Assert.Equal((80, 4_096, "s-2vcpu-4gb"), (Number(droplet, "disk"), Number(droplet, "memory"), droplet.GetProperty("size_slug").GetString()));
        Assert.Equal("debian-12-x64", droplet.GetProperty("image").GetProperty("slug").GetString());
        Assert.True(droplet.GetProperty("id").GetInt64() > int.MaxValue);
        Assert.Equal(JsonValueKind.Object, droplet.GetProperty("next_backup_window").ValueKind);
        Assert.Equal("create", link.GetProperty("rel").GetString());
        await _world.RefusedAsync(
            HttpMethod.Post,
            $"/v2/droplets/{Id(droplet)}/actions",
            HttpStatusCode.UnprocessableEntity,
            "unprocessable_entity",
            "Droplet already has a pending event.",
            new { type = "snapshot" });

        _world.Clock.Advance(World.PowerTime + World.PowerLag);
        var action = (await _world.GetAsync(link.GetProperty("href").GetString()!)).GetProperty("action");
        Assert.Equal(("create", "completed"), (action.GetProperty("type").GetString(), action.GetProperty("status").GetString()));
        Assert.Equal("active", _world.Account.Droplet(Id(droplet))!.Status.ToString().ToLowerInvariant());
    }

    [Fact]
    public async Task Several_are_created_at_once()
    {
        var (status, body) = await CreateAsync(new { names = new[] { "a", "b", "c" }, region = "nyc", size = "s-1vcpu-1gb", image = 2_150_000_011 });

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(["a", "b", "c"], body.GetProperty("droplets").EnumerateArray().Select(droplet => droplet.GetProperty("name").GetString()));
        Assert.Equal(3, body.GetProperty("links").GetProperty("actions").GetArrayLength());
        Assert.Equal("nyc1", _world.Account.Droplets()[0].Region);
    }

    [Fact]
    public async Task A_droplet_can_be_made_of_a_snapshot_where_that_is()
    {
        var snapshot = _world.Plant(_world.AddDroplet("old", "fra1").Id, regions: "fra1");
        object Order(string region) => new { name = "restored", region, size = "s-1vcpu-1gb", image = snapshot.Id };

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await CreateAsync(Order("lon1"))).Status);
        var (status, body) = await CreateAsync(Order("fra1"));

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(snapshot.Id, Id(body.GetProperty("droplet").GetProperty("image")));
        Assert.Equal(snapshot.SizeGigabytes, _world.Account.Droplet(Id(body.GetProperty("droplet")))!.UsedGigabytes);
    }

    public static TheoryData<string, object> BadOrders => new()
    {
        { "no name", new { region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64" } },
        { "no names", new { names = Array.Empty<string>(), region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64" } },
        { "eleven", new { names = Enumerable.Range(1, 11).Select(i => $"n{i}").ToArray(), region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64" } },
        { "a blank in the name", new { name = "web 1", region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64" } },
        { "no such region", new { name = "a", region = "moon1", size = "s-1vcpu-1gb", image = "debian-12-x64" } },
        { "a region that takes none", new { name = "a", region = "nyc2", size = "s-1vcpu-1gb", image = "debian-12-x64" } },
        { "no such size", new { name = "a", region = "fra1", size = "xxl", image = "debian-12-x64" } },
        { "no such image", new { name = "a", region = "fra1", size = "s-1vcpu-1gb", image = "beos" } },
        { "no such tag", new { name = "a", region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64", tags = new[] { "a b" } } },
        { "no such plan", new { name = "a", region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64", backups = true, backup_policy = new { hour = 3 } } },
    };

    [Theory]
    [MemberData(nameof(BadOrders))]
    public async Task An_order_that_cannot_be_met_creates_nothing(string why, object order)
    {
        Assert.True((await CreateAsync(order)).Status == HttpStatusCode.UnprocessableEntity, why);
        Assert.Empty(_world.Account.State().Droplets);
    }

    [Fact]
    public async Task An_account_has_a_limit()
    {
        using var world = new World(World.Plain with { Owner = new SandboxOwner(DropletLimit: 1) });
        var order = new { names = new[] { "a", "b" }, region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64" };

        await world.RefusedAsync(HttpMethod.Post, "/v2/droplets", HttpStatusCode.UnprocessableEntity, "unprocessable_entity", body: order);
    }

    [Fact]
    public async Task A_destroyed_droplet_is_gone_and_its_snapshots_are_not()
    {
        var droplet = _world.AddDroplet();
        var snapshot = _world.Plant(droplet.Id);

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"/v2/droplets/{droplet.Id}")).Status);

        await _world.RefusedAsync(HttpMethod.Delete, $"/v2/droplets/{droplet.Id}", HttpStatusCode.NotFound, "not_found");
        await _world.GetAsync($"/v2/snapshots/{snapshot.Id}");
    }

    [Fact]
    public async Task All_with_a_tag_are_destroyed_and_none_without_naming_one()
    {
        _world.AddDroplet("a", "nyc3", "old");
        _world.AddDroplet("b", "nyc3", "OLD");
        var kept = _world.AddDroplet("c", "nyc3", "new");

        foreach (var path in new[] { "/v2/droplets", "/v2/droplets?tag_name=" })
            await _world.RefusedAsync(HttpMethod.Delete, path, HttpStatusCode.UnprocessableEntity, "unprocessable_entity");
        await _world.RefusedAsync(HttpMethod.Delete, "/v2/droplets?tag_name=unheard-of", HttpStatusCode.NotFound, "not_found");
        Assert.Equal(3, _world.Account.Droplets().Count);

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync("/v2/droplets?tag_name=old")).Status);
        Assert.Equal(kept.Id, Assert.Single(_world.Account.Droplets()).Id);
    }

    public void Dispose() => _world.Dispose();

    private static long Id(JsonElement thing) => thing.GetProperty("id").GetInt64();

    private static int Number(JsonElement thing, string member) => thing.GetProperty(member).GetInt32();

    private Task<(HttpStatusCode Status, JsonElement Body)> CreateAsync(object order) => _world.PostAsync("/v2/droplets", order);
}
