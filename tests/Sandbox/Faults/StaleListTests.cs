using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests.Faults;

/// <summary>Lists as they were a while ago.</summary>
public sealed class StaleListTests : IDisposable
{
    private readonly World _world = new();

    private SandboxFaults Faults => _world.Account.Faults;

    [Fact]
    public async Task A_droplet_shows_its_old_name_and_one_that_is_gone_is_there()
    {
        var (renamed, gone) = (_world.AddDroplet("web-1"), _world.AddDroplet("web-2"));
        Stale(30);
        _world.Account.RenameDroplet(renamed.Id, "www");
        _world.Account.DestroyDroplet(gone.Id);
        var added = _world.AddDroplet("web-3");

        Assert.Equal(["web-1", "web-2"], await NamesAsync("/v2/droplets", "droplets"));
        _world.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(["web-1", "web-2"], await NamesAsync("/v2/droplets", "droplets"));
        Assert.Equal("web-3", (await _world.GetAsync($"/v2/droplets/{added.Id}")).GetProperty("droplet").GetProperty("name").GetString());
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["web-3", "www"], await NamesAsync("/v2/droplets", "droplets"));
    }

    [Theory]
    [InlineData("/v2/snapshots?resource_type=droplet", "snapshots")]
    [InlineData("/v2/images?private=true", "images")]
    [InlineData("/v2/droplets/{0}/snapshots", "snapshots")]
    public async Task A_snapshot_is_missing_that_has_just_appeared_and_one_is_there_that_was_deleted(string path, string key)
    {
        var droplet = _world.AddDroplet();
        path = string.Format(null, path, droplet.Id);
        var old = _world.Plant(droplet.Id, "old");
        Stale(60);
        await _world.StartAsync($"/v2/droplets/{droplet.Id}/actions", new { type = "snapshot", name = "new" });
        _world.Clock.Advance(World.SnapshotTime + World.ListingLag);
        await _world.DeleteAsync($"/v2/snapshots/{old.Id}");

        Assert.Equal(["old"], await NamesAsync(path, key));
        _world.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["new"], await NamesAsync(path, key));
    }

    [Fact]
    public async Task An_action_is_missing_then_in_progress_then_completed()
    {
        var droplet = _world.AddDroplet();
        Stale(100);
        await _world.StartAsync($"/v2/droplets/{droplet.Id}/actions", new { type = "snapshot", name = "n" });

        Assert.Empty(await StatusesAsync("/v2/actions"));
        _world.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(["in-progress"], await StatusesAsync("/v2/actions"));
        Assert.Equal(["in-progress"], await StatusesAsync($"/v2/droplets/{droplet.Id}/actions"));
        // Nobody looks for a day: it ended when it did, and not when somebody looked.
        _world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["completed"], await StatusesAsync("/v2/actions"));
    }

    [Fact]
    public async Task What_was_not_remembered_is_never_made_up()
    {
        var droplet = _world.AddDroplet("a");
        Stale(3600);
        _world.Account.RenameDroplet(droplet.Id, "b");
        Faults.Clear();
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        _world.Account.RenameDroplet(droplet.Id, "c");
        Stale(3600);

        Assert.Equal(["c"], await NamesAsync("/v2/droplets", "droplets"));
        _world.Account.RenameDroplet(droplet.Id, "d");
        Assert.Equal(["c"], await NamesAsync("/v2/droplets", "droplets"));
    }

    [Fact]
    public async Task Every_stale_list_is_one_that_was()
    {
        var random = new Random(5);
        _world.Account.Settings = World.Plain with { SnapshotDuration = new SandboxDuration(TimeSpan.FromSeconds(50)), ListingLag = TimeSpan.FromSeconds(7) };
        var droplets = Enumerable.Range(1, 4).Select(i => _world.AddDroplet($"web-{i}").Id).ToList();
        // Only every other call: the fresh one tells what there is at each second.
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.StaleList, Seconds = 45, Probability = 0 });
        var seen = new Dictionary<DateTimeOffset, (string Snapshots, string Actions)>();
        for (var second = 0; second < 1500; second++)
        {
            seen[_world.Clock.GetUtcNow()] = (await ShownAsync("/v2/snapshots"), await ShownAsync("/v2/actions?per_page=200"));
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
            if (random.Next(40) == 0)
                _world.Account.StartDropletAction(droplets[random.Next(droplets.Count)], "snapshot", $"n-{second}");
            if (random.Next(60) == 0 && _world.Account.Images() is [var image, ..])
                _world.Account.DeleteSnapshot(image.Id, "test");
            if (random.Next(20) == 0)
                await ComparedAsync(seen);
        }

        Assert.True(Faults.Counts().Total > 50);
        Assert.True(seen.Values.Distinct().Count() > 20);
    }

    public void Dispose() => _world.Dispose();

    private async Task ComparedAsync(Dictionary<DateTimeOffset, (string Snapshots, string Actions)> seen)
    {
        Faults.Add(new SandboxFaultRule { Kind = SandboxFaultKind.StaleList, Seconds = 45, Times = 2 });
        var then = _world.Clock.GetUtcNow().AddSeconds(-45);
        var stale = (await ShownAsync("/v2/snapshots"), await ShownAsync("/v2/actions?per_page=200"));
        if (seen.TryGetValue(then, out var was))
            Assert.Equal(was, stale);
    }

    private void Stale(double seconds) => Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.StaleList, Seconds = seconds });

    private async Task<string[]> NamesAsync(string path, string key) =>
        [.. (await _world.GetAsync(path)).GetProperty(key).EnumerateArray().Select(item => item.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];

    private async Task<string[]> StatusesAsync(string path) =>
        [.. (await _world.GetAsync(path)).GetProperty("actions").EnumerateArray().Select(item => item.GetProperty("status").GetString()!)];

    private async Task<string> ShownAsync(string path) => JsonSerializer.Serialize(await _world.GetAsync(path));
}
