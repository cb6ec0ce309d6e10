namespace DoSnapshot.Cli.Tests;

/// <summary>A pass that stays until what it began is complete.</summary>
public sealed class WaitTests : IDisposable
{
    private readonly World world = new();

    [Fact]
    public async Task It_stays_until_the_snapshot_is_listed_and_in_every_region()
    {
        world.AddDroplet();

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1", "-r", "fra1", "--wait");

        Assert.Equal(0, outcome.Code);
        var made = Assert.Single(world.Account.Images());
        Assert.Equal(["fra1", "lon1", World.Home], made.Regions.Order());
        Assert.Equal([made.Id, made.Id], outcome.Transferred);
        Assert.Contains("Information: waiting, 0.0 s so far: snapshots in progress 1, transfers in progress 0", outcome.Lines);
        outcome.Tells($"Information: snapshot {made.Name} is complete: image {made.Id}");
        Assert.Contains($"Information: snapshot {made.Name} is in region lon1", outcome.Lines);
        var took = world.Clock.GetUtcNow() - World.Start;
        Assert.InRange(took, World.SnapshotTime + World.ListingLag + World.TransferTime, TimeSpan.FromMinutes(20));
    }

    [Fact]
    public async Task It_waits_for_transfers_and_tells_of_it_once_a_minute()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, TimeSpan.FromHours(1));

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1", "--wait");

        Assert.Equal(0, outcome.Code);
        Assert.Contains("lon1", Assert.Single(world.Account.Images()).Regions);
        Assert.InRange(outcome.Lines.Count(l => l.EndsWith(" so far: snapshots in progress 0, transfers in progress 1", StringComparison.Ordinal)), 5, 6);
    }

    [Fact]
    public async Task A_transfer_that_another_run_began_meanwhile_is_not_begun_again()
    {
        world.AddDroplet();
        var isBegun = false;
        world.Line.Before = r =>
        {
            // It has seen that the snapshot is complete, and looks whether somebody transfers it.
            if (!isBegun && r.Method == HttpMethod.Get && r.RequestUri!.AbsolutePath.StartsWith("/v2/images/", StringComparison.Ordinal))
            {
                isBegun = true;
                world.Account.StartTransfer(Assert.Single(world.Account.Images()).Id, "lon1").OrThrow();
            }
        };

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1", "--wait");

        Assert.Equal(0, outcome.Code);
        Assert.True(isBegun);
        Assert.Empty(outcome.Transferred);
        Assert.Contains("lon1", Assert.Single(world.Account.Images()).Regions);
    }

    [Fact]
    public async Task A_snapshot_that_fails_is_told_and_is_exit_1()
    {
        var droplet = world.AddDroplet();
        var looks = 0;
        world.Line.Before = r =>
        {
            if (r.RequestUri!.AbsolutePath == "/v2/actions" && ++looks == 2)
            {
                world.Account.DestroyDroplet(droplet);
            }
        };

        var outcome = await world.PassAsync("-s", "1d", "--wait");

        Assert.Equal(1, outcome.Code);
        outcome.Tells("Error: snapshot web-1-autosnapshot-20260301T120000Z failed: ");
    }

    [Fact]
    public async Task An_answer_that_got_lost_is_made_up_for_by_looking()
    {
        world.AddDroplet();
        world.Line.Loses = r => r.Method == HttpMethod.Post && world.Clock.GetUtcNow() == World.Start;

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1", "--wait");

        Assert.Equal(0, outcome.Code);
        Assert.Equal(["lon1", World.Home], Assert.Single(world.Account.Images()).Regions.Order());
        Assert.Single(outcome.Snapshotted);
    }

    [Fact]
    public async Task It_does_not_wait_for_ever_where_nothing_can_be_read()
    {
        world.AddDroplet();
        world.Line.Instead = r => r.RequestUri!.AbsolutePath.StartsWith("/v2/actions", StringComparison.Ordinal)
            ? new HttpResponseMessage(System.Net.HttpStatusCode.BadGateway) { Content = new StringContent("<html>") }
            : null;

        var outcome = await world.PassAsync("-s", "1d", "--wait");

        Assert.Equal(1, outcome.Code);
        outcome.Tells("Error: how things stand could not be read, and waiting ends: ");
    }

    [Fact]
    public async Task Where_nothing_was_begun_there_is_nothing_to_wait_for()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, TimeSpan.FromHours(1));

        var outcome = await world.PassAsync("-s", "1d", "--wait");

        Assert.Equal(0, outcome.Code);
        Assert.Equal(World.Start, world.Clock.GetUtcNow());
    }

    public void Dispose() => world.Dispose();
}
