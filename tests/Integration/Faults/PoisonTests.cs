using System.Text.Json;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>Messages that can never be handled: set aside with the reason, and in nobody's way. And messages for workers that are not there yet.</summary>
public sealed class PoisonTests : IClassFixture<PoisonTests.Surroundings>
{
    private readonly FaultWorld _world;

    public PoisonTests(Surroundings surroundings) => _world = surroundings.World;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Unknown => $"{Guid.NewGuid():D}";

    [Fact]
    public async Task What_can_never_be_handled_goes_to_the_error_queue_with_its_reason_and_blocks_nothing()
    {
        // More of each than a worker takes at a time: if they stayed, nothing else would get through.
        const int Several = 20;
        for (var i = 0; i < Several; i++)
        {
            await PutAsync("snapshot-worker", """{"snapshotId":"00000000-0000-0000-0000-000000000000","dropletId":1,"snapshotName":"x"}""");
            await PutAsync("snapshot-worker", $$"""{"snapshotId":"{{Unknown}}","dropletId":-1,"snapshotName":"x"}""");
            await PutAsync("transfer-worker", $$"""{"snapshotId":"{{Unknown}}","dropletId":1,"imageId":1,"region":"lon1","origin":"Manual"}""");
            await PutAsync("pruner-worker", $$"""{"snapshotId":"{{Unknown}}","dropletId":1,"imageId":1,"snapshotName":"x","origin":"Manual"}""");
        }

        // One in the envelope as the relay writes it, and one that can be handled.
        await PutAsync(
            "pruner-worker",
            $$"""
            {
              "messageType": ["urn:message:DoSnapshot.Contracts:SnapshotExpired"],
              "message": {"snapshotId": "{{Unknown}}", "dropletId": 1, "imageId": 1, "snapshotName": "x"}
            }
            """,
            "application/vnd.masstransit+json");
        var byHand = await _world.Platform.CreateDropletAsync("by-hand");
        await PutAsync("snapshot-worker", $$"""{"snapshotId":"{{Unknown}}","dropletId":{{byHand}},"snapshotName":"by-hand-before-upgrade"}""");
        await PutAsync("snapshot-worker", "this is no JSON");
        await PutAsync("pruner-worker", """{"snapshotId":"no id at all"}""");
        Subject[] subjects = [await _world.AddAsync(Purpose.Taken), await _world.AddAsync(Purpose.Copied), await _world.AddAsync(Purpose.Thinned)];

        await _world.UntilDoneAsync(subjects, Ct);
        foreach (var (queue, count, reasons) in ((string, int, string[])[])
        [
            ("snapshot-worker", (2 * Several) + 1, ["A request for a snapshot needs an id (or a message id), a droplet's id and a name.", "JSON"]),
            ("transfer-worker", Several, ["TransferRequested names snapshot"]),
            ("pruner-worker", Several + 2, ["SnapshotExpired names snapshot", "JSON"]),
        ])
        {
            await _world.Platform.UntilAsync($"{queue} has set {count} aside", async () => (await AsideAsync(queue)).Count == count, Ct, TimeSpan.FromSeconds(90));
            var said = await AsideAsync(queue);
            Assert.All(said, text => Assert.Contains(reasons, reason => text.Contains(reason, StringComparison.Ordinal)));
            Assert.All(reasons, reason => Assert.Contains(said, text => text.Contains(reason, StringComparison.Ordinal)));
            Assert.Empty(await _world.Broker.PeekAsync(_world.Bus, queue, Ct));
        }

        await _world.Platform.UntilAsync(
            "the one that could be handled was", async () => (await Invariants.ImagesAsync(_world.Platform)).Any(i => i.Name == "by-hand-before-upgrade"), Ct);
        await Invariants.CheckAsync(_world, subjects, Ct);
    }

    [Fact]
    public async Task A_broker_that_is_gone_without_a_word_is_missed_within_twenty_seconds() => await _world.Platform.UntilAsync(
        "every connection has a heartbeat of ten seconds, of which two may be missed",
        async () => await _world.Broker.HeartbeatsAsync(_world.Bus, Ct) is { Count: >= 4 } all && all.All(seconds => seconds == 10),
        Ct);

    private Task PutAsync(string queue, string body, string contentType = "application/json") =>
        _world.Broker.PutMessageAsync(_world.Bus, queue, body, contentType, Ct);

    /// <summary>Why each message in the queue's error queue is there.</summary>
    private async Task<IReadOnlyList<string>> AsideAsync(string queue) =>
    [
        .. (await _world.Broker.PeekAsync(_world.Bus, $"{queue}_error", Ct))
            .Select(m => m.Headers.ValueKind is JsonValueKind.Object && m.Headers.TryGetProperty("MT-Fault-Message", out var reason) ? reason.GetString()! : ""),
    ];

    /// <summary>Everything.</summary>
    public sealed class Surroundings(PostgresFixture postgres, RabbitMqFixture rabbitMq) : IAsyncLifetime
    {
        internal FaultWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await FaultWorld.StartAsync(postgres, rabbitMq, Platform.Services, Ct);

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
