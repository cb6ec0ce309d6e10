using System.Net;

namespace DoSnapshot.Sandbox.Tests;

public sealed class VolumeTests : IDisposable
{
    private readonly World _world = new();
    private readonly SandboxVolume _volume;

    public VolumeTests() => _volume = _world.Account.AddVolume(new NewVolume { Name = "data", Region = "nyc3", SizeGigabytes = 100, Tags = ["db"] }).OrThrow();

    private string Snapshots => $"/v2/volumes/{_volume.Id}/snapshots";

    [Fact]
    public async Task A_volume_is_created_found_and_deleted()
    {
        var (status, body) = await _world.PostAsync(
            "/v2/volumes", new { name = "logs", region = "fra1", size_gigabytes = 10, filesystem_type = "ext4", filesystem_label = "logs" });
        Assert.Equal(HttpStatusCode.Created, status);
        var id = body.GetProperty("volume").GetProperty("id").GetString()!;
        Assert.True(Guid.TryParse(id, out _));

        var named = Assert.Single((await _world.GetAsync("/v2/volumes?name=logs&region=fra1")).GetProperty("volumes").EnumerateArray());
        Assert.Equal(id, named.GetProperty("id").GetString());
        Assert.Equal(2, (await _world.GetAsync("/v2/volumes")).GetProperty("meta").GetProperty("total").GetInt32());
        Assert.Equal("fra1", (await _world.GetAsync($"/v2/volumes/{id}")).GetProperty("volume").GetProperty("region").GetProperty("slug").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await _world.PostAsync("/v2/volumes", new { name = "logs", region = "fra1", size_gigabytes = 1 })).Status);
        await _world.RefusedAsync(HttpMethod.Delete, "/v2/volumes?name=logs", HttpStatusCode.UnprocessableEntity, "unprocessable_entity");
        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync("/v2/volumes?name=logs&region=fra1")).Status);
        await _world.RefusedAsync(HttpMethod.Delete, $"/v2/volumes/{id}", HttpStatusCode.NotFound, "not_found");
    }

    public static TheoryData<string, object, HttpStatusCode> BadVolumes => new()
    {
        { "capitals", new { name = "Data", region = "nyc3", size_gigabytes = 1 }, HttpStatusCode.UnprocessableEntity },
        { "no region", new { name = "a", size_gigabytes = 1 }, HttpStatusCode.UnprocessableEntity },
        { "no size", new { name = "a", region = "nyc3" }, HttpStatusCode.UnprocessableEntity },
        { "too large", new { name = "a", region = "nyc3", size_gigabytes = 20_000 }, HttpStatusCode.UnprocessableEntity },
        { "of nothing", new { name = "a", region = "nyc3", size_gigabytes = 1, snapshot_id = "506f78a4-e098-11e5-ad9f-000f53306ae1" }, HttpStatusCode.NotFound },
        { "a long label", new { name = "a", region = "nyc3", size_gigabytes = 1, filesystem_type = "xfs", filesystem_label = "thirteen-long" }, HttpStatusCode.UnprocessableEntity },
    };

    [Theory]
    [MemberData(nameof(BadVolumes))]
    public async Task A_volume_that_cannot_be_is_refused(string why, object body, HttpStatusCode status) =>
        Assert.True((await _world.PostAsync("/v2/volumes", body)).Status == status, why);

    [Fact]
    public async Task A_snapshot_is_there_at_once_and_shares_the_list_with_those_of_droplets()
    {
        var image = _world.Plant(_world.AddDroplet().Id);
        var (status, body) = await _world.PostAsync(Snapshots, new { name = "first", tags = new[] { "db" } });
        Assert.Equal(HttpStatusCode.Created, status);
        var id = body.GetProperty("snapshot").GetProperty("id").GetString()!;

        Assert.Equal([id], await IdsAsync("/v2/snapshots?resource_type=volume"));
        Assert.Equal([$"{image.Id}"], await IdsAsync("/v2/snapshots?resource_type=droplet"));
        Assert.Equal([$"{image.Id}", id], await IdsAsync("/v2/snapshots"));
        Assert.Equal([id], await IdsAsync(Snapshots));
        Assert.Equal(_volume.Id, (await _world.GetAsync($"/v2/snapshots/{id}")).GetProperty("snapshot").GetProperty("resource_id").GetString());
        Assert.Equal(100, (await _world.GetAsync($"/v2/volumes/snapshots/{id}")).GetProperty("snapshot").GetProperty("min_disk_size").GetInt32());
        Assert.Empty(_world.Account.State().Actions);
    }

    [Theory]
    [InlineData("/v2/snapshots/")]
    [InlineData("/v2/volumes/snapshots/")]
    public async Task A_snapshot_outlives_its_volume_and_is_deleted_by_either_address(string path)
    {
        var id = _world.Account.SnapshotVolume(_volume.Id, "n").OrThrow().Id;
        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"/v2/volumes/{_volume.Id}")).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"{path}{id}")).Status);
        await _world.RefusedAsync(HttpMethod.Delete, $"{path}{id}", HttpStatusCode.NotFound, "not_found");
        await _world.RefusedAsync(HttpMethod.Get, $"{path}{id}", HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task One_in_ten_minutes_with_a_new_name_and_25_in_all()
    {
        Assert.Equal(HttpStatusCode.Created, (await _world.PostAsync(Snapshots, new { name = "n0" })).Status);
        await _world.RefusedAsync(
            HttpMethod.Post,
            Snapshots,
            HttpStatusCode.TooManyRequests,
            "too_many_requests",
            "failed to create snapshot: this operation is rate-limited - one request per 10m0s",
            new { name = "n1" });
        await _world.RefusedAsync(HttpMethod.Post, Snapshots, HttpStatusCode.Conflict, "conflict", body: new { name = "n0" });
        await _world.RefusedAsync(HttpMethod.Post, Snapshots, HttpStatusCode.BadRequest, "bad_request", body: new { });

        for (var i = 1; i < 25; i++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(10));
            Assert.Equal(HttpStatusCode.Created, (await _world.PostAsync(Snapshots, new { name = $"n{i}" })).Status);
        }

        _world.Clock.Advance(TimeSpan.FromMinutes(10));
        await _world.RefusedAsync(HttpMethod.Post, Snapshots, HttpStatusCode.UnprocessableEntity, "unprocessable_entity", body: new { name = "one-too-many" });
    }

    [Fact]
    public async Task A_volume_is_made_of_a_snapshot_in_its_region_and_takes_its_size()
    {
        var snapshot = _world.Account.SnapshotVolume(_volume.Id, "n").OrThrow();

        Assert.Equal(HttpStatusCode.NotFound, (await _world.PostAsync("/v2/volumes", new { name = "copy", region = "fra1", snapshot_id = snapshot.Id })).Status);
        var (status, body) = await _world.PostAsync("/v2/volumes", new { name = "copy", region = "nyc3", snapshot_id = snapshot.Id });
        Assert.Equal((HttpStatusCode.Created, 100), (status, body.GetProperty("volume").GetProperty("size_gigabytes").GetInt32()));
    }

    [Fact]
    public async Task Volumes_and_their_snapshots_bear_tags()
    {
        var snapshot = _world.Account.SnapshotVolume(_volume.Id, "n").OrThrow();
        var body = new { resources = new[] { new { resource_id = snapshot.Id, resource_type = "volume_snapshot" } } };
        Assert.Equal(HttpStatusCode.NoContent, (await _world.PostAsync("/v2/tags/db/resources", body)).Status);

        var resources = (await _world.GetAsync("/v2/tags/db")).GetProperty("tag").GetProperty("resources");
        Assert.Equal(2, resources.GetProperty("count").GetInt32());
        Assert.EndsWith($"/v2/volumes/{_volume.Id}", resources.GetProperty("volumes").GetProperty("last_tagged_uri").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync("/v2/tags/db")).Status);
        Assert.Empty(Assert.Single(_world.Account.VolumeSnapshots()).Tags);
        Assert.Empty(Assert.Single(_world.Account.Volumes()).Tags);
    }

    public void Dispose() => _world.Dispose();

    private async Task<IEnumerable<string?>> IdsAsync(string path) =>
        [.. (await _world.GetAsync(path)).GetProperty("snapshots").EnumerateArray().Select(snapshot => snapshot.GetProperty("id").GetString())];
}
