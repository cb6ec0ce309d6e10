using System.Net;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

public sealed class ShapeTests : IDisposable
{
    private readonly World _world = new();
    private readonly SandboxDroplet _droplet;
    private readonly SandboxImage _image;

    public ShapeTests()
    {
        _droplet = _world.AddDroplet("web-1", "nyc3", "autosnapshot", "env:prod");
        _image = _world.Plant(_droplet.Id, "web-1-old", World.Start.AddDays(-3), "nyc3", "lon1");
    }

    [Fact]
    public async Task In_the_list_of_snapshots_numbers_are_strings()
    {
        var snapshot = Assert.Single((await _world.GetAsync("/v2/snapshots?resource_type=droplet")).GetProperty("snapshots").EnumerateArray());

        Assert.Equal($"{_image.Id}", snapshot.GetProperty("id").GetString());
        Assert.Equal($"{_droplet.Id}", snapshot.GetProperty("resource_id").GetString());
        Assert.Equal("droplet", snapshot.GetProperty("resource_type").GetString());
        Assert.Equal("2026-02-26T12:00:00Z", snapshot.GetProperty("created_at").GetString());
        Assert.Equal(25, snapshot.GetProperty("min_disk_size").GetInt32());
        Assert.Equal(["nyc3", "lon1"], Strings(snapshot.GetProperty("regions")));
        Assert.Equal(_image.SizeGigabytes, snapshot.GetProperty("size_gigabytes").GetDouble());
        Assert.NotEqual(Math.Truncate(_image.SizeGigabytes), _image.SizeGigabytes);
        Assert.False(snapshot.TryGetProperty("type", out _));
    }

    [Fact]
    public async Task In_the_list_of_a_droplet_they_are_numbers()
    {
        var snapshot = Assert.Single((await _world.GetAsync($"/v2/droplets/{_droplet.Id}/snapshots")).GetProperty("snapshots").EnumerateArray());

        Assert.Equal(_image.Id, snapshot.GetProperty("id").GetInt64());
        Assert.Equal("snapshot", snapshot.GetProperty("type").GetString());
        Assert.False(snapshot.TryGetProperty("resource_id", out _));
    }

    [Fact]
    public async Task A_snapshot_is_an_image_with_the_same_number()
    {
        var image = (await _world.GetAsync($"/v2/images/{_image.Id}")).GetProperty("image");
        var snapshot = (await _world.GetAsync($"/v2/snapshots/{_image.Id}")).GetProperty("snapshot");

        Assert.Equal(_image.Id, image.GetProperty("id").GetInt64());
        Assert.Equal($"{_image.Id}", snapshot.GetProperty("id").GetString());
        Assert.Equal(snapshot.GetProperty("name").GetString(), image.GetProperty("name").GetString());
        Assert.Equal("available", image.GetProperty("status").GetString());
        Assert.Equal("snapshot", image.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, image.GetProperty("slug").ValueKind);
    }

    [Fact]
    public async Task Numbers_are_above_what_32_bits_hold()
    {
        var action = await _world.StartAsync($"/v2/droplets/{_droplet.Id}/actions", new { type = "snapshot", name = "n" });

        Assert.True(action.GetProperty("id").GetInt64() > uint.MaxValue / 2);
        Assert.False(action.GetProperty("id").TryGetInt32(out _));
        Assert.True(_image.Id > int.MaxValue);
        Assert.True(_droplet.Id > int.MaxValue);
        Assert.All(_world.Account.State().Snapshots, image => Assert.True(image.Id > int.MaxValue));
    }

    [Fact]
    public async Task A_droplet_says_what_it_is()
    {
        var droplet = (await _world.GetAsync($"/v2/droplets/{_droplet.Id}")).GetProperty("droplet");

        Assert.Equal(_droplet.Id, droplet.GetProperty("id").GetInt64());
        Assert.Equal("nyc3", droplet.GetProperty("region").GetProperty("slug").GetString());
        Assert.Equal("active", droplet.GetProperty("status").GetString());
        Assert.Equal(25, droplet.GetProperty("disk").GetInt32());
        Assert.Equal(["autosnapshot", "env:prod"], Strings(droplet.GetProperty("tags")));
        Assert.Equal(_image.Id, Assert.Single(droplet.GetProperty("snapshot_ids").EnumerateArray()).GetInt64());
    }

