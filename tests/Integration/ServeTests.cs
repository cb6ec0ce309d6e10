using System.Diagnostics;
using DoSnapshot.Contracts;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>Planner and workers in one process, with the log in a PostgreSQL that is there: alone, two of them, and beside a pass from cron.</summary>
public sealed class ServeTests
{
    private const int Droplets = 8;

    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    /// <summary>A deletion that was on its way is looked for after a minute.</summary>
    private static readonly TimeSpan AfterKill = TimeSpan.FromMinutes(3);

    private readonly PostgresFixture _postgres;

    public ServeTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_due_snapshot_is_taken_transferred_expired_and_pruned_and_a_signal_ends_it_with_0()
    {
        await using var platform = await StartAsync(droplets: 1, ("Plan__Regions", "lon1"));
        var serve = platform.Serve();
        await serve.WhenReadyAsync(Ct);
        Assert.Contains("broker: Healthy, connected to the bus in this process", (await serve.HealthAsync(Ct)).Says, StringComparison.Ordinal);

        await platform.UntilAsync("all is done", () => IsDoneAsync(platform, droplets: 1, regions: 1), Ct);
        await AssertDoneOnceAsync(platform, droplets: 1);

        serve.Signal("TERM");
        Assert.Equal(0, await serve.ExitCodeAsync(Ct).WaitAsync(Allowed, Ct));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task When_the_one_that_leads_is_killed_another_goes_on_and_nothing_is_done_twice()
    {
        await using var platform = await StartAsync(Droplets, ("Sandbox__SnapshotSeconds", "6"));
        var first = platform.Serve();
        await platform.UntilAsync("the first leads", () => LeadsAsync(first), Ct);
        var second = platform.Serve();
        await second.WhenReadyAsync(Ct);
        Assert.Equal((true, false), (await LeadsAsync(first), await LeadsAsync(second)));
        await platform.UntilAsync("snapshots are at work", async () => (await EventsAsync(platform)).OfType<SnapshotStarted>().Any(), Ct);

        var since = Stopwatch.GetTimestamp();
        first.Signal("KILL");
        await platform.UntilAsync("the second leads", () => LeadsAsync(second), Ct);
        var took = Stopwatch.GetElapsedTime(since);
        Assert.True(took < Allowed, $"it took {took.TotalSeconds:0.0} s{Environment.NewLine}{platform.Output}");

        // What the first had relayed to its own bus and not done is gone with it: without its being published anew this would take ten minutes.
        await platform.UntilAsync("all is done", () => IsDoneAsync(platform, Droplets), Ct, AfterKill);
        await AssertDoneOnceAsync(platform, Droplets);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task One_that_is_killed_at_any_time_goes_on_when_it_is_started_again()
    {
        await using var platform = await StartAsync(Droplets);
        var killed = platform.Serve();
        await killed.WhenReadyAsync(Ct);
        await platform.UntilAsync("snapshots are asked for", async () => (await EventsAsync(platform)).OfType<SnapshotRequested>().Any(), Ct);
        killed.Signal("KILL");

        await platform.Serve().WhenReadyAsync(Ct);
        await platform.UntilAsync("all is done", () => IsDoneAsync(platform, Droplets), Ct, AfterKill);
        await AssertDoneOnceAsync(platform, Droplets);
    }

    [Fact]
    public async Task A_pass_from_cron_beside_it_has_it_decide_at_once()
    {
        await using var platform = await StartAsync(
            droplets: 0, ("Planner__DecideEvery", "1h"), ("Planner__ReconcileEvery", "1d"), ("Plan__Keep", ""), ("Plan__Regions", "lon1"));
        var serve = platform.Serve();
        await platform.UntilAsync("it leads", () => LeadsAsync(serve), Ct);
        await platform.CreateDropletAsync("web-1", tags: "autosnapshot");

        var (code, errors) = await CommandRun.RunAsync(
            platform, platform.ConnectionString, "-s", "1d", "--timing", "anchored", "--at", "00:00", "-r", "lon1", "--wait");

        Assert.True(code == 0, errors + platform.Output);
        Assert.Contains("a planner leads on the log, and is asked to decide now", errors, StringComparison.Ordinal);
        Assert.Contains("asked for a snapshot of droplet web-1", errors, StringComparison.Ordinal);
        Assert.Single((await EventsAsync(platform)).OfType<TransferCompleted>());
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_waited_for_and_said()
    {
        await using var platform = await Platform.StartSandboxAsync(connectionString: null, new Dictionary<string, string>(StringComparer.Ordinal), _ => Task.CompletedTask, Ct);
        var serve = platform.Serve("--store", "Host=127.0.0.1;Port=1;Username=u;Password=hush-hush;Database=d");

        await platform.UntilAsync(
            "it says what it waits for",
            async () => await SaysAsync(serve) is { Ready: false } health && health.Says.Contains("log: Unhealthy, waiting for PostgreSQL: ", StringComparison.Ordinal),
            Ct);
        Assert.DoesNotContain("hush", serve.Output, StringComparison.Ordinal);

        serve.Signal("TERM");
        Assert.Equal(0, await serve.ExitCodeAsync(Ct).WaitAsync(Allowed, Ct));
    }

    private async Task<Platform> StartAsync(int droplets, params (string Setting, string Value)[] own)
    {
        var settings = new Dictionary<string, string>(Platform.LooksAgainSoon, StringComparer.Ordinal)
        {
            ["Plan__Keep"] = "0h:2d",
            ["Plan__Regions"] = "",
        };
        foreach (var (setting, value) in own)
        {
            settings[setting] = value;
        }

        var now = TimeProvider.System.GetUtcNow();
        return await Platform.StartSandboxAsync(
            await _postgres.CreateDatabaseAsync(Ct),
            settings,
            async p =>
            {
                for (var i = 1; i <= droplets; i++)
                {
                    var droplet = await p.CreateDropletAsync($"web-{i}", tags: "autosnapshot");
                    await p.PlantSnapshotAsync($"web-{i}-autosnapshot-20260101T000000Z", droplet, now.AddDays(-3), "nyc3", "lon1");
                    // A newer one, from before the occurrence that is due: without it the guard would hold the old one.
                    await p.PlantSnapshotAsync($"web-{i}-autosnapshot-20260102T000000Z", droplet, now.AddHours(-25), "nyc3", "lon1");
                }
            },
            Ct);
    }

    private static async Task<bool> IsDoneAsync(Platform platform, int droplets, int regions = 0)
    {
        var events = await EventsAsync(platform);
        return events.OfType<SnapshotCompleted>().Count() == droplets && events.OfType<SnapshotPruned>().Count() == droplets
            && events.OfType<TransferCompleted>().Count() == droplets * regions;
    }

    private static async Task AssertDoneOnceAsync(Platform platform, int droplets)
    {
        var events = await EventsAsync(platform);
        Assert.Equal(droplets, events.OfType<SnapshotRequested>().Count());
        Assert.Equal(droplets, events.OfType<SnapshotExpired>().Count());
        var calls = await platform.CallsAsync();
        Assert.Equal(droplets, calls.Count(c => c.Method == "POST" && c.Path.StartsWith("/v2/droplets/", StringComparison.Ordinal)));
        Assert.Equal(droplets, calls.Count(c => c.Method == "DELETE"));
    }

    private static async Task<bool> LeadsAsync(ServiceProcess serve) =>
        (await SaysAsync(serve))?.Says.Contains("planner: Healthy, leading", StringComparison.Ordinal) == true;

    /// <summary>Its health; null when nobody answers.</summary>
    private static async Task<(bool Ready, string Says)?> SaysAsync(ServiceProcess serve)
    {
        try
        {
            return await serve.HealthAsync(Ct);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<object>> EventsAsync(Platform platform) =>
        [.. (await platform.Log.ReadAsync(0, 10_000, Ct)).Select(e => e.Data)];
}
