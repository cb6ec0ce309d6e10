using System.Collections.Concurrent;
using DoSnapshot.Inquiry.Audit;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What the product itself has written, with whatever has gone wrong meanwhile, is borne out by its log.</summary>
public sealed class SimulatedAuditTests
{
    private const int Seeds = 60;

    [Fact]
    public void The_logs_of_simulated_worlds_have_no_finding()
    {
        var found = new ConcurrentBag<string>();
        var counts = new ConcurrentBag<AuditCounts>();
        Parallel.For(1, Seeds + 1, seed =>
        {
            var (log, end) = SimulatedLogs.Of((ulong)seed);
            var report = SimulatedLogs.Audit(log, end);
            counts.Add(report.Counts);
            foreach (var f in report.Findings)
            {
                found.Add($"seed {seed}: {f.Kind} at {f.At:O}, event {f.Sequence}: {f.What}; recorded: {f.Recorded}; replayed: {f.Replayed}");
            }
        });
        Assert.Empty(found.Order(StringComparer.Ordinal));
        // What never happens is not tried out.
        Assert.True(counts.Sum(c => c.Confirmed) > 1_000, "confirmed");
        Assert.Equal(counts.Sum(c => c.Replayed), counts.Sum(c => c.Confirmed));
        Assert.All(
            (Func<AuditCounts, long>[])[c => c.Manual, c => c.Withdrawn, c => c.Pruned, c => c.DeletionsConfirmed],
            count => Assert.True(counts.Sum(count) > 0));
    }
}
