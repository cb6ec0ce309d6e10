using System.Globalization;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Budget;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DoSnapshot.EventLog.Tests;

/// <summary>What runs on a log, as its database shows it: who leads, how far what is committed is published, how many requests are left.</summary>
public sealed class RunningStateTests
{
    private readonly PostgresFixture _postgres;

    public RunningStateTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_log_that_nothing_runs_on_there_is_nothing()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await log.Log.DecideAsync(1, _ => [Samples.Enrolled(1)], Ct);

        var state = await new LogDatabase(log.Options.LogConnectionString).RunningAsync(Ct);

        Assert.Empty(state.Leads);
        Assert.Empty(state.Requests);
        Assert.Equal((null, null), (state.Behind, state.BehindSince));
    }

    [Fact]
    public async Task Who_leads_is_named_and_who_waits_to_is_not()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await using var lease = await Lease.TakeAsync(log.Options.LogConnectionString, "planner", TimeSpan.FromSeconds(1), Ct);
        await using var other = await Lease.TakeAsync(log.Options.LogConnectionString, "power-follower", TimeSpan.FromSeconds(1), Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = Lease.TakeAsync(log.Options.LogConnectionString, "planner", TimeSpan.FromMilliseconds(50), stop.Token);

        var leads = (await new LogDatabase(log.Options.LogConnectionString).RunningAsync(Ct)).Leads;

        Assert.Equal(["planner", "power-follower"], leads.Select(l => l.Role));
        Assert.All(leads, l => Assert.True(l.Since > DateTimeOffset.UnixEpoch));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task What_is_not_published_yet_is_counted_from_the_oldest()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        var first = await log.Log.DecideAsync(1, _ => [Samples.Enrolled(1)], Ct);
        await log.Log.DecideAsync(2, _ => [Samples.Enrolled(2)], Ct);
        await log.Log.DecideAsync(3, _ => [Samples.Enrolled(3)], Ct);
        await log.AskAsync(string.Create(
            CultureInfo.InvariantCulture, $"insert into do_snapshot.mt_event_progression (name, last_seq_id) values ('relay:All', {first[0].Sequence})"), Ct);

        var state = await new LogDatabase(log.Options.LogConnectionString).RunningAsync(Ct);
        Assert.Equal(2, state.Behind);
        Assert.NotNull(state.BehindSince);

        await log.AskAsync("update do_snapshot.mt_event_progression set last_seq_id = 1000000 where name = 'relay:All'", Ct);
        state = await new LogDatabase(log.Options.LogConnectionString).RunningAsync(Ct);
        Assert.Equal((0L, null), (state.Behind, state.BehindSince));
    }

    [Fact]
    public async Task That_the_log_cannot_be_compared_is_told_as_the_planner_has_noted_it()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        var (book, database) = (new NoticeBook(log.Options), new LogDatabase(log.Options.LogConnectionString));
        await book.WriteAsync("people", [Noted("told to somebody")], [], Ct);
        Assert.Null((await database.RunningAsync(Ct)).NotCompared);

        await book.WriteAsync(PlannerNotice.Channel, [Noted("no connection")], [], Ct);
        var running = await database.RunningAsync(Ct);
        Assert.Equal(new NotCompared("no connection", Samples.At), running.NotCompared);
        Assert.False(running.HasPlanner);
        await using var lease = await Lease.TakeAsync(log.Options.LogConnectionString, "planner", TimeSpan.FromSeconds(1), Ct);
        Assert.True((await database.RunningAsync(Ct)).HasPlanner);

        static ToldNotice Noted(string text) => new(PlannerNotice.NotCompared, PlannerNotice.NotCompared, "critical", text, Samples.At, Samples.At, GoneSince: null);
    }

    [Fact]
    public async Task What_is_left_of_a_tokens_requests_is_told()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await using var budget = new SharedRequestBudget(
            NpgsqlDataSource.Create(log.Options.LogConnectionString), "a token", TimeProvider.System, NullLogger.Instance);
        Assert.Null(await budget.TryTakeAsync(RequestPurpose.Snapshot, Ct));

        var left = Assert.Single((await new LogDatabase(log.Options.LogConnectionString).RunningAsync(Ct)).Requests);

        // Requests are taken in blocks of some.
        Assert.Equal((5_000, 250), (left.HourLimit, left.MinuteLimit));
        Assert.InRange(left.HourLeft, 4_950, 4_999);
        Assert.Equal(left.HourLimit - left.HourLeft, left.MinuteLimit - left.MinuteLeft);
        Assert.Null(left.HeldUntil);
    }
}
