using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>Calls everything that the sandbox answers, well and badly, so that every kind of answer is met.</summary>
internal sealed class VendorPlay : IDisposable
{
    private const string Nowhere = "506f78a4-e098-11e5-ad9f-000f53306ae1";

    private readonly World _world = new(World.Plain);
    private readonly ExchangeRecorder _recorder;
    private readonly HttpClient _client;

    private VendorPlay()
    {
        _recorder = new ExchangeRecorder(new SandboxHandler(_world.Account));
        _client = new HttpClient(_recorder) { BaseAddress = _world.Client.BaseAddress };
    }

    /// <summary>All that was called and answered.</summary>
    public static async Task<IReadOnlyList<VendorExchange>> RunAsync()
    {
        using var play = new VendorPlay();
        await play.ReadNothingAsync();
        await play.DropletsAsync();
        await play.DropletActionsAsync();
        await play.SnapshotsAsync();
        await play.ImagesAsync();
        await play.TagsAsync();
        await play.VolumesAsync();
        await play.ReadAllAsync();
        await play.NotFoundAsync();
        await play.RefusedAsync();
        return play._recorder.Exchanges;
    }

    /// <summary>Reads with a token that may see the things and not all that is said of them.</summary>
    public static async Task<IReadOnlyList<VendorExchange>> ReadLimitedAsync()
    {
        using var play = new VendorPlay();
        play._world.Plant(play._world.AddDroplet("web-1", "nyc3", "web").Id);
        string[] few = ["account:read", "droplet:read", "regions:read", "snapshot:read", "image:read"];
        play._world.Account.SetToken(new NewToken { Name = "reader", Token = "reader", Scopes = few }).OrThrow();
        foreach (var path in new[] { "/v2/account", "/v2/regions", "/v2/droplets", "/v2/snapshots", "/v2/images" })
            await play.SendAsync("GET", path, token: "reader");
        return play._recorder.Exchanges;
    }

    public void Dispose()
    {
        _client.Dispose();
        _world.Dispose();
    }

    /// <summary>Every list while there is nothing in it.</summary>
    private Task ReadNothingAsync() => ReadAllAsync();

    private async Task ReadAllAsync()
    {
        string[] lists =
        [
            "/v2/account", "/v2/regions", "/v2/actions", "/v2/droplets", "/v2/droplets?type=gpus", "/v2/droplets?tag_name=web", "/v2/snapshots",
            "/v2/snapshots?resource_type=volume", "/v2/images", "/v2/images?private=true", "/v2/images?type=application", "/v2/tags", "/v2/volumes",
        ];
        foreach (var list in lists)
            await SendAsync("GET", list);
        // First, middle and last page.
        foreach (var list in new[] { "/v2/regions", "/v2/droplets", "/v2/snapshots", "/v2/actions", "/v2/images" })
        {
            foreach (var page in new[] { 1, 2, 1_000 })
                await SendAsync("GET", $"{list}?per_page=1&page={page}");
        }
    }

