using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Telemetry;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>What is counted as what.</summary>
public sealed class LogMetricsTests
{
    [Theory]
    [InlineData("one that is tried again", false, "dosnapshot_deferrals_total", "command", "snapshot")]
    [InlineData("the last one", true, "dosnapshot_snapshots_total", "outcome", "failed")]
    public async Task A_failed_attempt_is_an_outcome_when_no_other_follows(string name, bool final, string measure, string label, string value)
    {
        LogMetrics? log = null;
        var all = await Scrape.ReadAsync(
            meters =>
            {
                log = new LogMetrics(meters);
                log.Count(new SnapshotFailed(new Guid("5f1d2c1e-0b5a-5f7e-9a3e-5f0c7f6b8d21"), 7, "no", final, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)));
            },
            TestContext.Current.CancellationToken);

        var counted = Assert.Single(all.All, s => s.Name is "dosnapshot_deferrals_total" or "dosnapshot_snapshots_total" && s.Value > 0);
        Assert.True(counted.Name == measure && counted.Labels[label] == value, $"{name}: {counted.Name}");
        log!.Dispose();
    }
}
