using System.Diagnostics;
using System.Text.Json.Nodes;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Tests.Support;
using Marten;
using Npgsql;

namespace DoSnapshot.Integration.Tests;

/// <summary><c>doctor</c> as a process, on real servers and beside running services, which it leaves as they are.</summary>
public sealed class DoctorTests
{
    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public DoctorTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_the_environment_of_a_service_it_finds_everything_fine_and_leaves_account_and_log_as_they_are()
    {
        await using var platform = await StartAsync("Planner", "SnapshotWorker", "TransferWorker");
        await platform.UntilAsync("what was due is done", async () =>
            (await platform.SandboxAsync())["snapshots"]!.AsArray() is [{ } only] && only["regions"]!.AsArray().Count == 2
            && (await platform.Log.FindWorkingAsync(Ct)).Count == 0, Ct);
        // The planner compares once a day here, and the pace of what follows is the log's: nothing happens by itself any more.
        var (books, head, calls) = (await BooksAsync(platform), await platform.Log.HeadAsync(Ct), (await platform.CallsAsync()).Count);

        var ended = await RunAsync(Environment(platform), "--probe-writes");

        Assert.True(ended.Code == 0, ended.Output + ended.Errors + platform.Output);
        Says(ended, "ok       settings", "Platform__LogConnectionString");
        Says(ended, "ok       account", "the log belongs to this account");
        Says(ended, "ok       writing", "snapshot:delete");
        Says(ended, "ok       database", "PostgreSQL at ");
        Says(ended, "ok       log", "can be read and written");
        Says(ended, "ok       leader", "planner");
        Says(ended, "ok       leader", "snapshot-follower");
        Says(ended, "ok       broker", ": RabbitMQ ");
        Says(ended, "ok       clock", "PostgreSQL's");
        // No plan is stated there: those in force are looked at.
        Says(ended, "ok       plans", "'default' of the log");
        Says(ended, "ok       droplets", "'default' has 1 by the tag autosnapshot");
        Says(ended, "ok       regions", "lon1");
        Assert.Equal(books, await BooksAsync(platform));
        Assert.Equal(head, await platform.Log.HeadAsync(Ct));
        var changing = (await platform.CallsAsync()).Skip(calls).Where(c => c.Method != "GET").ToList();
        Assert.Equal(3, changing.Count);
        Assert.All(changing, c => Assert.Contains($"/{long.MaxValue}", c.Path, StringComparison.Ordinal));
        Assert.All(changing, c => Assert.Equal(404, c.Status));
    }

    [Fact]
    public async Task The_token_of_another_account_than_the_logs_is_found_out()
    {
        await using var platform = await StartAsync("Planner");
        var elsewhere = platform.Start("Sandbox", ("Sandbox__AccountUuid", "ffffffffffffffffffffffffffffffff"));
        await elsewhere.WhenReadyAsync(Ct);
        // A planner is ready before it leads, and it is the leader that binds the log.
        await platform.UntilAsync("the log is bound to an account", async () => (await platform.Log.LoadFleetFactsAsync(Ct)).Account is not null, Ct);
        var environment = Environment(platform);
        environment["DigitalOcean__ApiUrl"] = elsewhere.Address.ToString().TrimEnd('/');

        var ended = await RunAsync(environment);

        Assert.Equal(1, ended.Code);
        Says(ended, "wrong    account", "and the token to ffffffffffffffffffffffffffffffff");
    }

    [Fact]
    public async Task A_database_without_a_log_is_fine_and_has_none_afterwards()
    {
        var store = await _postgres.CreateDatabaseAsync(Ct);

        var ended = await RunAsync([], "--store", store);

        Assert.True(ended.Code == 0, ended.Output + ended.Errors);
        Says(ended, "ok       log", "not there yet");
        Says(ended, "remark   leader", "no planner leads");
        Assert.Equal(0L, await ScalarAsync(store, "select count(*) from pg_namespace where nspname = 'do_snapshot'"));
    }