    private async Task DropletsAsync()
    {
        var order = new { name = "web-1", region = "nyc3", size = "s-1vcpu-2gb", image = "debian-12-x64", tags = new[] { "web" }, backups = true, ipv6 = true };
        await SendAsync("POST", "/v2/droplets", order);
        await SendAsync(
            "POST",
            "/v2/droplets",
            new { names = new[] { "web-2", "web-3" }, region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64", tags = new[] { "old" } });
        await SendAsync("POST", "/v2/droplets", new { name = "web-4", region = "moon1" });
        await SendAsync("GET", "/v2/droplets");
        Pass(World.PowerTime + World.PowerLag);
        await SendAsync("DELETE", $"/v2/droplets/{Droplet("web-3").Id}");
        await SendAsync("DELETE", "/v2/droplets?tag_name=old");
        await SendAsync("DELETE", "/v2/droplets");
    }

    private async Task DropletActionsAsync()
    {
        var droplet = $"/v2/droplets/{Droplet("web-1").Id}";
        var backup = _world.Account.PlantSnapshot(new NewSnapshot { Name = "b", Droplet = "web-1", Type = SandboxImageType.Backup }).OrThrow().Id;
        object[] actions =
        [
            new { type = "snapshot", name = "one" }, new { type = "snapshot" }, new { type = "reboot" }, new { type = "power_cycle" },
            new { type = "shutdown" }, new { type = "power_off" }, new { type = "resize", size = "s-2vcpu-4gb", disk = true }, new { type = "power_on" },
            new { type = "rename", name = "web-1" }, new { type = "enable_ipv6" }, new { type = "enable_backups" }, new { type = "disable_backups" },
            new { type = "enable_backups", backup_policy = new { plan = "weekly", weekday = "SUN", hour = 4 } },
            new { type = "change_backup_policy", backup_policy = new { plan = "daily", hour = 20 } }, new { type = "password_reset" },
            new { type = "rebuild", image = "debian-12-x64" }, new { type = "restore", image = backup }, new { type = "change_kernel", kernel = 1 },
        ];
        foreach (var action in actions)
        {
            await SendAsync("POST", $"{droplet}/actions", action);
            // While it runs: the action by each of its addresses, and one more that has to wait.
            await ReadActionAsync(droplet);
            await SendAsync("POST", $"{droplet}/actions", new { type = "snapshot", name = "too soon" });
            Pass(World.SnapshotTime + World.ListingLag);
            await ReadActionAsync(droplet);
        }

        await SendAsync("POST", "/v2/droplets/actions?tag_name=web", new { type = "snapshot", name = "all" });
        await SendAsync("POST", "/v2/droplets/actions?tag_name=web", new { type = "snapshot", name = "all" });
        await SendAsync("POST", "/v2/droplets/actions?tag_name=unheard-of", new { type = "snapshot", name = "all" });
        Pass(World.SnapshotTime + World.ListingLag);
        await SendAsync("GET", droplet);
        await SendAsync("GET", $"{droplet}/actions");
        await SendAsync("GET", $"{droplet}/snapshots");
        await SendAsync("GET", $"{droplet}/snapshots?per_page=1");
    }

    private async Task ReadActionAsync(string of)
    {
        var id = _world.Account.Actions(0, 1).Items[0].Id;
        await SendAsync("GET", $"/v2/actions/{id}");
        await SendAsync("GET", $"{of}/actions/{id}");
    }

    private async Task SnapshotsAsync()
    {
        var images = _world.Account.Images();
        var snapshots = images.Where(image => image.Type == SandboxImageType.Snapshot).ToList();
        var image = $"/v2/images/{snapshots[0].Id}";
        await SendAsync("GET", $"/v2/snapshots/{snapshots[0].Id}");
        await SendAsync("POST", $"{image}/actions", new { type = "transfer", region = "lon1" });
        await ReadActionAsync(image);
        Pass(World.TransferTime);
        await ReadActionAsync(image);
        await SendAsync("GET", $"{image}/actions");
        await SendAsync("POST", $"{image}/actions", new { type = "transfer", region = "lon1" });
        await SendAsync("POST", $"{image}/actions", new { type = "transfer", region = "atl1" });
        await SendAsync("DELETE", $"/v2/snapshots/{snapshots[0].Id}");
        await SendAsync("GET", $"/v2/actions/{_world.Account.Actions(0, 1).Items[0].Id}");

        var backup = images.Single(image => image.Type == SandboxImageType.Backup).Id;
        await SendAsync("GET", $"/v2/snapshots/{backup}");
        await SendAsync("DELETE", $"/v2/snapshots/{backup}");
        await SendAsync("DELETE", $"/v2/images/{backup}");
        await SendAsync("POST", $"/v2/images/{backup}/actions", new { type = "convert" });
        Pass(World.PowerTime);
        await SendAsync("DELETE", $"/v2/images/{backup}");
    }

    private async Task ImagesAsync()
    {
        await SendAsync(
            "POST", "/v2/images", new { name = "mine", url = "https://example.com/i.img", region = "fra1", distribution = "Debian", tags = new[] { "base" } });
        await SendAsync("POST", "/v2/images", new { name = "mine" });
        var custom = $"/v2/images/{_world.Account.Images().Single(image => image.Type == SandboxImageType.Custom).Id}";
        await SendAsync("GET", custom);
        Pass(World.TransferTime);
        await SendAsync("PUT", custom, new { name = "yours", description = "text", distribution = "CentOS" });
        await SendAsync("PUT", custom, new { distribution = "BeOS" });
        await SendAsync("GET", "/v2/images/debian-12-x64");
        await SendAsync("DELETE", $"/v2/images/{SandboxCatalog.PublicImages[0].Id}");
        await SendAsync("GET", "/v2/images?tag_name=base");
    }

    private async Task TagsAsync()
    {
        await SendAsync("POST", "/v2/tags", new { name = "env:prod" });
        await SendAsync("POST", "/v2/tags", new { name = "two words" });
        var resources = new
        {
            resources = new[]
            {
                new { resource_id = $"{_world.Account.Images()[0].Id}", resource_type = "image" },
                new { resource_id = $"{Droplet("web-1").Id}", resource_type = "droplet" },
            },
        };
        await SendAsync("POST", "/v2/tags/env:prod/resources", resources);
        await SendAsync("GET", "/v2/tags/env:prod");
        await SendAsync("DELETE", "/v2/tags/env:prod/resources", resources);
        await SendAsync("POST", "/v2/tags/env:prod/resources", new { });
        await SendAsync("DELETE", "/v2/tags/env:prod");
    }

    private async Task VolumesAsync()
    {
        await SendAsync("POST", "/v2/volumes", new { name = "data", region = "nyc3", size_gigabytes = 10, tags = new[] { "db" } });
        await SendAsync("POST", "/v2/volumes", new { name = "data", region = "nyc3", size_gigabytes = 10 });
        await SendAsync("POST", "/v2/volumes", new { name = "more", region = "nyc3", size_gigabytes = 10, snapshot_id = Nowhere });
        await SendAsync("POST", "/v2/volumes", new[] { "data" });
        var volume = $"/v2/volumes/{_world.Account.Volumes()[0].Id}";
        await SendAsync("GET", volume);
        await SendAsync("POST", $"{volume}/snapshots", new { name = "first", tags = new[] { "db" } });
        await SendAsync("POST", $"{volume}/snapshots", new { name = "first" });
        await SendAsync("POST", $"{volume}/snapshots", new { name = "second" });
        await SendAsync("POST", $"{volume}/snapshots", new { });
        await SendAsync("GET", $"{volume}/snapshots");
        var snapshot = _world.Account.VolumeSnapshots()[0].Id;
        await SendAsync("GET", $"/v2/snapshots/{snapshot}");
        await SendAsync("GET", $"/v2/volumes/snapshots/{snapshot}");
        await SendAsync("GET", "/v2/tags/db");
        await SendAsync("GET", "/v2/volumes?name=data&region=nyc3");
        await SendAsync("GET", "/v2/snapshots");
        await SendAsync("DELETE", $"/v2/volumes/snapshots/{snapshot}");
        await SendAsync("DELETE", volume);
        await SendAsync("POST", "/v2/volumes", new { name = "data", region = "nyc3", size_gigabytes = 10 });
        await SendAsync("DELETE", "/v2/volumes?name=data&region=nyc3");
    }

    /// <summary>Every call about something that is not there.</summary>
    private async Task NotFoundAsync()
    {
        foreach (var endpoint in new SandboxApi(_world.Account).Endpoints)
        {
            object body = endpoint.Template switch
            {
                var template when template.EndsWith("/resources", StringComparison.Ordinal) => new { resources = Array.Empty<object>() },
                var template when template.EndsWith("/actions", StringComparison.Ordinal) && template.StartsWith("/v2/images", StringComparison.Ordinal) =>
                    new { type = "transfer", region = "lon1" },
                _ => new { type = "snapshot", name = "n" },
            };
            var takesBody = endpoint.Method is "POST" or "PUT" || endpoint.Template.EndsWith("/resources", StringComparison.Ordinal);
            if (endpoint.Template.Contains('{', StringComparison.Ordinal))
                await SendAsync(endpoint.Method, Absent(endpoint.Template), takesBody ? body : null);
        }

        await SendAsync("DELETE", "/v2/droplets?tag_name=unheard-of");
        await SendAsync("DELETE", "/v2/volumes?name=none&region=nyc3");
        await SendAsync("POST", $"/v2/images/{_world.Account.Images()[0].Id}/actions", new { region = "lon1" });
        await SendAsync("GET", "/v2/droplets?page=0");
        await SendAsync("GET", "/v2/droplets?tag_name=web&name=web-1");
    }

    /// <summary>Every call without a token, with one that may do nothing, and once too often.</summary>
    private async Task RefusedAsync()
    {
        _world.Account.SetToken(new NewToken { Name = "full", Token = "a-token" }).OrThrow();
        _world.Account.SetToken(new NewToken { Name = "idle", Token = "idle", Scopes = [] }).OrThrow();
        var endpoints = new SandboxApi(_world.Account).Endpoints;
        foreach (var endpoint in endpoints)
        {
            await SendAsync(endpoint.Method, Absent(endpoint.Template), token: null);
            await SendAsync(endpoint.Method, Absent(endpoint.Template), token: "idle");
        }

        _world.Account.Settings = World.Plain with { BurstLimit = 1 };
        Pass(TimeSpan.FromMinutes(2));
        await SendAsync("GET", "/v2/account");
        foreach (var endpoint in endpoints)
            await SendAsync(endpoint.Method, Absent(endpoint.Template));
        _world.Account.Settings = World.Plain with { HourlyLimit = 1 };
        await SendAsync("GET", "/v2/account");
        await SendAsync("GET", "/v2/account");
    }

    private static string Absent(string template) => template
        .Replace("{tag_id}", "unheard-of", StringComparison.Ordinal)
        .Replace("{volume_id}", Nowhere, StringComparison.Ordinal)
        .Replace("/volumes/snapshots/{snapshot_id}", $"/volumes/snapshots/{Nowhere}", StringComparison.Ordinal)
        .Replace("{droplet_id}", "1", StringComparison.Ordinal)
        .Replace("{image_id}", "1", StringComparison.Ordinal)
        .Replace("{snapshot_id}", "1", StringComparison.Ordinal)
        .Replace("{action_id}", "1", StringComparison.Ordinal);

    private SandboxDroplet Droplet(string name) => _world.Account.Droplets().Single(droplet => droplet.Name == name);

    private void Pass(TimeSpan time) => _world.Clock.Advance(time);

    private async Task SendAsync(string method, string path, object? body = null, string? token = "a-token")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request, World.Cancel);
    }
}
