using DoSnapshot.Sandbox;

namespace DoSnapshot.Services.Tests;

/// <summary>An account of a size at which requests for each droplet would use up the token.</summary>
public sealed class LargeAccountTests
{
    [Fact]
    public async Task Of_450_droplets_and_9000_snapshots_everything_is_read_with_a_request_for_each_page()
    {
        await using var world = new World(World.Plan(), seed: SandboxSeeds.Large);
        await world.Keeper.ApplyAsync(World.Ct);
        var before = world.Account.Journal.Total;

        await world.Reconciler.RunAsync(World.Ct);

        var calls = world.Account.Journal.Since(before).Select(c => c.Path.Split('?')[0]).CountBy(path => path, StringComparer.Ordinal).ToDictionary();
        Assert.Equal(3, calls["/v2/droplets"]);
        Assert.Equal(45, calls["/v2/snapshots"]);
        // The account, and the page of regions that the plan's are looked up in.
        Assert.InRange(calls.Values.Sum(), 48, 50);
        var ledgers = await world.Log.LoadLedgersAsync(null, World.Ct);
        Assert.Equal(450, ledgers.Count(l => l.Plan is not null));
        Assert.Equal(9_000, ledgers.Sum(l => l.Snapshots.Length));
    }
}
