using System.Diagnostics;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>Prometheus's own word on its rules. ./test installs promtool on Debian and Ubuntu; where it is not there, it is told that these were not run.</summary>
public sealed class PromtoolTests
{
    private const string Missing = "There is no promtool on this machine (Debian: the package prometheus): the alert rules are checked by name alone.";

    [Theory]
    [InlineData("rules that can be read", "check", "rules", "alerts.yaml")]
    [InlineData("the rules' own tests", "test", "rules", "alerts-test.yaml")]
    [InlineData("a configuration that can be read", "check", "config", "prometheus.yaml")]
    public async Task Promtool_finds_nothing_wrong(string name, params string[] arguments)
    {
        var (code, output) = await RunAsync(Path.Combine(Repository.Root, "observability", "prometheus"), arguments);

        Assert.True(code == 0, $"{name}: {output}");
    }

    /// <summary>That its tests would find one.</summary>
    [Fact]
    public async Task Promtool_finds_an_alert_that_comes_too_late()
    {
        var directory = Directory.CreateTempSubdirectory("do-snapshot-rules-");
        try
        {
            var rules = Repository.Read("observability", "prometheus", "alerts.yaml");
            var late = rules.Replace("age_ratio[150s])) > 2", "age_ratio[150s])) > 3", StringComparison.Ordinal);
            Assert.NotEqual(rules, late);
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "alerts.yaml"), late, TestContext.Current.CancellationToken);
            File.Copy(Path.Combine(Repository.Root, "observability", "prometheus", "alerts-test.yaml"), Path.Combine(directory.FullName, "alerts-test.yaml"));

            var (code, output) = await RunAsync(directory.FullName, "test", "rules", "alerts-test.yaml");

            Assert.NotEqual(0, code);
            Assert.Contains("DoSnapshotNoGoodSnapshot", output, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string directory, params string[] arguments)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(d => d.Length > 0).Select(d => Path.Combine(d, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(program is not null, Missing);
        using var process = Process.Start(new ProcessStartInfo(program!, arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
