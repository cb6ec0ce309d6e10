using System.Globalization;
using System.Text.RegularExpressions;

namespace DoSnapshot.Sandbox.Tests;

public sealed partial class SeedTests : IDisposable
{
    private readonly World _world = new(seed: SandboxSeeds.Demo(World.Start));

    [Fact]
    public void Demo_has_six_droplets_with_the_tag_and_one_without()
    {
        var tagged = _world.Account.Droplets().Where(droplet => droplet.Tags.Contains("autosnapshot", StringComparer.Ordinal)).ToList();

        Assert.Equal(
            ["build-1", "cache-1", "db-1", "mail-1", "web-1", "web-2"],
            tagged.Select(droplet => droplet.Name).Order(StringComparer.Ordinal).ToArray());
        Assert.Equal(["scratch"], _world.Account.Droplets().Except(tagged).Select(droplet => droplet.Name).ToArray());
        Assert.Equal(["ams3", "fra1", "nyc3"], tagged.Select(droplet => droplet.Region).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray());
        Assert.True(tagged.Select(droplet => droplet.Disk).Distinct().Count() > 3);
    }

    [Theory]
    [InlineData("web-1", true)]
    [InlineData("web-2", false)]
    [InlineData("db-1", true)]
    [InlineData("mail-1", false)]
    public void Demo_has_what_do_snapshot_left_about_one_every_26_hours(string name, bool copied)
    {
        var droplet = _world.Account.Droplets().Single(droplet => string.Equals(droplet.Name, name, StringComparison.Ordinal));
        var left = _world.Account.SnapshotsOf(droplet.Id)
            .Where(snapshot => snapshot.Name.StartsWith($"{name}-autosnapshot-", StringComparison.Ordinal))
            .OrderBy(snapshot => snapshot.CreatedAt).ToList();

        Assert.InRange(left.Count, 18, 21);
        Assert.All(left, snapshot => Assert.Contains(droplet.Region, snapshot.Regions, StringComparer.Ordinal));
        Assert.All(left, snapshot => Assert.InRange(snapshot.CreatedAt - TimeIn(snapshot.Name), TimeSpan.Zero, TimeSpan.FromSeconds(5)));
        Assert.All(left.Zip(left.Skip(1)), pair => Assert.InRange((pair.Second.CreatedAt - pair.First.CreatedAt).TotalHours, 25.9, 26.2));
        Assert.Equal(copied, left[0].Regions.Contains("lon1", StringComparer.Ordinal));
        Assert.DoesNotContain("lon1", left[^1].Regions, StringComparer.Ordinal);
        Assert.InRange((World.Start - left[^1].CreatedAt).TotalHours, 0, 24);
    }

    [Fact]
    public void Demo_has_snapshots_that_are_nobodys_business()
    {
        var tagged = _world.Account.Droplets().Where(droplet => droplet.Tags.Count > 0).ToDictionary(droplet => droplet.Id, droplet => droplet.Name);
        var others = _world.Account.Images()
            .Where(image => !(tagged.TryGetValue(image.DropletId, out var name) && image.Name.StartsWith($"{name}-autosnapshot-", StringComparison.Ordinal)))
            .Select(image => Digits().Replace(image.Name, "…")).Order(StringComparer.Ordinal);

        Assert.Equal(
            ["db-1-golden", "legacy-1-autosnapshot-…", "nightly-web-1-…", "scratch-autosnapshot-…", "web-1 before upgrade"],
            others.ToArray());
    }

    [Fact]
    public void The_same_moment_gives_the_same_account()
    {
        using var again = new World(seed: SandboxSeeds.Demo(World.Start));

        Assert.Equal(
            _world.Account.Images().Select(image => (image.Id, image.Name, image.SizeGigabytes)),
            again.Account.Images().Select(image => (image.Id, image.Name, image.SizeGigabytes)));
    }

    [Fact]
    public void Empty_is_empty()
    {
        using var world = new World(seed: SandboxSeeds.Empty);

        Assert.Empty(world.Account.Droplets());
        Assert.Empty(world.Account.Images());
    }

    [Fact]
    public void A_builder_makes_accounts_of_any_size()
    {
        var seed = new SandboxSeedBuilder()
            .Fleet(300, "nightly", "node", "ams3", "fra1")
            .History("node-7", World.Start.AddDays(-9), TimeSpan.FromDays(1), World.Start)
            .Build();
        using var world = new World(seed: seed);

        Assert.Equal(300, world.Account.Droplets().Count);
        Assert.Equal(150, world.Account.Droplets().Count(droplet => string.Equals(droplet.Region, "fra1", StringComparison.Ordinal)));
        Assert.Equal(10, world.Account.Images().Count);
        Assert.Contains("node-7-autosnapshot-20260301T120000Z", world.Account.Images().Select(image => image.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void A_seed_that_contradicts_itself_is_refused()
    {
        var seed = new SandboxSeedBuilder().Snapshot("nobody", "of-nobody", World.Start).Build();

        var exception = Assert.Throws<InvalidOperationException>(() => new World(seed: seed));
        Assert.Contains("nobody", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();

    private static DateTimeOffset TimeIn(string name) => DateTimeOffset.ParseExact(
        name[^16..], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [GeneratedRegex(@"\d{8}T\d{6}Z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digits();
}
