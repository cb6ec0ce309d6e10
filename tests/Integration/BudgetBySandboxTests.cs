using System.Net;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Budget;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Sandbox;
using DoSnapshot.Tests.Support;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace DoSnapshot.Integration.Tests;

/// <summary>The token's limits, counted by the account itself, which answers 429 to whoever exceeds them.</summary>
public sealed class BudgetBySandboxTests
{
    private const int Droplets = 20;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public BudgetBySandboxTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_that_send_all_they_may_for_more_than_an_hour_never_meet_a_429_and_use_the_hour()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var account = new SandboxAccount(clock, new SandboxSettings { HourlyLimit = 5_000, BurstLimit = 250 });
        using var http = new HttpClient(new SandboxHandler(account)) { BaseAddress = new Uri("http://localhost") };
        var database = await _postgres.CreateDatabaseAsync(Ct);
        await using var store = DocumentStore.For(options => LogStore.Configure(options, database, clock));
        await LogSchema.ApplyAsync(store, database, Ct);
        var budgets = Enumerable.Range(0, 3).Select(_ => new SharedRequestBudget(
            NpgsqlDataSource.Create(database), "a-token", clock, NullLogger.Instance, usesOwnClock: true)).ToList();

        for (var end = clock.GetUtcNow() + TimeSpan.FromMinutes(75); clock.GetUtcNow() < end; clock.Advance(TimeSpan.FromSeconds(5)))
        {
            foreach (var budget in budgets)
            {
                while (await budget.TryTakeAsync(RequestPurpose.PowerOn, Ct) is null)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/account") { Headers = { { "Authorization", "Bearer a-token" } } };
                    using var answer = await http.SendAsync(request, Ct);
                    Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                }
            }
        }

        foreach (var budget in budgets)
        {
            await budget.DisposeAsync();
        }

        var calls = account.Journal.All();
        Assert.DoesNotContain(calls, c => c.Status == 429);
        Assert.InRange(BusiestWindow.Count(calls.Select(c => c.At), Minute), 200, 250);
        Assert.InRange(BusiestWindow.Count(calls.Select(c => c.At), TimeSpan.FromHours(1)), 4_500, 5_000);
    }

    /// <summary>Slow, as real minutes pass.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Busy_services_keep_the_minute_of_a_small_limit_together_and_go_on_when_one_is_killed_with_a_block_in_hand()
    {
        // The platform learns from the answers' headers how small the limit is.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Sandbox__HourlyLimit"] = "800",
            ["Sandbox__BurstLimit"] = "40",
            ["Planner__ReconcileEvery"] = "00:00:20",
            ["Platform__FollowEvery"] = "00:00:02",
            ["Plan__Regions"] = "",
        };
        await using var platform = await Platform.StartAsync(
            _postgres,
            _rabbitMq,
            settings,
            async p =>
            {
                for (var i = 0; i < Droplets; i++)
                {
                    await p.CreateDropletAsync($"web-{i}", tags: "autosnapshot");
                }
            },
            Ct);
        var other = platform.Start("SnapshotWorker");
        await platform.UntilAsync("the first are taken", async () => await CountAsync(platform, s => s.Phase >= SnapshotPhase.Started) >= 3, Ct, Minute * 2);
        other.Signal("KILL");
        await platform.UntilAsync("every snapshot is complete", async () => await CountAsync(platform, s => s.IsComplete) == Droplets, Ct, Minute * 5);

        var calls = await platform.CallTimesAsync();
        Assert.DoesNotContain(calls, c => c.Status == 429);
        Assert.InRange(BusiestWindow.Count(calls.Select(c => c.At), Minute), 25, 40);
        Assert.True(calls.Count > 40, $"{calls.Count} calls");
        Assert.Equal(Droplets, (await platform.CallsAsync()).Count(c => c.Method == "POST"));
    }

    private static async Task<int> CountAsync(Platform platform, Func<Snapshot, bool> which) =>
        (await platform.Log.LoadLedgersAsync(null, Ct)).SelectMany(l => l.Snapshots).Count(which);
}
