using System.Net;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

public sealed class TagTests : IDisposable
{
    private readonly World _world = new();

    [Fact]
    public async Task A_tag_is_made_once_and_spelt_as_it_was_first()
    {
        var (status, body) = await _world.PostAsync("/v2/tags", new { name = "Env:Prod" });
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(0, body.GetProperty("tag").GetProperty("resources").GetProperty("count").GetInt32());

        (status, body) = await _world.PostAsync("/v2/tags", new { name = "env:prod" });
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("Env:Prod", body.GetProperty("tag").GetProperty("name").GetString());
        Assert.Equal(["Env:Prod"], _world.AddDroplet("a", "nyc3", "ENV:PROD").Tags);
        Assert.Equal("Env:Prod", (await _world.GetAsync("/v2/tags/env:prod")).GetProperty("tag").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("")]
    [InlineData("line\n")]
    [InlineData(null)]
    public async Task A_name_that_is_none_is_refused_in_a_form_of_its_own(string? name)
    {
        var (status, body) = await _world.PostAsync("/v2/tags", new { name });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotEmpty(body.GetProperty("error").GetString()!);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("messages").ValueKind);
        Assert.Equal(1, body.GetProperty("root_causes").GetArrayLength());
    }

    [Fact]
    public async Task What_bears_a_tag_is_counted_and_the_last_one_named()
    {
        var first = _world.AddDroplet("a", "nyc3", "web");
        var snapshot = _world.Plant(first.Id);
        await SetAsync(HttpMethod.Post, "web", HttpStatusCode.NoContent, (snapshot.Id, "image"));
        var last = _world.AddDroplet("b", "nyc3", "web");

        var resources = (await _world.GetAsync("/v2/tags/web")).GetProperty("tag").GetProperty("resources");

        Assert.Equal(3, resources.GetProperty("count").GetInt32());
        Assert.Equal((2, 1, 0), (Count(resources, "droplets"), Count(resources, "images"), Count(resources, "volumes")));
        Assert.EndsWith($"/v2/droplets/{last.Id}", resources.GetProperty("last_tagged_uri").GetString(), StringComparison.Ordinal);
        Assert.EndsWith($"/v2/images/{snapshot.Id}", resources.GetProperty("images").GetProperty("last_tagged_uri").GetString(), StringComparison.Ordinal);
        Assert.False(resources.GetProperty("volumes").TryGetProperty("last_tagged_uri", out _));
    }

    [Fact]
    public async Task A_snapshot_is_born_without_tags_and_can_be_given_some()
    {
        var droplet = _world.AddDroplet("a", "nyc3", "web");
        await _world.StartAsync($"/v2/droplets/{droplet.Id}/actions", new { type = "snapshot", name = "n" });
        _world.Clock.Advance(World.SnapshotTime + World.ListingLag);
        var id = Assert.Single(_world.Account.Images()).Id;
        Assert.Empty(_world.Account.Image(id)!.Tags);

        await SetAsync(HttpMethod.Post, "WEB", HttpStatusCode.NoContent, (id, "image"));
        Assert.Equal(["web"], _world.Account.Image(id)!.Tags);
        Assert.Equal("web", (await _world.GetAsync($"/v2/snapshots/{id}")).GetProperty("snapshot").GetProperty("tags")[0].GetString());

        await SetAsync(HttpMethod.Delete, "web", HttpStatusCode.NoContent, (id, "image"));
        Assert.Empty(_world.Account.Image(id)!.Tags);
        Assert.Equal(["web"], _world.Account.Droplet(droplet.Id)!.Tags);
    }

    [Fact]
    public async Task Of_what_is_not_there_nothing_is_tagged()
    {
        var droplet = _world.AddDroplet("a", "nyc3", "web");
        _world.Account.AddTag("new").OrThrow();

        await SetAsync(HttpMethod.Post, "new", HttpStatusCode.NotFound, (droplet.Id, "droplet"), (1, "droplet"));
        await SetAsync(HttpMethod.Post, "new", HttpStatusCode.NotFound, (droplet.Id, "image"));
        await SetAsync(HttpMethod.Post, "new", HttpStatusCode.NotFound, (1, "volume"));
        await SetAsync(HttpMethod.Post, "new", HttpStatusCode.UnprocessableEntity, (droplet.Id, "teapot"));
        await SetAsync(HttpMethod.Post, "unheard-of", HttpStatusCode.NotFound, (droplet.Id, "droplet"));
        await _world.RefusedAsync(HttpMethod.Post, "/v2/tags/new/resources", HttpStatusCode.UnprocessableEntity, "unprocessable_entity", body: new { });

        Assert.Equal(["web"], _world.Account.Droplet(droplet.Id)!.Tags);
    }

    [Fact]
    public async Task Deleting_a_tag_takes_it_off_everything()
    {
        var droplet = _world.AddDroplet("a", "nyc3", "web", "old");
        var snapshot = _world.Account.PlantSnapshot(new NewSnapshot { Name = "n", DropletId = droplet.Id, Tags = ["web"] }).OrThrow();

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync("/v2/tags/Web")).Status);

        await _world.RefusedAsync(HttpMethod.Delete, "/v2/tags/web", HttpStatusCode.NotFound, "not_found");
        Assert.Equal(["old"], _world.Account.Droplet(droplet.Id)!.Tags);
        Assert.Empty(_world.Account.Image(snapshot.Id)!.Tags);
        Assert.Equal(["old"], (await _world.GetAsync("/v2/tags")).GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()));
    }

    public void Dispose() => _world.Dispose();

    private static int Count(JsonElement resources, string kind) => resources.GetProperty(kind).GetProperty("count").GetInt32();

    private async Task SetAsync(HttpMethod method, string tag, HttpStatusCode status, params (long Id, string Type)[] resources)
    {
        var body = new { resources = resources.Select(resource => new { resource_id = $"{resource.Id}", resource_type = resource.Type }) };
        Assert.Equal(status, (await _world.SendAsync(method, $"/v2/tags/{tag}/resources", body)).Status);
    }
}
