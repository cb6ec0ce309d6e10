using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Tests.Retention;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Cli.Tests;

/// <summary>The drop-in command as a process: exit codes, what it prints where, signals, syslog.</summary>
public sealed partial class ProcessTests : IClassFixture<ServedSandbox>, IDisposable
{
    private readonly ServedSandbox sandbox;
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("do-snapshot-process-");

    public ProcessTests(ServedSandbox sandbox)
    {
        this.sandbox = sandbox;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Version_and_help_are_answered_on_stdout()
    {
        var version = await CommandProcess.RunAsync("--version");
        var help = await CommandProcess.RunAsync("-h");

        Assert.Equal((0, ""), (version.Code, version.Errors));
        Assert.Matches(@"^do-snapshot \d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?\n\z", version.Output);
        Assert.Equal(new Ended(0, Usage.Help, ""), help);
    }

    [Theory]
    [InlineData("-s/--snapshot is required", "-v")]
    [InlineData("-k/--keep '3d': ", "-s", "1d", "-k", "3d")]
    [InlineData("--token '/nowhere/token': there is no such file", "-s", "1d", "--token", "/nowhere/token")]
    [InlineData("an API token is wanted: by --token or by the environment variable DO_TOKEN", "-s", "1d")]
    [InlineData("--token contains blanks", "-s", "1d", "--token", "two words")]
    [InlineData("--api-url 'http://10.0.0.1/' is plain http to another machine", "-s", "1d", "--token", "x", "--api-url", "http://10.0.0.1")]
    public async Task Wrong_usage_is_exit_2_and_one_line(string says, params string[] arguments)
    {
        var (code, output, errors) = await CommandProcess.RunAsync(arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"do-snapshot: {says}", Assert.Single(errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_the_wrong_place_is_not_shown()
    {
        var (code, _, errors) = await CommandProcess.RunAsync("-s", "1d", ServedSandbox.Token);

        Assert.Equal(2, code);
        Assert.DoesNotContain("0123456789abcdef", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pass_is_exit_0_and_is_logged_to_stderr_as_the_original_logs_it()
    {
        var tag = Droplet("quiet");

        var (code, output, errors) = await CommandProcess.RunAsync(sandbox.Environment, $"-t {tag}", "-s 1d", "-k 3d:1d");

        Assert.Equal((0, ""), (code, output));
        Assert.All(errors.TrimEnd('\n').Split('\n'), line => Assert.Matches(LogLine(), line));
        Assert.Contains(" [INFO] snapshotting droplet quiet -> quiet-autosnapshot-", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulation_is_the_originals_table_to_the_letter_and_asks_DigitalOcean_nothing()
    {
        var before = sandbox.Account.Journal.Total;

        var (code, output, errors) = await CommandProcess.RunAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["DO_TOKEN"] = null },
            "-s", "1d", "-k", "2w:1w", "-k", "1w:1m", "--simulate", "4h:3m", "--from", "2018-10-09T01:47:36Z");

        Assert.Equal(0, code);
        Assert.Equal(SimulateCommandTests.Table, output);
        Assert.Contains("90 taken, 77 deleted, 13 left", errors, StringComparison.Ordinal);
        Assert.Equal(before, sandbox.Account.Journal.Total);
    }

    [Theory]
    [InlineData("no interval", "--simulate '0h:3m'", "-s", "1d", "--simulate", "0h:3m")]
    [InlineData("no prefix", "-p/--prefix ' '", "-s", "1d", "-p", " ", "--simulate", "4h:3m")]
    [InlineData("no -s", "-s/--snapshot", "--simulate", "4h:3m")]
    [InlineData("what is about a simulation, of a pass", "--chart needs --simulate", "-s", "1d", "--chart")]
    [InlineData("a rule of nonsense to lint", "-k/--keep '3d'", "lint", "-s", "1d", "-k", "3d")]
    [InlineData("a file that is not there", "--snapshots '/nowhere'", "retention", "--snapshots", "/nowhere", "-k", "0d:1w")]
    [InlineData("an option that there is not", "--nonsense", "retention", "--nonsense")]
    public async Task What_cannot_be_simulated_or_judged_is_exit_2_with_the_option_named(string name, string named, params string[] arguments)
    {
        var (code, output, errors) = await CommandProcess.RunAsync(sandbox.Environment, arguments);

        Assert.True(code == 2, $"{name}: {code} {output} {errors}");
        Assert.Contains(named, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_says_which_rule_cannot_be_met_and_ends_with_1()
    {
        var (code, output, _) = await CommandProcess.RunAsync(sandbox.Environment, "lint", "-s", "1d", "-k", "2w:1w", "-k", "1w:1m");

        Assert.Equal(1, code);
        Assert.Contains("1w:1m cannot be met: it asks for one every week, but only one every 14 days comes to it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_policy_would_do_to_the_account_is_told_and_changes_nothing()
    {
        var tag = Droplet("judged");
        var id = sandbox.Account.Droplets().Single(d => d.Tags.Contains(tag, StringComparer.Ordinal)).Id;
        foreach (var days in new[] { 10, 9, 1 })
        {
            var at = TimeProvider.System.GetUtcNow().AddDays(-days);
            sandbox.Account.PlantSnapshot(new NewSnapshot
            {
                Name = $"judged-autosnapshot-{at:yyyyMMdd'T'HHmmss'Z'}",
                DropletId = id,
                CreatedAt = at,
                SizeGigabytes = 2.5,
                Regions = ["nyc3"],
            }).OrThrow();
        }

        sandbox.Account.PlantSnapshot(new NewSnapshot { Name = "judged-golden", DropletId = id, Regions = ["nyc3"] }).OrThrow();

        var (code, output, errors) = await CommandProcess.RunAsync(sandbox.Environment, "retention", "-t", tag, "-k", "1w:2d");

        Assert.True(code == 0, errors);
        Assert.Contains("3 snapshots, 2 kept, 1 to delete. That frees 2.5 GB: $0.15 a month", output, StringComparison.Ordinal);
        Assert.DoesNotContain("golden", output, StringComparison.Ordinal);
        Assert.Equal(4, sandbox.Account.State().Snapshots.Count(s => s.DropletId == id));
        Assert.DoesNotContain(sandbox.Account.Journal.All(), c => c.Path.Contains($"/droplets/{id}/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_in_a_directory_is_kept_from_run_to_run_and_runs_take_turns()
    {
        var tag = Droplet("kept");
        var data = Path.Combine(directory.FullName, "log");
        // As root, PostgreSQL runs as another user, who must come there.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory.FullName, directory.UnixFileMode | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        var first = await CommandProcess.RunAsync(sandbox.Environment, "-t", tag, "-s", "1d", "--data", data);

        var others = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => CommandProcess.RunAsync(sandbox.Environment, "-t", tag, "-s", "1d", $"--data={data}")));

        Assert.True(first.Code == 0, first.Errors);
        Assert.Contains("snapshotting droplet kept", first.Errors, StringComparison.Ordinal);
        Assert.All(others, other =>
        {
            Assert.True(other.Code == 0, other.Errors);
            Assert.Contains("skipping snapshot of droplet kept, kept-autosnapshot-", other.Errors, StringComparison.Ordinal);
            Assert.Contains("is on its way since", other.Errors, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("both places", "--store and --data exclude each other", "-s", "1d", "--store", "Host=x", "--data", "y")]
    [InlineData("no directory", "--data ' ': a directory is wanted", "-s", "1d", "--data", " ")]
    [InlineData("a directory of somebody else", "--data '/etc': /etc holds something else", "-s", "1d", "--data", "/etc")]
    [InlineData("a file in the place of a directory", "--data '/etc/hostname': ", "-s", "1d", "--data", "/etc/hostname")]
    [InlineData("no connection string", "--store (or DO_SNAPSHOT_STORE) cannot be read: PostgreSQL's", "-s", "1d", "--store", "hush-hush")]
    public async Task A_place_where_no_log_can_be_is_exit_2_with_the_option_named(string name, string says, params string[] arguments)
    {
        var (code, _, errors) = await CommandProcess.RunAsync(sandbox.Environment, arguments);

        Assert.True(code == 2, $"{name}: {code} {errors}");
        Assert.Contains($"do-snapshot: {says}", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_needs_no_home_and_no_user()
    {
        var environment = sandbox.Environment;
        environment["HOME"] = null;

        Assert.Equal(0, (await CommandProcess.RunAsync(environment, "-s", "1d", "-t", "none")).Code);
    }

    [Fact]
    public async Task A_wrong_token_is_exit_1_and_not_shown()
    {
        var wrong = ServedSandbox.Token.Replace("0123", "3210", StringComparison.Ordinal);
        var environment = sandbox.Environment;
        environment["DO_TOKEN"] = wrong;

        var (code, _, errors) = await CommandProcess.RunAsync(environment, "-s", "1d");

        Assert.Equal(1, code);
        Assert.Contains(" [ERROR] ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong[7..], errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_that_others_can_read_is_warned_about()
    {
        var path = Path.Combine(directory.FullName, "token");
        await File.WriteAllTextAsync(path, ServedSandbox.Token + "\n", Ct);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        var environment = sandbox.Environment;
        environment["DO_TOKEN"] = null;

        var (code, _, errors) = await CommandProcess.RunAsync(environment, "-s", "1d", "-t", "none", "--token", path);

        Assert.Equal(0, code);
        Assert.Contains($" [WARNING] token file {path} is readable by group or others", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(ServedSandbox.Token[7..], errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Syslog_gets_what_stderr_would()
    {
        var path = Path.Combine(directory.FullName, "log");
        using var daemon = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        daemon.Bind(new UnixDomainSocketEndPoint(path));
        var environment = sandbox.Environment;
        environment["DOSNAPSHOT_SYSLOG_SOCKET"] = path;

        var (code, output, errors) = await CommandProcess.RunAsync(environment, "-s", "1d", "-k", "3d:1h", "-t", "none", "--syslog");

        Assert.Equal((0, "", ""), (code, output, errors));
        var messages = Received(daemon);
        Assert.All(messages, m => Assert.Matches(SyslogMessage(), m));
        Assert.Contains(messages, m => m.StartsWith("<14>", StringComparison.Ordinal) && m.EndsWith("]: 0 droplets found with tag none", StringComparison.Ordinal));
        Assert.Contains(messages, m => m.StartsWith("<12>", StringComparison.Ordinal) && m.Contains("uses lower age", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_syslog_daemon_it_is_said_so()
    {
        var environment = sandbox.Environment;
        environment["DOSNAPSHOT_SYSLOG_SOCKET"] = Path.Combine(directory.FullName, "nowhere");

        var (code, _, errors) = await CommandProcess.RunAsync(environment, "-s", "1d", "--syslog");

        Assert.Equal(2, code);
        Assert.StartsWith("do-snapshot: --syslog: no syslog daemon listens at /", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_it_with_its_own_code(string signal, int code)
    {
        var tag = Droplet($"waiting-{signal}");
        using var process = CommandProcess.Start(sandbox.Environment, "-s", "1d", "-t", tag, "--wait");
        var droplet = sandbox.Account.Droplets().Single(d => d.Name == tag).Id;
        while (sandbox.Account.Actions(0, 1, SandboxResource.Droplet(droplet)).Total == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        await process.SignalAsync(signal);
        var ended = await process.EndAsync();

        Assert.Equal(code, ended.Code);
        Assert.Contains(" [WARNING] interrupted; what was begun at DigitalOcean goes on there", ended.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Delete(recursive: true);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \[(DEBUG|INFO|WARNING|ERROR)\] \S", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LogLine();

    [GeneratedRegex(@"^<1[24]>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d do-snapshot\[\d+\]: \S", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SyslogMessage();

    private static List<string> Received(Socket daemon)
    {
        var messages = new List<string>();
        var buffer = new byte[10_000];
        while (daemon.Available > 0)
        {
            messages.Add(Encoding.UTF8.GetString(buffer, 0, daemon.Receive(buffer)));
        }

        return messages;
    }

    /// <summary>Adds a droplet with a tag of its own, which is its name.</summary>
    private string Droplet(string name) =>
        sandbox.Account.AddDroplet(new NewDroplet { Name = name, Region = "nyc3", Tags = [name] }).OrThrow().Name;
}
