namespace DoSnapshot.Cli.Tests;

/// <summary><c>serve</c> as a process, as far as it goes without a database: mistakes, one line each, and its health.</summary>
public sealed class ServeProcessTests
{
    private static readonly string[] Good = ["serve", "--store", "Host=127.0.0.1;Port=1;Password=hush-hush", "--token", ServedSandbox.Token, "--urls", "http://127.0.0.1:0"];

    [Theory]
    [InlineData("a term of nonsense", "Plan:Every '1x' cannot be used", "--Plan:Every=1x")]
    [InlineData("a pace of nonsense", "Planner:DecideEvery '5' cannot be used: a duration", "--Planner:DecideEvery=5")]
    [InlineData("a file that is not there", "--plans '/nowhere.yaml' cannot be read", "--plans", "/nowhere.yaml")]
    [InlineData("no file", "--plans ' ': a file is wanted", "--plans", " ")]
    [InlineData("a file and terms", "--plans '/nowhere.yaml' and Plan:Every are both given", "--plans", "/nowhere.yaml", "--Plan:Every=1d")]
    [InlineData("an address of nonsense", "--api-url 'foo' cannot be used", "--api-url", "foo")]
    [InlineData("plain http to another machine", "--api-url 'http://10.0.0.1/' is plain http to another machine", "--api-url", "http://10.0.0.1")]
    [InlineData("an address to listen on of nonsense", "--urls 'nix' cannot be used", "--urls", "nix")]
    [InlineData("no connection string", "--store (or DO_SNAPSHOT_STORE) cannot be read", "--store", "hush-hush")]
    [InlineData("both places", "--store and --data exclude each other", "--data", "x")]
    [InlineData("a token file that is not there", "--token '/nowhere': there is no such file", "--token", "/nowhere")]
    [InlineData("a broker of nonsense", "Platform:BusUri cannot be read", "--Platform:BusUri=hush-hush")]
    [InlineData("a word too many", "'extra' is neither an option nor a setting", "extra")]
    [InlineData("a misspelt section", "'--Plam:Tag': there is no section 'Plam'", "--Plam:Tag=x")]
    public async Task A_mistake_is_exit_2_and_one_line_that_names_it(string name, string says, params string[] arguments)
    {
        // An option that is given twice counts the last time.
        var (code, output, errors) = await CommandProcess.RunAsync([.. Good.Where((_, i) => !Replaces(arguments, i)), .. arguments]);

        Assert.True((code, output) == (2, ""), $"{name}: {code} {output} {errors}");
        Assert.StartsWith($"do-snapshot: {says}", Assert.Single(errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_is_told_at_once()
    {
        var (code, _, errors) = await CommandProcess.RunAsync("serve", "--Plan:Every=1x", "--Planner:DecideEvery=5", "--Platform:FollowEvery=x", "--Lifecycle:Settling=0s");

        Assert.Equal(2, code);
        Assert.Equal(
            ["a place for the log is wanted", "an API token is wanted", "Planner:DecideEvery '5'", "Plan:Every '1x'", "Platform:FollowEvery 'x'", "Lifecycle:Settling"],
            errors.TrimEnd('\n').Split('\n').Select(line => line["do-snapshot: ".Length..]).Zip(
                ["a place for the log is wanted", "an API token is wanted", "Planner:DecideEvery '5'", "Plan:Every '1x'", "Platform:FollowEvery 'x'", "Lifecycle:Settling"],
                (line, says) => line.StartsWith(says, StringComparison.Ordinal) ? says : line));
    }

    [Theory]
    [InlineData("a directory of somebody else", "--data '/etc': /etc holds something else", "/etc")]
    [InlineData("a file in the place of a directory", "--data '/etc/hostname': ", "/etc/hostname")]
    public async Task A_directory_that_cannot_be_used_is_exit_2(string name, string says, string directory)
    {
        var (code, _, errors) = await CommandProcess.RunAsync("serve", "--data", directory, "--token", ServedSandbox.Token);

        Assert.True(code == 2, $"{name}: {code} {errors}");
        Assert.StartsWith($"do-snapshot: {says}", Assert.Single(errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_of_nobody_is_exit_1()
    {
        var (code, _, errors) = await CommandProcess.RunAsync("serve", "health", "--urls", "http://127.0.0.1:1");
        Assert.Equal(1, code);
        Assert.Contains("http://127.0.0.1:1 does not answer", errors, StringComparison.Ordinal);

        Assert.Equal(2, (await CommandProcess.RunAsync("serve", "health", "--urls", "nix")).Code);
    }

    /// <summary>Whether a good argument gives way to the same option among these.</summary>
    private static bool Replaces(string[] arguments, int index) =>
        index > 0 && (arguments.Contains(Good[index], StringComparer.Ordinal) || (index > 1 && arguments.Contains(Good[index - 1], StringComparer.Ordinal)));
}
