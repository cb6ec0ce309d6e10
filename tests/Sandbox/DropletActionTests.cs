using System.Net;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>The actions on droplets besides snapshots and power.</summary>
public sealed class DropletActionTests : IDisposable
{
    private readonly World _world = new();
    private readonly SandboxDroplet _droplet;

    public DropletActionTests() => _droplet = _world.AddDroplet("web-1", "nyc3", "web");

    private string Actions => $"/v2/droplets/{_droplet.Id}/actions";

    private SandboxDroplet Now => _world.Account.Droplet(_droplet.Id)!;

    [Fact]
    public async Task A_rename_shows_when_it_is_done()
    {
        await _world.StartAsync(Actions, new { type = "rename", name = "www" });
        Assert.Equal("web-1", Now.Name);
        _world.Clock.Advance(World.PowerTime);

        Assert.Equal("www", Now.Name);
    }

    [Fact]
    public async Task A_resize_needs_the_droplet_off_and_takes_the_disk_only_if_told()
    {
        await RefusedAsync(new { type = "resize", size = "s-1vcpu-2gb" }, "Droplet is currently on. Please power it off to run this event.");
        _world.Account.SetPower(_droplet.Id, SandboxPower.Off);

        await DoneAsync(new { type = "resize", size = "s-1vcpu-2gb" });
        Assert.Equal(("s-1vcpu-2gb", 25), (Now.Size, Now.Disk));
        await DoneAsync(new { type = "resize", size = "s-1vcpu-2gb", disk = true });
        Assert.Equal(50, Now.Disk);
        await RefusedAsync(new { type = "resize", size = "s-1vcpu-1gb" });
        Assert.Equal(SandboxPower.Off, Now.Status);
    }

    [Fact]
    public async Task Backups_are_switched_on_changed_and_off()
    {
        await RefusedAsync(new { type = "change_backup_policy", backup_policy = new { plan = "weekly" } });
        await DoneAsync(new { type = "enable_backups" });
        Assert.Contains("backups", await FeaturesAsync());

        await RefusedAsync(new { type = "change_backup_policy", backup_policy = new { plan = "yearly" } });
        await DoneAsync(new { type = "change_backup_policy", backup_policy = new { plan = "weekly", weekday = "TUE", hour = 8 } });
        var window = (await ToldAsync()).GetProperty("next_backup_window");
        Assert.Equal(("2026-03-03T08:00:00Z", "2026-03-03T12:00:00Z"), (window.GetProperty("start").GetString(), window.GetProperty("end").GetString()));

        await DoneAsync(new { type = "disable_backups" });
        Assert.DoesNotContain("backups", await FeaturesAsync());
    }

    [Fact]
    public async Task Ipv6_comes_to_stay()
    {
        await DoneAsync(new { type = "enable_ipv6" });

        Assert.Contains("ipv6", await FeaturesAsync());
        Assert.Equal(1, (await ToldAsync()).GetProperty("networks").GetProperty("v6").GetArrayLength());
    }

    [Fact]
    public async Task It_is_rebuilt_of_any_image_and_restored_of_its_own_backup_only()
    {
        var own = Backup(_droplet.Id);
        var others = Backup(_world.AddDroplet("other").Id);

        await DoneAsync(new { type = "rebuild", image = "debian-12-x64" });
        Assert.Equal("debian-12-x64", Now.Image!.Slug);
        await RefusedAsync(new { type = "restore", image = others.Id });
        await RefusedAsync(new { type = "restore", image = _world.Plant(_droplet.Id).Id });
        await DoneAsync(new { type = "restore", image = own.Id });
        Assert.Equal(own.Id, Now.Image!.Id);
        Assert.Equal([own.Id], (await ToldAsync()).GetProperty("backup_ids").EnumerateArray().Select(id => id.GetInt64()));
    }

    [Theory]
    [InlineData("reboot")]
    [InlineData("power_cycle")]
    [InlineData("password_reset")]
    public async Task Some_leave_a_running_droplet_as_it_is(string type)
    {
        await DoneAsync(new { type });
        _world.Clock.Advance(World.PowerLag);

        Assert.Equal(_droplet, Now with { Tags = _droplet.Tags });
    }

    [Theory]
    [InlineData("change_kernel")]
    [InlineData("rename")]
    [InlineData("rebuild")]
    public Task What_lacks_what_it_needs_is_refused(string type) => RefusedAsync(new { type });

    [Fact]
    public async Task An_action_on_a_tag_starts_on_each_droplet_with_it()
    {
        _world.AddDroplet("web-2", "fra1", "WEB");
        _world.AddDroplet("db-1", "fra1", "db");

        var (status, body) = await _world.PostAsync("/v2/droplets/actions?tag_name=web", new { type = "snapshot", name = "all" });

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(2, body.GetProperty("actions").GetArrayLength());
        Assert.Equal(["all", "all"], _world.Account.State().Snapshots.Select(snapshot => snapshot.Name));
    }

    [Theory]
    [InlineData("web", "snapshot", HttpStatusCode.UnprocessableEntity, "there are currently blocking events processing for one or more of the droplets")]
    [InlineData("idle", "resize", HttpStatusCode.UnprocessableEntity, null)]
    [InlineData("idle", null, HttpStatusCode.UnprocessableEntity, null)]
    [InlineData("unheard-of", "snapshot", HttpStatusCode.NotFound, null)]
    [InlineData("", "snapshot", HttpStatusCode.UnprocessableEntity, null)]
    public async Task It_starts_on_none_if_one_is_busy_or_the_request_is_wrong(string tag, string? type, HttpStatusCode status, string? message)
    {
        _world.AddDroplet("web-2", "fra1", "web");
        _world.AddDroplet("idle", "fra1", "idle");
        _world.Account.StartDropletAction(_droplet.Id, "reboot").OrThrow();

        var id = status == HttpStatusCode.NotFound ? "not_found" : "unprocessable_entity";
        await _world.RefusedAsync(HttpMethod.Post, $"/v2/droplets/actions?tag_name={tag}", status, id, message, new { type });
        Assert.Single(_world.Account.State().Actions);
    }

    public void Dispose() => _world.Dispose();

    private SandboxImage Backup(long dropletId) =>
        _world.Account.PlantSnapshot(new NewSnapshot { Name = "b", DropletId = dropletId, Type = SandboxImageType.Backup }).OrThrow();

    private async Task DoneAsync(object body)
    {
        await _world.StartAsync(Actions, body);
        _world.Clock.Advance(World.PowerTime);
    }

    private Task RefusedAsync(object body, string? message = null) =>
        _world.RefusedAsync(HttpMethod.Post, Actions, HttpStatusCode.UnprocessableEntity, "unprocessable_entity", message, body);

    private async Task<IEnumerable<string?>> FeaturesAsync() =>
        (await ToldAsync()).GetProperty("features").EnumerateArray().Select(feature => feature.GetString());

    private async Task<JsonElement> ToldAsync() => (await _world.GetAsync($"/v2/droplets/{_droplet.Id}")).GetProperty("droplet");
}
