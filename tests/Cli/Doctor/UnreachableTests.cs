using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DoSnapshot.Cli.Doctor;

namespace DoSnapshot.Cli.Tests.Doctor;

/// <summary>What cannot be reached, or does not answer, and what is said of the servers themselves.</summary>
public sealed class UnreachableTests : IAsyncLifetime
{
    private const string Secret = "hush-hush-secret";

    private readonly ServedSandbox sandbox = new();

    /// <summary>Takes a connection and never says a word.</summary>
    private readonly TcpListener silent = new(IPAddress.Loopback, 0);

    private int Port => ((IPEndPoint)silent.LocalEndpoint).Port;

    public async ValueTask InitializeAsync()
    {
        silent.Start();
        await sandbox.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        silent.Dispose();
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Servers_that_say_nothing_are_given_up_after_a_few_seconds_and_hide_nothing_else()
    {
        var before = Stopwatch.GetTimestamp();

        var ended = await CommandProcess.RunAsync(
            new Dictionary<string, string?>
            {
                ["DO_TOKEN"] = ServedSandbox.Token,
                ["DigitalOcean__ApiUrl"] = $"http://127.0.0.1:{Port}",
                ["Platform__LogConnectionString"] = $"Host=127.0.0.1;Port={Port};Username=me;Password={Secret};Database=log",
                ["Platform__BusUri"] = $"amqp://me:{Secret}@127.0.0.1:{Port}/mine",
                ["Plan__Keep"] = "0d:6m",
            },
            "doctor");

        Assert.InRange(Stopwatch.GetElapsedTime(before), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(1, ended.Code);
        Line(ended, "wrong    api", "no answer within 5 s");
        Line(ended, "wrong    database", $"127.0.0.1:{Port}, database log, user me: no answer within 5 s");
        Line(ended, "wrong    broker", $"127.0.0.1:{Port}, virtual host mine, user me: no answer within 5 s");
        Line(ended, "ok       plans", "'default'");
        Assert.DoesNotContain(Secret, ended.Output + ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(ServedSandbox.Token, ended.Output + ended.Errors, StringComparison.Ordinal);
        Assert.Empty(ended.Errors);
    }

    [Fact]
    public async Task Servers_that_are_not_there_do_not_hide_that_the_account_is_fine()
    {
        var ended = await CommandProcess.RunAsync(
            sandbox.Environment,
            "doctor",
            "--store",
            $"Host=127.0.0.1;Port=1;Username=me;Password={Secret};Database=log",
            "--bus",
            $"amqp://me:{Secret}@127.0.0.1:1/",
            "-s",
            "1d");

        Assert.Equal(1, ended.Code);
        Line(ended, "wrong    database", "Connection refused");
        Line(ended, "wrong    broker", "Connection refused");
        Line(ended, "ok       account", "is active");
        Line(ended, "ok       reading", "tag:read");
        Assert.DoesNotContain(Secret, ended.Output + ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_a_process_it_ends_with_0_when_nothing_is_wrong()
    {
        var ended = await CommandProcess.RunAsync(sandbox.Environment, "doctor", "--probe-writes");

        Assert.True(ended.Code == 0, ended.Output + ended.Errors);
        Line(ended, "0 wrong, ", "nothing was changed");
        Assert.DoesNotContain(ServedSandbox.Token, ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_without_a_log_stays_as_it_is_and_one_with_something_else_is_no_place_for_one()
    {
        var other = Directory.CreateTempSubdirectory("do-snapshot-doctor-");
        await File.WriteAllTextAsync(Path.Combine(other.FullName, "letter.txt"), "dear", TestContext.Current.CancellationToken);
        var none = Path.Combine(other.FullName, "none");

        var empty = await CommandProcess.RunAsync("doctor", "--data", none);
        var taken = await CommandProcess.RunAsync("doctor", "--data", other.FullName);

        Assert.Equal([0, 1], [empty.Code, taken.Code]);
        Line(empty, "ok       database", "holds no log yet");
        Line(taken, "wrong    database", "holds something else");
        Assert.Equal("letter.txt", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(other.FullName))));
        other.Delete(recursive: true);
    }

    [Theory]
    [InlineData("nothing says what is to be examined")]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("--store and --data exclude each other", "--store", "Host=x", "--data", "y")]
    [InlineData("--store cannot be read", "--store", Secret)]
    [InlineData("--bus cannot be read", "--bus", Secret)]
    [InlineData("--api-url 'nonsense'", "--api-url", "nonsense")]
    [InlineData("-s/--snapshot is required", "-t", "prod")]
    [InlineData("-s/--snapshot '3x'", "-s", "3x")]
    [InlineData("-k/--keep '3d'", "-s", "1d", "-k", "3d")]
    [InlineData("--plans and the options", "--plans", "x", "-s", "1d")]
    public async Task Wrong_usage_is_exit_2_and_names_the_option(string named, params string[] arguments)
    {
        var ended = await CommandProcess.RunAsync(["doctor", .. arguments]);

        Assert.Equal(2, ended.Code);
        Assert.StartsWith("do-snapshot: ", ended.Errors, StringComparison.Ordinal);
        Assert.Contains(named, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, ended.Errors, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    [Theory]
    [InlineData(130_012, false, CheckState.Wrong, "PostgreSQL 14 or later is wanted")]
    [InlineData(140_000, false, CheckState.Fine, "version of it")]
    [InlineData(170_006, true, CheckState.Wrong, "standby")]
    public void A_server_is_recent_and_can_be_written_to(int version, bool isReadOnly, object expected, string said)
    {
        var result = DatabaseCheck.Judge("there", Facts() with { VersionNumber = version, IsReadOnly = isReadOnly });

        Assert.Equal((CheckState)expected, result.State);
        Assert.Contains(said, $"{result.Detail}. {result.WhatToDo}", StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_user_may_not_do_is_told_with_the_statement_that_allows_it()
    {
        var whole = Facts() with { HasSchema = true, HasLog = true, MayUseSchema = true, MayChangeSchema = true };

        Assert.Null(LogCheck.Judge(whole));
        Is(CheckState.Fine, "not there yet", Facts() with { MayCreate = true });
        Is(CheckState.Wrong, "grant create on database", Facts());
        Is(CheckState.Wrong, "grant usage, create on schema do_snapshot to \"me\"", whole with { MayUseSchema = false });
        Is(CheckState.Wrong, "grant create on schema", whole with { HasLog = false, MayChangeSchema = false });
        Is(CheckState.Fine, "is empty yet", whole with { HasLog = false });
        Is(CheckState.Wrong, "may not read and write mt_events", whole with { Closed = ["mt_events"] });
        Is(CheckState.Wrong, "may not read and write 2 tables of the log", whole with { Closed = ["mt_events", "mt_streams"] });
        Is(CheckState.Remark, "may not change the schema", whole with { MayChangeSchema = false });
    }

    private static void Is(CheckState state, string said, DatabaseFacts facts)
    {
        var result = LogCheck.Judge(facts);
        Assert.Equal(state, result?.State);
        Assert.Contains(said, $"{result?.Detail}. {result?.WhatToDo}", StringComparison.Ordinal);
    }

    private static DatabaseFacts Facts() => new() { VersionNumber = 170_006, Version = "of it", ClockOffset = TimeSpan.Zero, User = "me" };

    private static void Line(Ended ended, string beginning, string further) => Assert.Contains(
        ended.Output.Split('\n'), l => l.StartsWith(beginning, StringComparison.Ordinal) && l.Contains(further, StringComparison.Ordinal));
}
