using DoSnapshot.Sandbox;

namespace DoSnapshot.Cli.Tests;

/// <summary>The command where its surroundings are not as they should be: others at the same moment, outputs that take nothing, logs that are not there.</summary>
public sealed class ProcessTroubleTests : IClassFixture<ServedSandbox>
{
    private readonly ServedSandbox sandbox;

    public ProcessTroubleTests(ServedSandbox sandbox)
    {
        this.sandbox = sandbox;
    }

    [Fact]
    public async Task Runs_at_the_same_moment_copy_each_snapshot_once()
    {
        var now = TimeProvider.System.GetUtcNow();
        var images = Enumerable.Range(0, 5).Select(i =>
        {
            var droplet = Droplet($"turn-{i}", "turns");
            var at = now.AddHours(-1);
            return sandbox.Account.PlantSnapshot(new NewSnapshot
            {
                Name = $"turn-{i}-autosnapshot-{at:yyyyMMdd'T'HHmmss'Z'}",
                DropletId = droplet,
                CreatedAt = at,
                Regions = ["nyc3"],
            }).OrThrow().Id;
        }).ToList();

        var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CommandProcess.RunAsync(sandbox.Environment, "-t", "turns", "-s", "1d", "-r", "lon1")));

        Assert.All(ended, e => Assert.True(e.Code == 0, e.Errors));
        Assert.All(images, image => Assert.Equal(
            1, sandbox.Account.Journal.All().Count(c => c.Method == "POST" && c.Path.StartsWith($"/v2/images/{image}/", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("/dev/full", "full")]
    [InlineData("/dev/null", "null")]
    public async Task What_cannot_be_told_is_done_all_the_same(string errors, string name)
    {
        var droplet = Droplet($"silent-{name}", $"silent-{name}");
        var ended = await CommandProcess.RunComplainingIntoAsync(sandbox.Environment, errors, "-t", $"silent-{name}", "-s", "1d");
        Assert.Equal(0, ended.Code);
        Assert.Contains(sandbox.Account.Journal.All(), c => c.Method == "POST" && c.Path == $"/v2/droplets/{droplet}/actions");
    }

    [Theory]
    [InlineData(1, "the log in PostgreSQL cannot be used: ", "release-brake", "--store", "Host=127.0.0.1;Port=1;Username=x")]
    [InlineData(1, "there is no log in /nowhere/log, or this user may not read it", "release-brake", "--data", "/nowhere/log")]
    [InlineData(2, "--store (or DO_SNAPSHOT_STORE) cannot be read: ", "release-brake", "--store", "Host=127.0.0.1;Port=99999999")]
    [InlineData(2, "--store (or DO_SNAPSHOT_STORE) cannot be read: ", "-s", "1d", "--store", "Host=127.0.0.1;Port=99999999")]
    [InlineData(2, "--store and --data exclude each other", "release-brake", "--store", "Host=x", "--data", "/nowhere/log")]
    [InlineData(1, "the API at http://127.0.0.1:1 cannot be reached: ", "status", "--api", "http://127.0.0.1:1")]
    [InlineData(2, "--store and --api exclude each other", "pin", "x", "--reason", "r", "--store", "Host=x", "--api", "http://localhost")]
    [InlineData(2, "--api-url '': an address such as ", "-s", "1d", "--api-url", "")]
    [InlineData(2, "-s/--snapshot '1d?[31m ': ", "-s", "1d\u001b[31m\n")]
    [InlineData(2, "--token '/tmp': it is a directory", "-s", "1d", "--token", "/tmp")]
    [InlineData(2, "--token '/dev/zero': the file is too long to hold a token alone", "-s", "1d", "--token", "/dev/zero")]
    public async Task It_is_one_line_and_the_right_exit_code(int code, string says, params string[] arguments)
    {
        var ended = await CommandProcess.RunAsync(sandbox.Environment, arguments);
        Assert.True(ended.Code == code, ended.Errors);
        Assert.StartsWith($"do-snapshot: {says}", Assert.Single(ended.Errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_directory_is_told_at_once_and_is_nobodys()
    {
        var parent = Directory.CreateTempSubdirectory("do-snapshot-damaged-");
        try
        {
            var directory = Path.Combine(parent.FullName, "log");
            Directory.CreateDirectory(Path.Combine(directory, "data"));
            await File.WriteAllTextAsync(Path.Combine(directory, "lock"), "", TestContext.Current.CancellationToken);

            var ended = await CommandProcess.RunAsync(sandbox.Environment, "-t", "none", "-s", "1d", "--data", directory);

            Assert.True(ended.Code == 2, ended.Errors);
            Assert.Contains($"--data '{directory}': {directory} is damaged: ", ended.Errors, StringComparison.Ordinal);
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    private long Droplet(string name, string tag) =>
        sandbox.Account.AddDroplet(new NewDroplet { Name = name, Region = "nyc3", Tags = [tag] }).OrThrow().Id;
}
