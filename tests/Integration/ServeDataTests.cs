using System.Globalization;
using DoSnapshot.LocalServers;

namespace DoSnapshot.Integration.Tests;

/// <summary>Planner and workers in one process, with the log in a directory: PostgreSQL comes and goes with the process.</summary>
public sealed class ServeDataTests : IDisposable
{
    private const int Droplets = 4;

    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("do-snapshot-serve-");

    public ServeDataTests()
    {
        // As root, PostgreSQL runs as another user, who must come there.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory.FullName, directory.UnixFileMode | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(directory.FullName, "log");

    [Fact]
    [Trait("Category", "Slow")]
    public async Task One_that_is_killed_leaves_no_server_behind_and_goes_on_when_it_is_started_again()
    {
        await using var platform = await StartAsync();
        var killed = platform.Serve("--data", Data);
        await platform.UntilAsync("snapshots are begun", async () => await BegunAsync(platform) > 0, Ct);
        var server = ServerId();
        killed.Signal("KILL");
        await platform.UntilAsync("PostgreSQL ends", () => Task.FromResult(!Runs(server)), Ct);

        var again = platform.Serve("--data", Data);
        await again.WhenReadyAsync(Ct);
        await platform.UntilAsync("all is done", () => IsDoneAsync(platform), Ct);

        Assert.Equal(Droplets, await BegunAsync(platform));
        Assert.Equal(Droplets, (await platform.CallsAsync()).Count(c => c.Method == "POST" && c.Path.Contains("/v2/images/", StringComparison.Ordinal)));

        server = ServerId();
        again.Signal("TERM");
        Assert.Equal(0, await again.ExitCodeAsync(Ct).WaitAsync(Allowed, Ct));
        Assert.False(Runs(server));
    }

    [Fact]
    public async Task A_pass_from_cron_on_its_directory_has_it_decide_at_once_and_another_waits_for_the_directory()
    {
        await using var platform = await StartAsync(("Planner__DecideEvery", "1h"), ("Planner__ReconcileEvery", "1d"));
        var serve = platform.Serve("--data", Data);
        await platform.UntilAsync("all is done", () => IsDoneAsync(platform), Ct);
        var waiting = platform.Serve("--data", Data);
        await platform.CreateDropletAsync("late", tags: "autosnapshot");

        var (code, errors) = await CommandRun.RunAsync(
            platform, store: null, "-s", "1d", "--timing", "anchored", "--at", "00:00", "-r", "lon1", "--wait", "--data", Data);

        Assert.True(code == 0, errors + platform.Output);
        Assert.Contains("asked for a snapshot of droplet late", errors, StringComparison.Ordinal);
        Assert.Equal(Droplets + 1, await BegunAsync(platform));

        // Whoever waits is told whose it is, and takes over when that one ends.
        await platform.UntilAsync(
            "another says whom it waits for",
            () => Task.FromResult(waiting.Output.Contains($"{Data} is in use by process {serve.Id.ToString(CultureInfo.InvariantCulture)}.", StringComparison.Ordinal)),
            Ct);
        serve.Signal("TERM");
        Assert.Equal(0, await serve.ExitCodeAsync(Ct).WaitAsync(Allowed, Ct));
        await waiting.WhenReadyAsync(Ct);
        waiting.Signal("TERM");
        Assert.Equal(0, await waiting.ExitCodeAsync(Ct).WaitAsync(Allowed, Ct));

        // Where nobody serves the directory, whoever keeps it open would wait for himself: what he wants to wait for is not asked for either.
        (code, errors) = await CommandRun.RunAsync(platform, store: null, "snapshot", "late", "--reason", "r", "--wait", "--data", Data);
        Assert.Equal(1, code);
        Assert.Contains($"nobody works on the log in {Data} at this moment, and nothing was asked for", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_killed_is_started_again()
    {
        await using var platform = await StartAsync();
        var serve = platform.Serve("--data", Data);
        await platform.UntilAsync("all is done", () => IsDoneAsync(platform), Ct);
        var killed = ServerId();

        Command.RunOrThrow("kill", "-s", "KILL", killed.ToString(CultureInfo.InvariantCulture));
        await platform.UntilAsync("another runs", () => Task.FromResult(ServerId() is var id && id != killed && id != 0 && Runs(id)), Ct);

        await platform.CreateDropletAsync("late", tags: "autosnapshot");
        await platform.UntilAsync("work goes on", async () => await BegunAsync(platform) == Droplets + 1, Ct);
        await serve.WhenReadyAsync(Ct);
    }

    public void Dispose() => directory.Delete(recursive: true);

    private static async Task<Platform> StartAsync(params (string Setting, string Value)[] own)
    {
        var settings = new Dictionary<string, string>(Platform.LooksAgainSoon, StringComparer.Ordinal)
        {
            ["Plan__Regions"] = "lon1",
        };
        foreach (var (setting, value) in own)
        {
            settings[setting] = value;
        }

        return await Platform.StartSandboxAsync(
            connectionString: null,
            settings,
            async p =>
            {
                for (var i = 1; i <= Droplets; i++)
                {
                    await p.CreateDropletAsync(string.Create(CultureInfo.InvariantCulture, $"web-{i}"), tags: "autosnapshot");
                }
            },
            Ct);
    }

    private static async Task<int> BegunAsync(Platform platform) =>
        (await platform.CallsAsync()).Count(c => c.Method == "POST" && c.Path.Contains("/v2/droplets/", StringComparison.Ordinal));

    /// <summary>Whether every droplet has its snapshot in both regions.</summary>
    private static async Task<bool> IsDoneAsync(Platform platform)
    {
        var snapshots = (await platform.SandboxAsync())["snapshots"]!.AsArray();
        return snapshots.Count == Droplets && snapshots.All(s => s!["regions"]!.AsArray().Count == 2);
    }

    private static bool Runs(int pid) => Command.Run("kill", "-0", pid.ToString(CultureInfo.InvariantCulture)).Succeeded;

    /// <summary>The process id of the server of the directory; 0 while there is none.</summary>
    private int ServerId()
    {
        var file = Path.Combine(Data, "data", "postmaster.pid");
        return File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) ? id : 0;
    }
}
