using System.Text.RegularExpressions;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>Several plans from the file that the documentation shows, in a planner of its own process.</summary>
public sealed class PlansTests : IDisposable
{
    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"plans-{Guid.NewGuid():N}.yaml");

    public PlansTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_documentations_example_runs_and_is_brought_in_again_only_when_it_says_something_else()
    {
        var example = Example();
        await File.WriteAllTextAsync(_file, example, Ct);
        var (web, off, db) = (0L, 0L, 0L);
        await using var platform = await Platform.StartAsync(
            _postgres,
            _rabbitMq,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Plans__File"] = _file },
            async p =>
            {
                web = await p.CreateDropletAsync("web-1", tags: "web");
                off = await p.CreateDropletAsync("web-2", tags: ["web", "no-autosnapshot"]);
                db = await p.CreateDropletAsync("db-1", tags: "database");
            },
            Ct);

        await platform.UntilAsync("web's snapshot is in its region", () => HasAsync(platform, web, "web-1-web-", "lon1"), Ct);
        await platform.UntilAsync("the database's is in both of its own", () => HasAsync(platform, db, "db-1-database-", "lon1", "ams3"), Ct);
        Assert.Null((await LedgerAsync(platform, off)).Droplet);
        var plans = (await platform.Log.LoadFleetFactsAsync(Ct)).InForce.Select(p => p.ToPlan()!).ToList();
        Assert.Equal(
            [("databases", OrphanHandling.Apply, 3, null), ("web", OrphanHandling.Keep, 2, "no-autosnapshot")],
            plans.Select(p => (p.Name, p.Orphans, p.KeepAtLeast, p.OptOutTag)));
        Assert.Contains("Plan 'web', droplets with the tag 'web': A snapshot is taken every day", platform.Output, StringComparison.Ordinal);
        // The example is one whose rules give what they say.
        Assert.DoesNotContain("keep: ", platform.Output, StringComparison.Ordinal);

        await RestartAsync(platform);
        Assert.Equal(["PlanChanged", "PlanChanged", "PlansApplied"], await OfPlansAsync(platform));

        // The second plan is taken out: its droplet leaves it, and what it has stays.
        await File.WriteAllTextAsync(_file, example[..example.IndexOf("  - name: databases", StringComparison.Ordinal)], Ct);
        await RestartAsync(platform);
        await platform.UntilAsync("the droplet has left", async () => (await LedgerAsync(platform, db)).Droplet!.Plan is null, Ct);
        Assert.Equal(["PlanChanged", "PlanChanged", "PlanRemoved", "PlansApplied", "PlansApplied"], await OfPlansAsync(platform));
        Assert.True((await LedgerAsync(platform, db)).Snapshots.Single().IsComplete);
        Assert.Equal("web", (await LedgerAsync(platform, web)).Droplet!.Plan);
        Assert.DoesNotContain(await platform.CallsAsync(), c => c.Method == "DELETE");
    }

    [Fact]
    public async Task A_droplet_with_the_tags_of_two_plans_is_named_by_log_and_health_and_loses_nothing()
    {
        await File.WriteAllTextAsync(_file, Example().Replace("[1w:1w, 4w:2m, 0d:6m]", "[0d:1d]", StringComparison.Ordinal), Ct);
        var web = 0L;
        var now = TimeProvider.System.GetUtcNow();
        await using var platform = await Platform.StartAsync(
            _postgres,
            _rabbitMq,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Plans__File"] = _file },
            async p =>
            {
                web = await p.CreateDropletAsync("web-1", tags: ["web", "database"]);
                foreach (var days in new[] { 6, 5, 4, 3 })
                {
                    await p.PlantSnapshotAsync($"web-1-database-2026010{days}T000000Z", web, now.AddDays(-150 * days), "nyc3", "lon1", "ams3");
                }
            },
            Ct);

        var says = $"Droplet {web} ('web-1') has the tags of plans 'databases', 'web': nothing of it expires until it has the tag of one";
        await platform.UntilAsync("a snapshot is taken all the same", () => HasAsync(platform, web, "web-1-database-", "lon1"), Ct);
        await platform.UntilAsync("it is said in the log", () => Task.FromResult(platform.Output.Contains(says, StringComparison.Ordinal)), Ct);
        var (ready, text) = await platform.Find("Planner").HealthAsync(Ct);
        Assert.True(ready, text);
        Assert.Contains($"planner: Healthy, leading; {says}", text, StringComparison.Ordinal);
        Assert.Equal(["databases", "web"], (await LedgerAsync(platform, web)).Droplet!.Overlap);
        Assert.DoesNotContain(await platform.CallsAsync(), c => c.Method == "DELETE");
    }

    public void Dispose() => File.Delete(_file);

    /// <summary>The file that docs/plans.md shows.</summary>
    private static string Example()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DoSnapshotPlatform.sln")))
        {
            directory = directory.Parent!;
        }

        var text = File.ReadAllText(Path.Combine(directory.FullName, "docs", "plans.md"));
        return Assert.Single(Regex.Matches(text, "```yaml\n(?<file>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
            .Groups["file"].Value;
    }

    private static async Task<bool> HasAsync(Platform platform, long droplet, string prefix, params string[] regions) =>
        (await LedgerAsync(platform, droplet)).Snapshots.Any(s =>
            s is { Scheduled: true, IsComplete: true } && s.Name.StartsWith(prefix, StringComparison.Ordinal) && s.Regions.IsSupersetOf(regions));

    private static async Task<DropletLedger> LedgerAsync(Platform platform, long droplet) => (await platform.Log.LoadLedgersAsync([droplet], Ct))[0];

    private static async Task<IEnumerable<string>> OfPlansAsync(Platform platform) => (await platform.Log.ReadAsync(0, int.MaxValue, Ct))
        .Select(e => e.Data.GetType().Name)
        .Where(name => name.StartsWith("Plan", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>Starts the planner again, and waits until it has compared log and account as the leader.</summary>
    private static async Task RestartAsync(Platform platform)
    {
        await platform.KillAsync("Planner");
        var planner = platform.Start("Planner");
        await planner.WhenReadyAsync(Ct);
        await platform.UntilAsync(
            "the new planner has compared", () => Task.FromResult(planner.Output.Contains("Compared with DigitalOcean", StringComparison.Ordinal)), Ct);
    }
}
