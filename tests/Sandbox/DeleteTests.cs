using System.Net;

namespace DoSnapshot.Sandbox.Tests;

public sealed class DeleteTests : IDisposable
{
    private readonly World _world = new();

    [Fact]
    public async Task A_deleted_snapshot_is_gone_from_everywhere_at_once()
    {
        var droplet = _world.AddDroplet();
        var snapshot = _world.Plant(droplet.Id, "old", null, "nyc3", "lon1");

        var (status, body) = await _world.DeleteAsync($"/v2/snapshots/{snapshot.Id}");

        Assert.Equal(HttpStatusCode.NoContent, status);
        Assert.Equal(default, body);
        Assert.Equal(0, (await _world.GetAsync("/v2/snapshots")).GetProperty("meta").GetProperty("total").GetInt32());
        Assert.Equal(0, (await _world.GetAsync($"/v2/droplets/{droplet.Id}/snapshots")).GetProperty("meta").GetProperty("total").GetInt32());
        await _world.RefusedAsync(HttpMethod.Get, $"/v2/snapshots/{snapshot.Id}", HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task The_second_delete_finds_nothing()
    {
        var snapshot = _world.Plant(_world.AddDroplet().Id);
        await _world.DeleteAsync($"/v2/snapshots/{snapshot.Id}");

        await _world.RefusedAsync(HttpMethod.Delete, $"/v2/snapshots/{snapshot.Id}", HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData(SandboxImageType.Backup)]
    [InlineData(SandboxImageType.Custom)]
    public async Task Other_images_are_no_snapshots_and_stay(SandboxImageType type)
    {
        var image = _world.Account.PlantSnapshot(new NewSnapshot { Name = "other", DropletId = 1, Type = type }).OrThrow();

        await _world.RefusedAsync(
            HttpMethod.Delete, $"/v2/snapshots/{image.Id}", HttpStatusCode.BadRequest, "bad_request", "the resource is not a snapshot");
        await _world.RefusedAsync(HttpMethod.Get, $"/v2/snapshots/{image.Id}", HttpStatusCode.BadRequest, "bad_request");
        Assert.Equal(0, (await _world.GetAsync("/v2/snapshots")).GetProperty("meta").GetProperty("total").GetInt32());
        Assert.Equal(1, (await _world.GetAsync("/v2/images?private=true")).GetProperty("meta").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task What_was_deleted_is_remembered_with_when_and_by_what()
    {
        var droplet = _world.AddDroplet();
        var (first, second) = (_world.Plant(droplet.Id, "a"), _world.Plant(droplet.Id, "b"));
        await _world.DeleteAsync($"/v2/snapshots/{second.Id}");
        _world.Clock.Advance(TimeSpan.FromHours(1));
        _world.Account.DeleteSnapshot(first.Id, "a colleague");

        Assert.Equal(
            [new(second, World.Start, $"DELETE /v2/snapshots/{second.Id}"), new(first, World.Start.AddHours(1), "a colleague")],
            _world.Account.State().Deleted);
    }

    public void Dispose() => _world.Dispose();
}
