using System.Net;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

public sealed class ImageTests : IDisposable
{
    private readonly World _world = new();
    private readonly SandboxImage _snapshot;

    public ImageTests() => _snapshot = _world.Plant(_world.AddDroplet().Id);

    [Theory]
    [InlineData("", 5)]
    [InlineData("private=true", 1)]
    [InlineData("private=false", 5)]
    [InlineData("type=distribution", 3)]
    [InlineData("type=application", 1)]
    [InlineData("tag_name=golden", 1)]
    [InlineData("tag_name=unheard-of", 0)]
    public async Task Public_images_are_listed_with_ones_own_unless_filtered(string query, int count)
    {
        _world.Account.AddTag("golden").OrThrow();
        _world.Account.SetTag("golden", [new SandboxTagged("image", $"{_snapshot.Id}")], tagged: true);

        Assert.Equal(count, (await _world.GetAsync($"/v2/images?{query}")).GetProperty("meta").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_public_image_is_found_by_slug_and_number_and_is_not_ones_own()
    {
        var image = (await _world.GetAsync("/v2/images/debian-12-x64")).GetProperty("image");
        var path = $"/v2/images/{image.GetProperty("id").GetInt64()}";

        Assert.True((await _world.GetAsync(path)).GetProperty("image").GetProperty("public").GetBoolean());
        await _world.RefusedAsync(HttpMethod.Delete, path, HttpStatusCode.Forbidden, "forbidden");
        await _world.RefusedAsync(HttpMethod.Put, path, HttpStatusCode.Forbidden, "forbidden", body: new { name = "mine" });
    }

    [Fact]
    public async Task A_snapshot_can_be_renamed_and_nothing_else_of_it_changed()
    {
        var (status, body) = await PutAsync(_snapshot.Id, new { name = "renamed", description = "text", distribution = "Debian" });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("renamed", body.GetProperty("image").GetProperty("name").GetString());
        Assert.Equal(("", "Ubuntu"), (_world.Account.Image(_snapshot.Id)!.Description, _world.Account.Image(_snapshot.Id)!.Distribution));
        Assert.Equal("renamed", (await _world.GetAsync($"/v2/snapshots/{_snapshot.Id}")).GetProperty("snapshot").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_custom_image_is_new_until_it_is_there()
    {
        var (status, body) = await _world.PostAsync(
            "/v2/images", new { name = "mine", url = "https://example.com/i.img", region = "fra1", distribution = "Arch Linux", tags = new[] { "base" } });
        var id = body.GetProperty("image").GetProperty("id").GetInt64();

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("NEW", body.GetProperty("image").GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("image").GetProperty("size_gigabytes").ValueKind);
        await TransferRefusedAsync(id);

        _world.Clock.Advance(World.TransferTime);
        var image = (await _world.GetAsync($"/v2/images/{id}")).GetProperty("image");
        Assert.Equal(("available", "custom"), (image.GetProperty("status").GetString(), image.GetProperty("type").GetString()));
        await PutAsync(id, new { description = "text", distribution = "Debian" });
        Assert.Equal(("mine", "text", "Debian"), (_world.Account.Image(id)!.Name, _world.Account.Image(id)!.Description, _world.Account.Image(id)!.Distribution));
        await _world.StartAsync($"/v2/images/{id}/actions", new { type = "transfer", region = "lon1" });
        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"/v2/images/{id}")).Status);
        Assert.Equal($"DELETE /v2/images/{id}", Assert.Single(_world.Account.State().Deleted).By);
    }

    public static TheoryData<string, object> BadImports => new()
    {
        { "no name", new { url = "https://example.com/i.img", region = "fra1" } },
        { "no url", new { name = "mine", region = "fra1" } },
        { "no web address", new { name = "mine", url = "file:///etc/passwd", region = "fra1" } },
        { "no region", new { name = "mine", url = "https://example.com/i.img" } },
        { "no such distribution", new { name = "mine", url = "https://example.com/i.img", region = "fra1", distribution = "BeOS" } },
        { "no such tag", new { name = "mine", url = "https://example.com/i.img", region = "fra1", tags = new[] { "a b" } } },
    };

    [Theory]
    [MemberData(nameof(BadImports))]
    public async Task An_import_that_cannot_be_is_refused(string why, object body)
    {
        Assert.True((await _world.PostAsync("/v2/images", body)).Status == HttpStatusCode.UnprocessableEntity, why);
        Assert.Single(_world.Account.Images());
    }

    [Fact]
    public async Task A_backup_is_no_snapshot_until_it_is_converted()
    {
        var backup = _world.Account.PlantSnapshot(new NewSnapshot { Name = "b", DropletId = 1, Type = SandboxImageType.Backup }).OrThrow();
        await _world.RefusedAsync(HttpMethod.Delete, $"/v2/images/{backup.Id}", HttpStatusCode.UnprocessableEntity, "unprocessable_entity");
        await TransferRefusedAsync(backup.Id);

        var action = await _world.StartAsync($"/v2/images/{backup.Id}/actions", new { type = "convert" });
        Assert.Equal("convert", action.GetProperty("type").GetString());
        _world.Clock.Advance(World.PowerTime);

        await _world.GetAsync($"/v2/snapshots/{backup.Id}");
        await _world.StartAsync($"/v2/images/{backup.Id}/actions", new { type = "transfer", region = "lon1" });
    }

    [Fact]
    public async Task A_snapshot_can_be_deleted_as_an_image()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"/v2/images/{_snapshot.Id}")).Status);
        await _world.RefusedAsync(HttpMethod.Delete, $"/v2/images/{_snapshot.Id}", HttpStatusCode.NotFound, "not_found");
        await _world.RefusedAsync(HttpMethod.Get, $"/v2/snapshots/{_snapshot.Id}", HttpStatusCode.NotFound, "not_found");
    }

    public void Dispose() => _world.Dispose();

    private Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(long id, object body) => _world.SendAsync(HttpMethod.Put, $"/v2/images/{id}", body);

    private Task TransferRefusedAsync(long id) => _world.RefusedAsync(
        HttpMethod.Post, $"/v2/images/{id}/actions", HttpStatusCode.UnprocessableEntity, "unprocessable_entity", body: new { type = "transfer", region = "lon1" });
}
