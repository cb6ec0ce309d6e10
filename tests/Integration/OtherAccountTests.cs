using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>A worker whose token is another account's. To it every snapshot of ours answers 404.</summary>
public sealed class OtherAccountTests
{
    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public OtherAccountTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pruner_with_the_token_of_another_account_does_nothing_and_says_why()
    {
        var web = 0L;
        var now = TimeProvider.System.GetUtcNow();
        await using var platform = await Platform.StartAsync(
            _postgres,
            _rabbitMq,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Plan__Regions"] = "" },
            async p =>
            {
                web = await p.CreateDropletAsync("web-1", tags: "autosnapshot");
                await p.PlantSnapshotAsync("web-1-autosnapshot-20260101T000000Z", web, now.AddDays(-3), "nyc3");
                await p.PlantSnapshotAsync("web-1-autosnapshot-20260102T000000Z", web, now, "nyc3");
            },
            Ct,
            ["Planner", "PrunerWorker"]);
        await platform.UntilAsync("both are known", async () => (await Snapshots()).Count == 2, Ct);
        await platform.KillAsync("PrunerWorker");
        var old = (await Snapshots()).MinBy(s => s.CreatedAt)!;

        // The worst moment: an expiry, and an intent of which nothing was heard since. 404 would mean that the DELETE has done its work.
        await platform.Log.DecideAsync(
            web,
            _ =>
            [
                NewEvent.Of(old.SnapshotId, new SnapshotExpired(
                    old.SnapshotId, web, old.ImageId!.Value, old.Name, null, null, null, null, TimeSpan.Zero, null, Origin.Manual, now, "ann", "test")),
                NewEvent.Of(old.SnapshotId, new PruneAttempted(old.SnapshotId, web, old.ImageId.Value, 1, now.AddHours(-1), now.AddHours(-1))),
            ],
            Ct);
        var elsewhere = platform.Start("Sandbox", ("Sandbox__AccountUuid", "ffffffffffffffffffffffffffffffff"));
        await elsewhere.WhenReadyAsync(Ct);
        var pruner = platform.Start("PrunerWorker", ("DigitalOcean__ApiUrl", elsewhere.Address.ToString().TrimEnd('/')));

        await platform.UntilAsync("it says why it waits", () => Task.FromResult(pruner.Output.Contains("ffffffffffffffff", StringComparison.Ordinal)), Ct);
        var (ready, says) = await pruner.HealthAsync(Ct);
        Assert.False(ready);
        Assert.Contains("nothing is done until the setting DO_TOKEN", says, StringComparison.Ordinal);
        Assert.Equal(SnapshotPhase.Pruning, (await Snapshots()).Single(s => s.SnapshotId == old.SnapshotId).Phase);

        // The right token takes it up where it was left.
        await platform.KillAsync("PrunerWorker");
        await platform.Start("PrunerWorker").WhenReadyAsync(Ct);
        await platform.UntilAsync("the message it held back is taken by the right one", async () => (await Events()).OfType<PruneAttempted>().Count() == 2, Ct);

        async Task<IReadOnlyList<Snapshot>> Snapshots() => (await platform.Log.LoadLedgersAsync([web], Ct))[0].Snapshots;

        async Task<IReadOnlyList<object>> Events() => [.. (await platform.Log.ReadStreamAsync(Streams.OfSnapshot(old.SnapshotId), Ct)).Select(e => e.Data)];
    }
}
