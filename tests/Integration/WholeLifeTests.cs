using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>The main job, with planner and workers in processes of their own, over RabbitMQ, on PostgreSQL.</summary>
public sealed class WholeLifeTests
{
    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public WholeLifeTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_due_snapshot_is_taken_transferred_expired_and_pruned_and_nothing_else_is_touched()
    {
        var (web, scratch) = (0L, 0L);
        var longAgo = TimeProvider.System.GetUtcNow().AddDays(-40);
        long[] foreign = [];
        await using var platform = await StartAsync(
            new() { ["Plan__Keep"] = "0h:0h" },
            async p =>
            {
                web = await p.CreateDropletAsync("web-1", tags: "autosnapshot");
                scratch = await p.CreateDropletAsync("scratch");
                foreign =
                [
                    await p.PlantSnapshotAsync("web-1-golden", web, longAgo, "nyc3"),
                    await p.PlantSnapshotAsync("web-1-autosnapshot-before-upgrade", web, longAgo, "nyc3"),
                    await p.PlantSnapshotAsync("nightly-web-1-autosnapshot-20260101T000000Z", web, longAgo, "nyc3"),
                    await p.PlantSnapshotAsync("web-10-autosnapshot-20260101T000000Z", web, longAgo, "nyc3"),
                    await p.PlantSnapshotAsync("scratch-autosnapshot-20260101T000000Z", scratch, longAgo, "nyc3"),
                    // The name of the plan's droplet, on a snapshot of another.
                    await p.PlantSnapshotAsync("web-1-autosnapshot-20260101T000000Z", scratch, longAgo, "nyc3"),
                ];
            });

        // The only snapshot is taken and copied, and held although the rule would delete it: it is the newest.
        await platform.UntilAsync("the snapshot is complete in lon1", async () => (await Snapshots(platform, web)).Any(InLondon), Ct);
        var first = (await Snapshots(platform, web)).Single(s => s.Scheduled);
        await platform.UntilAsync("the expiry is held", async () => (await Snapshots(platform, web)).Single(s => s.Scheduled).HeldBy == Guard.NewestComplete, Ct);

        // One that do-snapshot.py might have made appears; as soon as it is in lon1 too, the first may go.
        var now = TimeProvider.System.GetUtcNow();
        var second = await platform.PlantSnapshotAsync($"web-1-autosnapshot-{now:yyyyMMdd'T'HHmmss'Z'}", web, now, "nyc3");
        await platform.UntilAsync("the first is pruned", async () => (await Snapshots(platform, web)).Any(s => s.Phase is SnapshotPhase.Pruned), Ct);

        var life = await platform.Log.ReadStreamAsync(Streams.OfSnapshot(first.SnapshotId), Ct);
        Type[] expected =
        [
            typeof(SnapshotRequested), typeof(SnapshotAttempted), typeof(SnapshotStarted), typeof(SnapshotCompleted),
            typeof(TransferRequested), typeof(TransferAttempted), typeof(TransferStarted), typeof(TransferCompleted),
            typeof(SnapshotExpired), typeof(PruneAttempted), typeof(SnapshotPruned),
        ];
        Assert.Equal(expected, life.Select(e => e.Data.GetType()).Where(t => t != typeof(ExpiryHeld)));
        AssertTransferAskedForWithinASecond(life);

        var state = await platform.SandboxAsync();
        var there = state["snapshots"]!.AsArray().Select(s => s!["id"]!.GetValue<long>()).ToHashSet();
        Assert.DoesNotContain(first.ImageId!.Value, there);
        Assert.Superset(foreign.Append(second).ToHashSet(), there);
        Assert.Equal([first.ImageId.Value], state["deleted"]!.AsArray().Select(d => d!["snapshot"]!["id"]!.GetValue<long>()));
        var calls = await platform.CallsAsync();
        Assert.Equal(1, calls.Count(c => c.Method == "POST" && c.Path == $"/v2/droplets/{web}/actions"));
        Assert.Equal(1, calls.Count(c => c.Method == "DELETE"));
        Assert.DoesNotContain(calls, c => c.Path.Contains($"/v2/droplets/{scratch}", StringComparison.Ordinal));

        // The read models say the same.
        var views = (await Snapshots(platform, web)).ToList();
        Assert.Empty(views.Pending());
        Assert.Empty(views.InFlight());
        Assert.Empty(views.ExpiredNotGone());
        Assert.Empty(await platform.Log.FindWorkingAsync(Ct));
        Assert.Equal(second, views.LatestPerDroplet()[web].ImageId);
    }

