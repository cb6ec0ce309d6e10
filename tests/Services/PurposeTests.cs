using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Services.Tests;

/// <summary>Where requests are scarce, a deletion waits for everything else but comparisons: so what is asked must be asked for what it is for.</summary>
public sealed class PurposeTests
{
    [Fact]
    public async Task Only_what_belongs_to_a_deletion_waits_as_one()
    {
        await using var world = new World(World.Plan(keep: "0h:1d", regions: "lon1"));
        world.AddDroplet();
        await world.LeadAsync();

        // Taken and copied, and both followed to the end.
        await world.RunAsync(TimeSpan.FromHours(1));
        Assert.Equal(1, world.Requests.Take(RequestPurpose.Transfer));
        Assert.Equal(0, world.Requests.Take(RequestPurpose.Deletion));

        await world.RunAsync(TimeSpan.FromDays(1));
        Assert.Single(world.Account.State().Deleted);
        // The image, the droplet's others, the newest of those by itself, the DELETE, and whether the image is gone.
        Assert.Equal(5, world.Requests.Take(RequestPurpose.Deletion));
    }
}