    [Theory]
    [InlineData("droplet", "/v2/droplets", "id,name,memory,vcpus,disk,locked,status,created_at,features,backup_ids,next_backup_window,snapshot_ids,image,volume_ids,size,size_slug,networks,region,tags")]
    [InlineData("snapshot", "/v2/snapshots", "id,name,created_at,regions,min_disk_size,size_gigabytes,resource_id,resource_type,tags")]
    [InlineData("image", "/v2/images", "id,name,type,distribution,slug,public,regions,created_at,min_disk_size,size_gigabytes,description,tags,status,error_message")]
    [InlineData("region", "/v2/regions", "slug,name,features,available,sizes")]
    [InlineData("action", "/v2/actions", "id,status,type,started_at,completed_at,resource_id,resource_type,region,region_slug")]
    public async Task Documented_members_are_there(string kind, string list, string members)
    {
        _world.Account.StartTransfer(_image.Id, "fra1").OrThrow();
        var first = (await _world.GetAsync(list)).GetProperty($"{kind}s")[0];

        Assert.All(members.Split(','), member => Assert.True(first.TryGetProperty(member, out _), $"{kind} has no {member}"));
    }

    [Fact]
    public async Task The_account_says_whose_it_is()
    {
        var account = (await _world.GetAsync("/v2/account")).GetProperty("account");

        Assert.Equal(new SandboxOwner().Uuid, account.GetProperty("team").GetProperty("uuid").GetString());
        Assert.Equal(new SandboxOwner().UserUuid, account.GetProperty("uuid").GetString());
        Assert.Equal("active", account.GetProperty("status").GetString());
        Assert.Equal("sandbox@example.com", account.GetProperty("email").GetString());
        Assert.Equal(1000, account.GetProperty("droplet_limit").GetInt32());
    }

    [Theory]
    [InlineData("autosnapshot", 2)]
    [InlineData("AUTOSNAPSHOT", 2)]
    [InlineData("env:prod", 1)]
    [InlineData("auto", 0)]
    public async Task Droplets_are_found_by_one_whole_tag(string tag, int count)
    {
        _world.AddDroplet("web-2", "nyc3", "autosnapshot");
        _world.AddDroplet("scratch");

        Assert.Equal(count, (await _world.GetAsync($"/v2/droplets?tag_name={tag}")).GetProperty("meta").GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("GET", "/v2/databases", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/droplets/not-a-number", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/droplets/-1", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/droplets/99999999999999999999999", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/images/windows-95", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/snapshots/1", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/droplets/1/snapshots", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/images/1/actions", HttpStatusCode.NotFound)]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/v2/droplets", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/v2/droplets/1/actions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/v2/snapshots?resource_type=image", HttpStatusCode.UnprocessableEntity)]
    [InlineData("GET", "/v2/droplets?tag_name=a&name=b", HttpStatusCode.UnprocessableEntity)]
    [InlineData("GET", "/v2/droplets?tag_name=a&type=droplets", HttpStatusCode.UnprocessableEntity)]
    [InlineData("GET", "/v2/droplets?type=mainframes", HttpStatusCode.UnprocessableEntity)]
    [InlineData("GET", "/v2/images?type=snapshot", HttpStatusCode.UnprocessableEntity)]
    [InlineData("GET", "/v2/tags/unheard-of", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/volumes/506f78a4-e098-11e5-ad9f-000f53306ae1", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/snapshots/506f78a4-e098-11e5-ad9f-000f53306ae1", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_is_refused_in_the_vendors_form(string method, string path, HttpStatusCode status)
    {
        var (actual, error) = await _world.SendAsync(new HttpMethod(method), path);

        Assert.Equal(status, actual);
        Assert.NotEmpty(error.GetProperty("id").GetString()!);
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.True(Guid.TryParse(error.GetProperty("request_id").GetString(), out _));
    }

    public void Dispose() => _world.Dispose();

    private static string?[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString())];
}
