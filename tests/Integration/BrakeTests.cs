using System.Globalization;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>The brake on mass expiry, with services and command as processes: it comes on, is seen, holds, and is released.</summary>
public sealed class BrakeTests
{
    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public BrakeTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_goes_until_an_operator_has_released_it()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var people = await Listener.StartAsync();
        await using var platform = await Platform.StartAsync(
            _postgres,
            _rabbitMq,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Plan__Keep"] = "0h:1d",
                ["Plan__Regions"] = "",
                ["Notifications__Webhook"] = people.At("/hook").ToString(),
                ["Notifications__WebhookSecret"] = "s3cret",
                ["Notifications__DeadMan"] = people.At("/ping").ToString(),
                ["Notifications__LookEvery"] = "1s",
            },
            async p =>
            {
                for (var i = 1; i <= 4; i++)
                {
                    var droplet = await p.CreateDropletAsync($"web-{i}", tags: "autosnapshot");
                    foreach (var at in (DateTimeOffset[])[now.AddDays(-9), now.AddDays(-8), now.AddDays(-7), now])
                    {
                        await p.PlantSnapshotAsync(string.Create(CultureInfo.InvariantCulture, $"web-{i}-autosnapshot-{at:yyyyMMdd'T'HHmmss'Z'}"), droplet, at, "nyc3");
                    }
                }
            },
            Ct,
            ["Planner", "PrunerWorker"]);
        var planner = platform.Find("Planner");

        await platform.UntilAsync("the brake is on", async () => (await planner.HealthAsync(Ct)).Says.Contains("the brake is on", StringComparison.Ordinal), Ct);
        await platform.UntilAsync("it is said of each", async () => (await SnapshotsAsync(platform)).Count(s => s.HeldBy is Contracts.Guard.Brake) == 12, Ct);
        var (ready, says) = await planner.HealthAsync(Ct);
        Assert.True(ready);
        Assert.Contains("12 of 16 snapshots of plan 'default' would go within a day", says, StringComparison.Ordinal);
        Assert.Contains("release-brake default", planner.Output, StringComparison.Ordinal);

        await platform.UntilAsync("somebody is told", () => Task.FromResult(people.Calls.Any(TellsOfTheBrake)), Ct);
        await platform.UntilAsync("all is well outside", () => Task.FromResult(people.Calls.Any(c => c.Path == "/ping")), Ct);
        Assert.DoesNotContain("s3cret", planner.Output, StringComparison.Ordinal);

        var pass = await CommandRun.RunAsync(
            platform, platform.ConnectionString, "-s", "1d", "--timing", "anchored", "--at", "00:00", "-k", "0h:1d");
        Assert.True(pass.Code == 1, pass.Errors);
        Assert.Contains("the brake is on, nothing of plan 'default' expires", pass.Errors, StringComparison.Ordinal);
        var refused = await CommandRun.RunAsync(platform, platform.ConnectionString, "release-brake", "default");
        Assert.Equal((2, "do-snapshot: --reason is required: why what the brake holds may go; the log keeps it"), (refused.Code, refused.Errors.Trim()));
        Assert.DoesNotContain(await platform.CallsAsync(), c => c.Method == "DELETE");
        Assert.DoesNotContain(people.Calls, c => c.Body.Contains("""state":"over""", StringComparison.Ordinal));

        var released = await CommandRun.RunAsync(platform, platform.ConnectionString, "release-brake", "default", "--reason", "looked", "--by", "ann");
        Assert.True(released.Code == 0, released.Errors);
        await platform.UntilAsync("they are pruned", async () => (await SnapshotsAsync(platform)).Count(s => s.Phase is SnapshotPhase.Pruned) == 12, Ct);
        await platform.UntilAsync("health says no more", async () => !(await planner.HealthAsync(Ct)).Says.Contains("brake", StringComparison.Ordinal), Ct);
        Assert.Equal(12, (await platform.CallsAsync()).Count(c => c.Method == "DELETE"));
        Assert.Single(people.Calls, TellsOfTheBrake);
    }

    private static bool TellsOfTheBrake(ListenerCall call) =>
        call.Path is "/hook" && call.Body.Contains("\"state\":\"on\",\"kind\":\"brake\",\"severity\":\"warning\",\"key\":\"brake/default\",", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<Snapshot>> SnapshotsAsync(Platform platform) =>
        [.. (await platform.Log.LoadLedgersAsync(null, Ct)).SelectMany(l => l.Snapshots)];
}
