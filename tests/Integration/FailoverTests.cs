using System.Diagnostics;
using DoSnapshot.Contracts;
using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.Integration.Tests;

/// <summary>Two planners: when the one that leads is killed, frozen or cut off, the other leads within ten seconds, and nothing is done twice.</summary>
public sealed class FailoverTests
{
    private const int Droplets = 8;

    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public FailoverTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("killed")]
    [InlineData("frozen")]
    [InlineData("cut off")]
    public async Task Another_planner_leads_within_ten_seconds_and_nothing_is_done_twice(string how)
    {
        await using var platform = await StartAsync();
        var first = platform.Find("Planner");
        var second = platform.Start("Planner");
        await second.WhenReadyAsync(Ct);
        Assert.Equal((true, false), (await LeadsAsync(first), await LeadsAsync(second)));
        // In the middle of things: some snapshots are at work, some expiries on their way.
        await platform.UntilAsync("snapshots are at work", async () => (await EventsAsync(platform)).OfType<SnapshotStarted>().Any(), Ct);

        var since = Stopwatch.GetTimestamp();
        await EndLeadAsync(platform, first, how);
        await platform.UntilAsync(
            "somebody leads again",
            async () => await LeadsAsync(second) || (how == "cut off" && Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(2) && await LeadsAsync(first)),
            Ct);
        var took = Stopwatch.GetElapsedTime(since);
        Assert.True(took < Allowed, $"{how}: it took {took.TotalSeconds:0.0} s{Environment.NewLine}{platform.Output}");

        if (how == "frozen")
        {
            first.Signal("CONT");
            await platform.UntilAsync("the one that was frozen stands by", async () => !await LeadsAsync(first), Ct);
        }

        await platform.UntilAsync("all is done", async () => await IsDoneAsync(platform), Ct);
        var events = await EventsAsync(platform);
        Assert.Equal(Droplets, events.OfType<SnapshotRequested>().Count());
        Assert.Equal(Droplets, events.OfType<SnapshotExpired>().Count());
        var calls = await platform.CallsAsync();
        Assert.Equal(Droplets, calls.Count(c => c.Method == "POST" && c.Path.StartsWith("/v2/droplets/", StringComparison.Ordinal)));
        Assert.Equal(Droplets, calls.Count(c => c.Method == "DELETE"));
    }

    private async Task<Platform> StartAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        return await Platform.StartAsync(
            _postgres,
            _rabbitMq,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Plan__Keep"] = "0h:2d",
                ["Plan__Regions"] = "",
                ["Sandbox__SnapshotSeconds"] = "6",
            },
            async p =>
            {
                for (var i = 1; i <= Droplets; i++)
                {
                    var droplet = await p.CreateDropletAsync($"web-{i}", tags: "autosnapshot");
                    await p.PlantSnapshotAsync($"web-{i}-autosnapshot-20260101T000000Z", droplet, now.AddDays(-3), "nyc3");
                    // A newer one, from before the occurrence that is due: without it the guard would hold the old one.
                    await p.PlantSnapshotAsync($"web-{i}-autosnapshot-20260102T000000Z", droplet, now.AddHours(-25), "nyc3");
                }
            },
            Ct,
            ["Planner", "SnapshotWorker", "PrunerWorker"]);
    }

    private static async Task EndLeadAsync(Platform platform, ServiceProcess leader, string how)
    {
        switch (how)
        {
            case "killed":
                leader.Signal("KILL");
                break;
            case "frozen":
                leader.Signal("STOP");
                break;
            default:
                // As a firewall or a restarting proxy would: every session of every service at once.
                await using (var connection = new NpgsqlConnection(platform.ConnectionString))
                {
                    await connection.OpenAsync(Ct);
                    await using var command = new NpgsqlCommand(
                        "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", connection);
                    await command.ExecuteScalarAsync(Ct);
                }

                break;
        }
    }

    private static async Task<bool> LeadsAsync(ServiceProcess planner)
    {
        try
        {
            return (await planner.HealthAsync(Ct)).Says.Contains("leading", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<bool> IsDoneAsync(Platform platform)
    {
        var events = await EventsAsync(platform);
        return events.OfType<SnapshotCompleted>().Count() == Droplets && events.OfType<SnapshotPruned>().Count() == Droplets;
    }

    private static async Task<IReadOnlyList<object>> EventsAsync(Platform platform) =>
        [.. (await platform.Log.ReadAsync(0, 10_000, Ct)).Select(e => e.Data)];
}
