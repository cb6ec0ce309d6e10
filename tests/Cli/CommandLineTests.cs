namespace DoSnapshot.Cli.Tests;

/// <summary>The commands that do-snapshot.py does not have, as processes.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task The_demo_runs_three_days_and_everything_it_checks_holds()
    {
        var (code, output, errors) = await CommandProcess.RunAsync("demo", "--days", "3");

        Assert.True(code == 0, output + errors);
        Assert.Contains("18 occurrences of 6 droplets: 0 missed, 0 late", output, StringComparison.Ordinal);
        Assert.Contains("0 doubled, 0 lost, 5 foreign snapshots untouched", output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", output, StringComparison.Ordinal);
        Assert.Equal(3, output.Split('\n').Count(line => line.StartsWith("day ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--days '0'", "demo", "--days", "0")]
    [InlineData("--days 'many'", "demo", "--days", "many")]
    [InlineData("--days '367' must be a number from 1 to 366", "forecast", "--days", "367")]
    [InlineData("--ics and --json exclude each other", "forecast", "web-1", "--ics", "--json")]
    [InlineData("--nonsense", "demo", "--nonsense")]
    [InlineData("nonsense", "nonsense")]
    public async Task Wrong_usage_is_exit_2_with_the_option_named(string named, params string[] arguments)
    {
        var (code, output, errors) = await CommandProcess.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.Empty(output);
    }
}
