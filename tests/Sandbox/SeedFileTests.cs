using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Sandbox.Tests;

public sealed class SeedFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandbox-");

    private string SeedFile => Path.Combine(_directory.FullName, "seed.json");

    [Fact]
    public void The_example_of_the_documentation_is_planted_as_it_says()
    {
        var account = Planted(Example());

        var droplets = account.Droplets().ToDictionary(droplet => droplet.Name, StringComparer.Ordinal);
        Assert.Equal(["node-1", "node-2", "node-3", "scratch", "web-1"], droplets.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            ("fra1", 50, 12.5, World.Start.AddHours(-2400)),
            (droplets["web-1"].Region, droplets["web-1"].Disk, droplets["web-1"].UsedGigabytes, droplets["web-1"].CreatedAt));
        Assert.Equal(SandboxPower.Off, droplets["scratch"].Status);
        Assert.Equal(("nyc3", "ams3"), (droplets["node-1"].Region, droplets["node-2"].Region));
        Assert.Equal(["autosnapshot", "unused"], account.Tags().Select(tag => tag.Name));
        Assert.Equal(60 + 3, account.Images().Count);
        Assert.Single(account.BackupsOf(droplets["web-1"].Id));
        Assert.Equal("of-one-that-is-gone", Assert.Single(account.SnapshotsOf(311_204_977)).Name);
        Assert.Equal(["platform", "reader"], account.Tokens().Select(token => token.Name));
        Assert.False(account.GrantOf("practice-2")!.Allows("snapshot:delete"));
        Assert.Equal("data-1", Assert.Single(account.VolumeSnapshots()).Name);
    }

    [Fact]
    public void A_fleet_has_its_snapshots_an_interval_apart_and_where_it_says()
    {
        var account = Planted("""{ "fleets": [{ "count": 2, "regions": ["fra1", "ams3"], "snapshots": 3, "every_hours": 12, "copied_to": ["lon1"] }] }""");

        var second = account.Droplets().Single(droplet => string.Equals(droplet.Name, "node-2", StringComparison.Ordinal));
        var snapshots = account.SnapshotsOf(second.Id).OrderBy(snapshot => snapshot.CreatedAt).ToList();
        Assert.All(snapshots, snapshot => Assert.Equal(["ams3", "lon1"], snapshot.Regions));
        Assert.All(snapshots, snapshot => Assert.Equal(SandboxSeeds.AutosnapshotName("node-2", snapshot.CreatedAt), snapshot.Name));
        Assert.All(snapshots.Zip(snapshots.Skip(1)), pair => Assert.Equal(TimeSpan.FromHours(12), pair.Second.CreatedAt - pair.First.CreatedAt));
        Assert.InRange(World.Start - snapshots[^1].CreatedAt, TimeSpan.FromHours(6), TimeSpan.FromHours(12));
        Assert.True(second.CreatedAt < snapshots[0].CreatedAt);
    }

    [Fact]
    public void Large_is_450_droplets_and_9000_snapshots()
    {
        using var host = new Host(("Seed", "large"));

        Assert.Equal(450, host.Account.Droplets().Count(droplet => droplet.Tags.Contains(SandboxSeeds.Tag)));
        Assert.Equal(9_000, host.Account.Images().Count);
        Assert.All(host.Account.Droplets(), droplet => Assert.Equal(20, host.Account.SnapshotsOf(droplet.Id).Count));
    }

    [Theory]
    [InlineData("""{"droplets":[{"name":"a"},{"name":"b","region":"moon1"}]}""", "droplets[1]: There is no region 'moon1'.")]
    [InlineData("""{"droplets":[{"region":"nyc3"}]}""", "line 1, $.droplets[0]: it lacks 'name'.")]
    [InlineData("{\n\"droplets\":[{\"name\":\"a\",\n\"regoin\":\"nyc3\"}]}", "line 3, $.droplets[0].regoin: there is no such member.")]
    [InlineData("""{"droplets":[null]}""", "droplets[0]: there is nothing.")]
    [InlineData("""{"droplets":null}""", "line 1, $.droplets: it cannot be null.")]
    [InlineData("""{"droplets":[],"droplets":[]}""", "line 1, $.droplets: it is there twice.")]
    [InlineData("""{"droplets":[{"name":"a","status":"asleep"}]}""", "line 1, $.droplets[0].status: the value is not of the right kind.")]
    [InlineData("""{"droplets":[{"name":"a","tags":[null]}]}""", "droplets[0]: '' is no name for a tag.")]
    [InlineData("""{"droplets":[{"name":"a","age_hours":-1}]}""", "droplets[0]: A moment is said as created_at, or as age_hours from 0 to 200000.")]
    [InlineData("""{"droplets":[{"name":"a","age_hours":1,"created_at":"2026-01-01T00:00:00Z"}]}""", "droplets[0]: A moment is said as ")]
    [InlineData("""{"snapshots":[{"name":"x","droplet":"nobody"}]}""", "snapshots[0]: A snapshot needs the number of a droplet")]
    [InlineData("""{"snapshots":[{"name":"x","droplet_id":1,"regions":[null]}]}""", "snapshots[0]: There is no region ''.")]
    [InlineData("""{"snapshots":[{"name":"x","droplet_id":1,"type":"base"}]}""", "snapshots[0]: The images of type base are DigitalOcean's own.")]
    [InlineData("""{"fleets":[{"count":1},{"count":100000}]}""", "fleets[1]: A fleet has up to 10000 droplets")]
    [InlineData("""{"fleets":[{"count":1,"regions":[]}]}""", "fleets[0]: A fleet has up to 10000 droplets")]
    [InlineData("""{"fleets":[{"count":1,"regions":["moon1"]}]}""", "fleets[0]: There is no region 'moon1'.")]
    [InlineData("""{"tokens":[{"name":"a","token":"t"},{"name":"b","token":"t"}]}""", "tokens[1]: This token has another name already.")]
    [InlineData("""{"tokens":[{"name":"a","token":"t","scopes":["everything"]}]}""", "tokens[0]: 'everything' is no scope")]
    [InlineData("""{"tags":["two words"]}""", "tags[0]: 'two words' is no name for a tag.")]
    [InlineData("""{"volumes":[{"name":"A","region":"nyc3","size_gigabytes":1}]}""", "volumes[0]: Name is not valid")]
    [InlineData("""{"volume_snapshots":[{"name":"s","volume":"none"}]}""", "volume_snapshots[0]: There is no volume 'none'.")]
    [InlineData("[]", "line 1, $: the value is not of the right kind.")]
    [InlineData("", "line 1, $: ")]
    public void A_mistake_is_one_line_that_names_the_place(string content, string place)
    {
        File.WriteAllText(SeedFile, content);

        var problem = Assert.Single(SandboxHosting.ProblemsOf(Services()));
        Assert.StartsWith($"{SeedFile}: {place}", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    [Fact]
    public async Task The_process_says_it_and_ends_with_2()
    {
        await File.WriteAllTextAsync(SeedFile, """{"droplets":[{"name":"a","region":"moon1"}]}""", World.Cancel);

        Assert.Equal(
            (2, $"{SeedFile}: droplets[0]: There is no region 'moon1'.{Environment.NewLine}"),
            await SandboxProcess.RunAsync(("Seed", SeedFile)));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static string Example()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DoSnapshotPlatform.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException("The repository was not found above the tests.");
        var documentation = File.ReadAllText(Path.Combine(directory.FullName, "docs", "sandbox.md"));
        return documentation.Split("```json")[1].Split("```")[0];
    }

    private SandboxAccount Planted(string content)
    {
        File.WriteAllText(SeedFile, content);
        var services = Services();
        Assert.Empty(SandboxHosting.ProblemsOf(services));
        return services.GetRequiredService<SandboxAccount>();
    }

    private ServiceProvider Services() => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new($"{SandboxOptions.Section}:Seed", SeedFile)]).Build())
        .AddSingleton<TimeProvider>(new FakeTimeProvider(World.Start))
        .AddSandbox()
        .BuildServiceProvider();
}