    [Fact]
    public async Task A_user_without_rights_is_told_which_it_needs()
    {
        var store = await _postgres.CreateDatabaseAsync(Ct);
        using (var log = DocumentStore.For(options => LogStore.Configure(options, store, TimeProvider.System)))
        {
            await LogSchema.ApplyAsync(log, store, Ct);
        }

        await ScalarAsync(store, "create role doctor_test login password 'hush-hush'; select 1");
        var asTester = new NpgsqlConnectionStringBuilder(store) { Username = "doctor_test", Password = "hush-hush" }.ConnectionString;

        var nothing = await RunAsync(Store(asTester));
        await ScalarAsync(store, "grant usage on schema do_snapshot to doctor_test; grant select on all tables in schema do_snapshot to doctor_test; select 1");
        var reads = await RunAsync(Store(asTester));
        await ScalarAsync(store, "grant select, insert, update, delete on all tables in schema do_snapshot to doctor_test; select 1");
        var writes = await RunAsync(Store(asTester));
        await ScalarAsync(store, "drop owned by doctor_test; drop role doctor_test; select 1");

        Assert.Equal([1, 1, 0], [nothing.Code, reads.Code, writes.Code]);
        Says(nothing, "wrong    log", "grant usage, create on schema do_snapshot to \"doctor_test\"");
        Says(reads, "wrong    log", "grant select, insert, update, delete on all tables in schema do_snapshot to \"doctor_test\"");
        Says(writes, "ok       log", "can be read and written");
        Says(writes, "remark   log", "may not change the schema");
        Assert.DoesNotContain("hush", nothing.Output + reads.Output + writes.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_refuses_is_told_without_the_password()
    {
        var address = await _rabbitMq.CreateVirtualHostAsync(Ct);
        var password = address.UserInfo.Split(':')[1];
        var wrong = address.ToString().Replace($":{password}@", ":hush-hush@", StringComparison.Ordinal);

        var fine = await RunAsync([], "--bus", $"{address}");
        var refused = await RunAsync([], "--bus", wrong);
        var unknown = await RunAsync([], "--bus", $"{new Uri(address, "/no-such-host")}");

        Assert.Equal([0, 1, 1], [fine.Code, refused.Code, unknown.Code]);
        Says(fine, "ok       broker", $"virtual host {address.AbsolutePath[1..]}, user");
        Says(refused, "wrong    broker", "ACCESS_REFUSED");
        Says(refused, "wrong    broker", "Mend user and password");
        Says(unknown, "wrong    broker", "rabbitmqctl add_vhost");
        Assert.DoesNotContain("hush", refused.Output + refused.Errors, StringComparison.Ordinal);
    }

    private Task<Platform> StartAsync(params string[] services) => Platform.StartAsync(
        _postgres,
        _rabbitMq,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Planner__ReconcileEvery"] = "1d", ["Plan__Keep"] = "0d:6m", ["Plan__Regions"] = "lon1" },
        p => p.CreateDropletAsync("web-1", tags: "autosnapshot"),
        Ct,
        services);

    /// <summary>The account's books, without the moment at which they are read.</summary>
    private static async Task<string> BooksAsync(Platform platform)
    {
        var state = (JsonObject)await platform.SandboxAsync();
        Assert.True(state.Remove("now"));
        return state.ToJsonString();
    }

    private static Dictionary<string, string> Environment(Platform platform) => new(StringComparer.Ordinal)
    {
        ["DO_TOKEN"] = "sandbox",
        ["DigitalOcean__ApiUrl"] = platform.SandboxAddress.ToString().TrimEnd('/'),
        ["Platform__LogConnectionString"] = platform.ConnectionString,
        ["Platform__BusUri"] = platform.BusUri,
    };

    private static Dictionary<string, string> Store(string connectionString) => new(StringComparer.Ordinal) { ["DO_SNAPSHOT_STORE"] = connectionString };

    private static async Task<object?> ScalarAsync(string store, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(store) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(Ct);
    }

    private static async Task<Ended> RunAsync(Dictionary<string, string> environment, params string[] options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Programs.PathOf("do-snapshot.dll"), "doctor", .. options])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return new Ended(process.ExitCode, await output, await errors);
    }

    private static void Says(Ended ended, string beginning, string further) => Assert.Contains(
        ended.Output.Split('\n'), l => l.StartsWith(beginning, StringComparison.Ordinal) && l.Contains(further, StringComparison.Ordinal));

    private sealed record Ended(int Code, string Output, string Errors);
}
