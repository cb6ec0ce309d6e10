using DoSnapshot.Cli.Demo;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.WhatIf;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What the command's passes and the demo write is borne out, and their own rules make no difference to it.</summary>
public sealed class ProductLogTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_log_of_passes_has_no_finding_whatever_the_options_were()
    {
        using var passes = new Passes();
        for (var day = 0; day < 40; day++)
        {
            await passes.RunAsync(day switch { < 12 => "-s 1d -k 0d:6d", < 20 => "-s 1d -k 2d:3d -k 0d:9d -r lon1", < 30 => "-s 12h -k 1d:2d -k 1w:1w --brake", _ => "-s 1d -k 3d:4d -k 0d:10d --timing anchored --at 04:00" }, Ct);
            passes.Wait(TimeSpan.FromHours(day % 3 == 0 ? 11 : 25));
            await ActAsync(passes, day);
        }

        var log = await passes.Log.ReadAsync(0, int.MaxValue, Ct);
        var report = SimulatedLogs.Audit(log, passes.Now);
        Assert.Empty(report.Findings.Select(f => $"{f.Kind}: {f.What}"));
        Assert.True(report.Counts.Confirmed > 40, $"{report.Counts}");
        Assert.True(report.Counts.DeletionsConfirmed > 40, $"{report.Counts}");
        Assert.Equal(1, report.Counts.Manual);
        Assert.Empty(log.WhatIf(passes.Now, new WhatIfTerms()).Differences());
    }

    [Fact]
    public async Task The_log_of_the_demo_has_no_finding()
    {
        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var end = start.AddDays(8);
        await using var world = await DemoWorld.StartAsync(start, verbose: false, Ct);
        using var driver = new DemoDriver(world);
        for (var next = start.AddHours(6); next <= end; next = next.AddHours(6))
        {
            await driver.RunAsync(next, Ct);
            foreach (var brake in Braking.InForce(await world.Log.LoadLedgersAsync(null, Ct), next))
            {
                await world.Log.DecideFleetAsync(fleet => Releasing.Plan(fleet, brake, "demo", "practice", next), Ct);
            }
        }

        var log = await world.Log.ReadAsync(0, int.MaxValue, Ct);
        var report = SimulatedLogs.Audit(log, end);
        Assert.Empty(report.Findings.Select(f => $"{f.Kind}: {f.What}"));
        Assert.True(report.Counts.Confirmed > 20, $"{report.Counts}");
        Assert.Equal(report.Counts.Deletions, report.Counts.DeletionsConfirmed);
        Assert.Empty(log.WhatIf(end, new WhatIfTerms()).Differences());
    }

    /// <summary>An owner deletes something, an operator pins and removes something.</summary>
    private static async Task ActAsync(Passes passes, int day)
    {
        var complete = (await passes.Log.LoadLedgersAsync(null, Ct)).SelectMany(l => l.Snapshots).Where(s => s.IsComplete).OrderBy(s => s.CreatedAt).ToList();
        switch (day)
        {
            case 8:
                passes.Account.DeleteSnapshot(complete[^1].ImageId!.Value);
                break;
            case 9:
                await TellAsync(complete[1], new SnapshotPinned(complete[1].SnapshotId, complete[1].DropletId, "ann", "audit", passes.Now));
                break;
            case 15:
                var s = complete[^3];
                await TellAsync(s, new SnapshotExpired(
                    s.SnapshotId, s.DropletId, s.ImageId!.Value, s.Name, s.Plan, null, null, null, passes.Now - s.CreatedAt!.Value, null, Origin.Manual, passes.Now, "ann", "not wanted"));
                break;
            default:
                break;
        }

        Task<IReadOnlyList<LoggedEvent>> TellAsync(Snapshot s, object e) => passes.Log.DecideAsync(s.DropletId, _ => [NewEvent.Of(s.SnapshotId, e)], Ct);
    }
}
