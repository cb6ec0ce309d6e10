using System.Net;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

public sealed class TransferTests : IDisposable
{
    private readonly World _world = new();
    private readonly SandboxImage _image;

    public TransferTests() => _image = _world.Plant(_world.AddDroplet().Id);

    private string Actions => $"/v2/images/{_image.Id}/actions";

    [Fact]
    public async Task The_image_keeps_its_number_and_gains_a_region_when_the_action_completes()
    {
        var action = await TransferAsync("lon1");
        Assert.Equal("transfer", action.GetProperty("type").GetString());
        Assert.Equal("image", action.GetProperty("resource_type").GetString());
        Assert.Equal(_image.Id, action.GetProperty("resource_id").GetInt64());
        Assert.Equal("lon1", action.GetProperty("region_slug").GetString());

        _world.Clock.Advance(World.TransferTime - TimeSpan.FromTicks(1));
        Assert.Equal(["nyc3"], await RegionsAsync());
        Assert.Equal("in-progress", await StatusAsync(action));

        _world.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["nyc3", "lon1"], await RegionsAsync());
        Assert.Equal("completed", await StatusAsync(action));
    }

    [Fact]
    public async Task Transfers_to_several_regions_run_side_by_side()
    {
        await TransferAsync("lon1");
        await TransferAsync("fra1");
        await TransferAsync("sgp1");
        _world.Clock.Advance(World.TransferTime);

        Assert.Equal(["nyc3", "lon1", "fra1", "sgp1"], await RegionsAsync());
        Assert.Equal(3, (await _world.GetAsync(Actions)).GetProperty("meta").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Two_to_the_same_region_give_it_once()
    {
        await TransferAsync("lon1");
        await TransferAsync("lon1");
        _world.Clock.Advance(World.TransferTime);

        Assert.Equal(["nyc3", "lon1"], await RegionsAsync());
    }

    [Fact]
    public async Task A_region_may_receive_images_though_it_takes_no_droplets()
    {
        await TransferAsync("nyc2");
        _world.Clock.Advance(World.TransferTime);

        Assert.Equal(["nyc3", "nyc2"], await RegionsAsync());
    }

    [Fact]
    public async Task The_droplet_is_free_meanwhile()
    {
        await TransferAsync("lon1");

        await _world.StartAsync($"/v2/droplets/{_image.DropletId}/actions", new { type = "snapshot", name = "n" });
    }

    public static TheoryData<string, object, HttpStatusCode> Refusals => new()
    {
        { "already there", new { type = "transfer", region = "nyc3" }, HttpStatusCode.UnprocessableEntity },
        { "unknown region", new { type = "transfer", region = "moon1" }, HttpStatusCode.UnprocessableEntity },
        { "no region", new { type = "transfer" }, HttpStatusCode.UnprocessableEntity },
        { "unknown type", new { type = "convert" }, HttpStatusCode.UnprocessableEntity },
        { "no type", new { region = "lon1" }, HttpStatusCode.NotFound },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_cannot_be_transferred_is_refused(string why, object body, HttpStatusCode status)
    {
        var id = status == HttpStatusCode.NotFound ? "not_found" : "unprocessable_entity";
        await _world.RefusedAsync(HttpMethod.Post, Actions, status, id, body: body);

        Assert.True(_world.Account.State().Actions.Count == 0, why);
    }

    [Fact]
    public Task An_image_that_is_not_there_is_not_found() => _world.RefusedAsync(
        HttpMethod.Post, "/v2/images/77/actions", HttpStatusCode.NotFound, "not_found", body: new { type = "transfer", region = "lon1" });

    [Fact]
    public async Task A_backup_cannot_be_transferred()
    {
        var backup = _world.Account.PlantSnapshot(new NewSnapshot { Name = "b", DropletId = 1, Type = SandboxImageType.Backup }).OrThrow();

        await _world.RefusedAsync(
            HttpMethod.Post, $"/v2/images/{backup.Id}/actions", HttpStatusCode.UnprocessableEntity, "unprocessable_entity", body: new { type = "transfer", region = "lon1" });
    }

    [Fact]
    public async Task Deleting_the_image_meanwhile_succeeds_and_fails_the_transfer()
    {
        var (first, second) = (await TransferAsync("lon1"), await TransferAsync("fra1"));
        _world.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"/v2/snapshots/{_image.Id}")).Status);

        Assert.Equal("errored", await StatusAsync(first));
        _world.Clock.Advance(World.TransferTime);
        Assert.Equal("errored", await StatusAsync(second));
        await _world.RefusedAsync(HttpMethod.Get, $"/v2/images/{_image.Id}", HttpStatusCode.NotFound, "not_found");
        await _world.RefusedAsync(HttpMethod.Get, $"{Actions}/{first.GetProperty("id").GetInt64()}", HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task An_action_has_three_addresses_but_no_wrong_one()
    {
        var other = _world.Plant(_image.DropletId);
        var id = (await TransferAsync("lon1")).GetProperty("id").GetInt64();

        Assert.Equal(id, (await _world.GetAsync($"/v2/actions/{id}")).GetProperty("action").GetProperty("id").GetInt64());
        Assert.Equal(id, (await _world.GetAsync($"{Actions}/{id}")).GetProperty("action").GetProperty("id").GetInt64());
        foreach (var wrong in new[] { $"/v2/images/{other.Id}/actions/{id}", $"/v2/droplets/{_image.DropletId}/actions/{id}", $"/v2/actions/{id + 1}" })
            await _world.RefusedAsync(HttpMethod.Get, wrong, HttpStatusCode.NotFound, "not_found");
    }

    public void Dispose() => _world.Dispose();

    private Task<JsonElement> TransferAsync(string region) => _world.StartAsync(Actions, new { type = "transfer", region });

    private async Task<string?> StatusAsync(JsonElement action) =>
        (await _world.GetAsync($"/v2/actions/{action.GetProperty("id").GetInt64()}")).GetProperty("action").GetProperty("status").GetString();

    private async Task<string?[]> RegionsAsync() =>
        [.. (await _world.GetAsync($"/v2/images/{_image.Id}")).GetProperty("image").GetProperty("regions").EnumerateArray().Select(region => region.GetString())];
}