    [Fact]
    public async Task Deciding_all_the_time_while_a_snapshot_takes_long_makes_exactly_one()
    {
        var web = 0L;
        await using var platform = await StartAsync(
            new() { ["Planner__DecideEvery"] = "00:00:00.100", ["Sandbox__SnapshotSeconds"] = "6", ["Plan__Regions"] = "" },
            async p => web = await p.CreateDropletAsync("web-1", tags: "autosnapshot"),
            ["Planner", "SnapshotWorker"]);

        await platform.UntilAsync("the snapshot is complete", async () => (await Snapshots(platform, web)).Any(s => s.IsComplete), Ct);
        var comparisons = await Comparisons();
        await platform.UntilAsync("three more comparisons", async () => await Comparisons() >= comparisons + 3, Ct);

        Assert.Single(await Snapshots(platform, web));
        Assert.Equal(1, (await platform.CallsAsync()).Count(c => c.Method == "POST"));

        async Task<int> Comparisons() =>
            (await platform.CallsAsync()).Count(c => c.Path.StartsWith("/v2/snapshots?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_renamed_droplet_keeps_its_snapshots_under_management()
    {
        var web = 0L;
        var now = TimeProvider.System.GetUtcNow();
        await using var platform = await StartAsync(
            new() { ["Plan__Keep"] = "0h:2h", ["Plan__Regions"] = "" },
            async p =>
            {
                web = await p.CreateDropletAsync("web-1", tags: "autosnapshot");
                // The last one answers today's occurrence, so that none is taken.
                await p.PlantSnapshotAsync("web-1-autosnapshot-20260102T000000Z", web, now, "nyc3");
            });
        await platform.UntilAsync("it is taken over", async () => (await Snapshots(platform, web)).Any(s => s.Discovered), Ct);

        await platform.RenameDropletAsync(web, "front-1");
        await platform.UntilAsync("the new name is known", async () => (await Ledger(platform, web)).Droplet!.Name == "front-1", Ct);
        var old = await platform.PlantSnapshotAsync("web-1-autosnapshot-20260101T000000Z", web, now.AddDays(-3), "nyc3");

        await platform.UntilAsync("the old one is pruned by the rule", async () => (await Snapshots(platform, web)).Any(s => s.ImageId == old && s.Phase is SnapshotPhase.Pruned), Ct);
        Assert.Equal(["front-1", "web-1"], (await Ledger(platform, web)).Droplet!.Names);
        Assert.DoesNotContain(await platform.CallsAsync(), c => c.Method == "POST");
    }

    private static bool InLondon(Snapshot s) => s.IsComplete && s.Regions.Contains("lon1");

    private static async Task<DropletLedger> Ledger(Platform platform, long droplet) =>
        (await platform.Log.LoadLedgersAsync([droplet], Ct))[0];

    private static async Task<IReadOnlyList<Snapshot>> Snapshots(Platform platform, long droplet) => (await Ledger(platform, droplet)).Snapshots;

    private static void AssertTransferAskedForWithinASecond(IReadOnlyList<LoggedEvent> life)
    {
        var completed = life.Select(e => e.Data).OfType<SnapshotCompleted>().Single();
        var requested = life.Select(e => e.Data).OfType<TransferRequested>().Single();
        Assert.InRange(requested.RequestedAt - completed.At, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private Task<Platform> StartAsync(Dictionary<string, string> settings, Func<Platform, Task> prepare, IReadOnlyList<string>? services = null) =>
        Platform.StartAsync(_postgres, _rabbitMq, settings, prepare, Ct, services);
}
