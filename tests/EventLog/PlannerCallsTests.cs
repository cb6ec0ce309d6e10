using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DoSnapshot.EventLog.Tests;

/// <summary>The command asks the planner that leads to decide at once, and does not wait for one that is not there.</summary>
public sealed class PlannerCallsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly PostgresFixture _postgres;

    public PlannerCallsTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_planner_decides_and_says_so_and_what_it_fails_by_is_the_answer()
    {
        var database = await _postgres.CreateDatabaseAsync(Ct);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var decisions = 0;
        var planner = PlannerCalls.AnswerAsync(
            database,
            _ => ++decisions == 1 ? Task.CompletedTask : throw new InvalidOperationException("DigitalOcean is away"),
            NullLogger.Instance,
            end.Token);

        PlannerAnswer? first = null;
        Assert.True(await Eventually.HoldsAsync(
            async () => (first = await PlannerCalls.AskAsync(database, Soon, Ct)) is not null, TimeSpan.FromSeconds(30), Ct));
        var second = await PlannerCalls.AskAsync(database, Soon, Ct);

        Assert.Equal(new PlannerAnswer(Failure: null), first);
        Assert.Equal(new PlannerAnswer("DigitalOcean is away"), second);
        await end.CancelAsync();
        await planner;
    }

    [Fact]
    public async Task Where_no_planner_listens_nobody_is_waited_for()
    {
        Assert.Null(await PlannerCalls.AskAsync(await _postgres.CreateDatabaseAsync(Ct), Soon, Ct));
    }

    [Fact]
    public async Task A_planner_that_dies_while_it_decides_is_waited_for_no_longer_than_it_would_be_silent()
    {
        var database = await _postgres.CreateDatabaseAsync(Ct);
        await using var planner = new NpgsqlConnection(database);
        await planner.OpenAsync(Ct);
        await using (var listen = new NpgsqlCommand("listen do_snapshot_decide_now", planner))
        {
            await listen.ExecuteNonQueryAsync(Ct);
        }

        string? call = null;
        planner.Notification += (_, e) => call = e.Payload;
        var asked = PlannerCalls.AskAsync(database, TimeSpan.FromSeconds(20), Ct);
        await planner.WaitAsync(Ct);
        await using (var taken = new NpgsqlCommand($"select pg_notify('do_snapshot_decided', '{call} taken')", planner))
        {
            await taken.ExecuteNonQueryAsync(Ct);
        }

        await planner.CloseAsync();

        Assert.Null(await asked.WaitAsync(TimeSpan.FromSeconds(60), Ct));
    }
}
