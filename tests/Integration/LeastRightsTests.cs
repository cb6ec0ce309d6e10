using System.Net.Http.Json;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>Each service with a token of its own, of no more scopes than it needs: a whole life goes its way.</summary>
public sealed class LeastRightsTests
{
    private const string Reads = "account:read actions:read block_storage_snapshot:read droplet:read image:read regions:read sizes:read snapshot:read tag:read";

    private static readonly (string Service, string Scopes)[] Tokens =
    [
        ("Planner", Reads),
        ("SnapshotWorker", $"{Reads} droplet:update image:create"),
        ("TransferWorker", $"{Reads} image:update"),
        ("PrunerWorker", $"{Reads} image:delete snapshot:delete"),
    ];

    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public LeastRightsTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_is_made_copied_and_removed()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var platform = await Platform.StartAsync(
            _postgres,
            _rabbitMq,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Plan__Keep"] = "0h:1d", ["Plan__Brake"] = "Off" },
            async p =>
            {
                var droplet = await p.CreateDropletAsync("web-1", tags: "autosnapshot");
                await p.PlantSnapshotAsync("web-1-autosnapshot-20260101T000000Z", droplet, now.AddDays(-3), "nyc3", "lon1");
            },
            Ct,
            services: []);
        var services = new List<ServiceProcess>();
        foreach (var (service, scopes) in Tokens)
        {
            var token = $"dop_v1_{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))}";
            await GiveOutAsync(platform, service, token, scopes);
            services.Add(platform.Start(service, ("DO_TOKEN", token)));
        }

        foreach (var service in services)
        {
            await service.WhenReadyAsync(Ct);
        }

        await platform.UntilAsync("the new one is in both regions", async () => (await SnapshotsAsync(platform)).Any(s => s is { IsComplete: true, Scheduled: true } && s.Regions.Contains("lon1")), Ct);
        await platform.UntilAsync("the old one is removed", async () => (await SnapshotsAsync(platform)).Any(s => s.Phase is SnapshotPhase.Pruned), Ct);
        Assert.DoesNotContain(await platform.CallsAsync(), c => c.Status == 403);
    }

    private static async Task GiveOutAsync(Platform platform, string name, string token, string scopes)
    {
        using var http = new HttpClient { BaseAddress = platform.SandboxAddress };
        using var answer = await http.PutAsJsonAsync($"/sandbox/tokens/{name}", new { token, scopes = scopes.Split(' ') }, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<IReadOnlyList<Snapshot>> SnapshotsAsync(Platform platform) =>
        [.. (await platform.Log.LoadLedgersAsync(null, Ct)).SelectMany(l => l.Snapshots)];
}
