using System.Diagnostics;
using DoSnapshot.Contracts;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>The planner that leads, cut off from PostgreSQL without a word. Another leads within ten seconds; when the line is whole again, there is one.</summary>
[Trait("Category", "Slow")]
public sealed class CutOffLeaderTests
{
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public CutOffLeaderTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("silent")]
    [InlineData("answers lost")]
    public async Task Another_takes_over_and_no_decision_is_made_twice(string how)
    {
        await using var world = await FaultWorld.StartAsync(_postgres, _rabbitMq, [], Ct);
        var platform = world.Platform;
        foreach (var worker in (string[])["SnapshotWorker", "TransferWorker", "PrunerWorker"])
        {
            platform.Start(worker);
        }

        await using var lines = Lines.Of(platform);
        var first = platform.Start("Planner", lines.Settings);
        await first.WhenReadyAsync(Ct);
        await platform.UntilAsync("the first leads", () => LeadsAsync(first), Ct);
        var second = platform.Start("Planner");
        await second.WhenReadyAsync(Ct);

        var subjects = new List<Subject>();
        foreach (var purpose in Enumerable.Repeat(Enum.GetValues<Purpose>(), 2).SelectMany(p => p))
        {
            subjects.Add(await world.AddAsync(purpose));
        }

        await platform.UntilAsync("it decides", async () => (await Invariants.ReadAllAsync(platform.Log, Ct)).Any(e => e.Data is SnapshotRequested), Ct);
        if (how == "silent")
        {
            lines[Peer.PostgreSql].GoSilent();
        }
        else
        {
            lines[Peer.PostgreSql].LoseAnswers();
        }

        var since = Stopwatch.GetTimestamp();
        await platform.UntilAsync("the second leads", () => LeadsAsync(second), Ct);
        var took = Stopwatch.GetElapsedTime(since);
        Assert.True(took < Allowed, $"It took {took.TotalSeconds:0.0} s{Environment.NewLine}{platform.Output}");
        Figures.Record($"cut off from PostgreSQL, {how}: another leads", "Planner", took);
        subjects.Add(await world.AddAsync(Purpose.Taken));
        await world.UntilDoneAsync(subjects, Ct);
        await platform.UntilAsync("the first knows that it does not lead", async () => !await LeadsAsync(first), Ct);

        lines[Peer.PostgreSql].Heal();
        await platform.UntilAsync("the first stands by", async () => (await SaysAsync(first)).Contains("log: Healthy", StringComparison.Ordinal), Ct);
        Assert.Equal((false, true), (await LeadsAsync(first), await LeadsAsync(second)));
        await world.UntilDrainedAsync("all", Ct);
        await Invariants.CheckAsync(world, subjects, Ct);
    }

    private static async Task<bool> LeadsAsync(ServiceProcess planner) => (await SaysAsync(planner)).Contains("leading", StringComparison.Ordinal);

    private static async Task<string> SaysAsync(ServiceProcess planner)
    {
        try
        {
            return (await planner.HealthAsync(Ct)).Says;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Ct.IsCancellationRequested)
        {
            return "";
        }
    }
}
