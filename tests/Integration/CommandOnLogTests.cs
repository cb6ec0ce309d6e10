using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.Integration.Tests;

/// <summary>The command as cron runs it, with its log in PostgreSQL: alone, several at once, and beside a planner that leads.</summary>
public sealed class CommandOnLogTests
{
    private static readonly string[] Slow = ["Planner__DecideEvery=01:00:00", "Planner__ReconcileEvery=1.00:00:00"];

    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public CommandOnLogTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_planner_that_leads_is_asked_and_decides_at_once()
    {
        await using var platform = await StartAsync(_ => Task.CompletedTask, "Planner", "SnapshotWorker", "TransferWorker");
        // Its next round is an hour away.
        var droplet = await platform.CreateDropletAsync("web-1", tags: "autosnapshot");

        var ended = await RunAsync(platform, "-s", "1d", "--timing", "anchored", "--at", "00:00", "-r", "lon1", "--wait");

        Assert.True(ended.Code == 0, ended.Errors + platform.Output);
        Assert.Contains("a planner leads on the log, and is asked to decide now", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("asked for a snapshot of droplet web-1", ended.Errors, StringComparison.Ordinal);
        var ledger = (await platform.Log.LoadLedgersAsync([droplet], Ct))[0];
        Assert.Equal(SnapshotPhase.Complete, Assert.Single(ledger.Snapshots).Phase);
        Assert.Single((await platform.CallsAsync()), c => c.Method == "POST" && c.Path.Contains("/v2/droplets/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_that_differ_from_the_leading_planners_plan_are_refused_by_name()
    {
        await using var platform = await StartAsync(p => p.CreateDropletAsync("web-1", tags: "other"), "Planner");
        // The last that the planner writes by itself.
        await platform.UntilAsync("a droplet in no plan is named", async () => (await platform.Log.ReadAsync(0, 100, Ct)).Any(e => e.Data is DropletsUncovered), Ct);
        var head = await platform.Log.HeadAsync(Ct);

        var ended = await RunAsync(platform, "-s", "2d", "--timing", "anchored", "--at", "01:00", "-k", "0d:1w");
        var dry = await RunAsync(platform, "-s", "2d", "--dryrun");
        var tag = await RunAsync(platform, "-s", "1d", "-t", "prod");

        Assert.Equal([2, 2, 2], [ended.Code, dry.Code, tag.Code]);
        var line = Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => l.StartsWith("do-snapshot: ", StringComparison.Ordinal));
        foreach (var differing in (string[])["-s/--snapshot '2d', and the plan '1d'", "--at '01:00', and the plan '00:00'", "-k/--keep '0d:1w', and the plan ''", "-r/--region '', and the plan 'lon1'"])
        {
            Assert.Contains(differing, line, StringComparison.Ordinal);
        }

        Assert.Contains("--timing 'elapsed', and the plan 'anchored'", dry.Errors, StringComparison.Ordinal);
        Assert.Contains("-t/--tag 'prod'", tag.Errors, StringComparison.Ordinal);
        Assert.Equal(head, await platform.Log.HeadAsync(Ct));
    }

    [Fact]
    public async Task Without_a_planner_runs_take_turns_and_one_that_is_killed_is_made_up_for()
    {
        await using var platform = await StartSandboxAsync(async p =>
        {
            for (var i = 1; i <= 3; i++)
            {
                await p.CreateDropletAsync(string.Create(CultureInfo.InvariantCulture, $"db-{i}"), tags: "db");
            }
        }, snapshotSeconds: "6");
        var store = await _postgres.CreateDatabaseAsync(Ct);
        string[] options = ["-s", "1d", "-t", "db", "-r", "lon1"];

        using (var killed = CommandRun.Start(platform, store, [.. options, "--wait"]))
        {
            // Of what was sent without an answer in the log it is known only after the settling time, which is longer than a run waits for another.
            await platform.UntilAsync("each snapshot is known to be begun", async () => await StartedAsync(store) == 3, Ct);
            killed.Kill();
            await killed.WaitForExitAsync(Ct);
        }

        var ended = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => CommandRun.RunAsync(platform, store, [.. options, "--wait"])));

        Assert.All(ended, e => Assert.True(e.Code == 0, e.Errors));
        Assert.Equal(3, await BegunAsync(platform));
        var transfers = (await platform.CallsAsync()).Count(c => c.Method == "POST" && c.Path.Contains("/v2/images/", StringComparison.Ordinal));
        Assert.Equal(3, transfers);
    }

    [Fact]
    public async Task What_a_planner_that_is_no_more_has_noted_of_its_trouble_is_taken_back_by_the_next_run()
    {
        await using var platform = await StartSandboxAsync(p => p.CreateDropletAsync("db-1", tags: "db"));
        var store = await _postgres.CreateDatabaseAsync(Ct);
        string[] options = ["-s", "1d", "-t", "db"];
        var first = await CommandRun.RunAsync(platform, store, options);
        Assert.True(first.Code == 0, first.Errors);
        var then = DateTimeOffset.UnixEpoch;
        await new NoticeBook(new PlatformOptions { LogConnectionString = store }).WriteAsync(
            PlannerNotice.Channel, [new ToldNotice(PlannerNotice.NotCompared, PlannerNotice.NotCompared, "critical", "no connection", then, then, GoneSince: null)], [], Ct);
        Assert.NotNull((await new LogDatabase(store).RunningAsync(Ct)).NotCompared);

        var ended = await CommandRun.RunAsync(platform, store, options);

        Assert.True(ended.Code == 0, ended.Errors);
        Assert.Null((await new LogDatabase(store).RunningAsync(Ct)).NotCompared);
    }

    [Fact]
    public async Task A_dry_run_does_not_even_make_the_log()
    {
        await using var platform = await StartSandboxAsync(p => p.CreateDropletAsync("db-1", tags: "db"));
        var store = await _postgres.CreateDatabaseAsync(Ct);

        var ended = await CommandRun.RunAsync(platform, store, ["-s", "1d", "-t", "db", "--dryrun"]);

        Assert.True(ended.Code == 0, ended.Errors);
        Assert.Contains("would snapshot droplet db-1", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await BegunAsync(platform));
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("select count(*) from pg_namespace where nspname = 'do_snapshot'", connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_told_without_its_password_and_nothing_is_done()
    {
        await using var platform = await StartSandboxAsync(p => p.CreateDropletAsync("db-1", tags: "db"));

        var ended = await CommandRun.RunAsync(platform, "Host=127.0.0.1;Port=1;Username=me;Password=hush-hush;Database=x", ["-s", "1d", "-t", "db"]);

        Assert.Equal(1, ended.Code);
        Assert.Contains("the log in PostgreSQL cannot be used: ", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await BegunAsync(platform));
    }

    private static async Task<long> StartedAsync(string store)
    {
        try
        {
            await using var connection = new NpgsqlConnection(store);
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand("select count(*) from do_snapshot.mt_events where type = 'snapshot_started'", connection);
            return (long)(await command.ExecuteScalarAsync(Ct))!;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return 0;
        }
    }

    private static async Task<int> BegunAsync(Platform platform) =>
        (await platform.CallsAsync()).Count(c => c.Method == "POST" && c.Path.Contains("/v2/droplets/", StringComparison.Ordinal));

    /// <summary>The platform with a planner that does nothing by itself after its first look.</summary>
    private async Task<Platform> StartAsync(Func<Platform, Task> prepare, params string[] services)
    {
        var platform = await Platform.StartAsync(
            _postgres,
            _rabbitMq,
            Slow.Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1], StringComparer.Ordinal),
            prepare,
            Ct,
            services);
        // It is ready before that.
        await platform.UntilAsync(
            "the planner has had its first look", () => Task.FromResult(platform.Find("Planner").Output.Contains("Compared with DigitalOcean", StringComparison.Ordinal)), Ct);
        return platform;
    }

    /// <summary>An account, and no service at all.</summary>
    private static Task<Platform> StartSandboxAsync(Func<Platform, Task> prepare, string snapshotSeconds = "1") =>
        Platform.StartSandboxAsync(null, new Dictionary<string, string>(StringComparer.Ordinal) { ["Sandbox__SnapshotSeconds"] = snapshotSeconds }, prepare, Ct);

    private static Task<(int Code, string Errors)> RunAsync(Platform platform, params string[] options) =>
        CommandRun.RunAsync(platform, platform.ConnectionString, options);
}
