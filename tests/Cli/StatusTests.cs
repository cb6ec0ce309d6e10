using DoSnapshot.Cli.Questions;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Cli.Tests;

/// <summary>What <c>status</c> says of a droplet stays short, however much waits for the same.</summary>
public sealed class StatusTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, "copy to lon1 due")]
    [InlineData(3, "3 copies to lon1 due")]
    public async Task Copies_that_wait_for_the_same_are_counted(int snapshots, string remark)
    {
        var log = new InMemoryEventLog(TimeProvider.System);
        var terms = new PlanTerms("tag", "$droplet-auto-", "1d", "03:00", "0h", ["0d:30d"], ["lon1"], 1, PlanTiming.Anchored);
        await log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("p"), new PlanChanged("p", 1, terms, Start))], Ct);
        await log.DecideAsync(1, _ => [new NewEvent(Streams.OfDroplet(1), new DropletEnrolled(1, "web-1", "p", Start))], Ct);
        for (var i = 0; i < snapshots; i++)
        {
            var (id, made) = (Guid.NewGuid(), Start.AddDays(-i));
            await log.DecideAsync(
                1, _ => [NewEvent.Of(id, new SnapshotDiscovered(id, 1, "web-1", 100 + i, $"web-1-auto-{i}", "p", 1.5m, ["nyc3"], made, Start))], Ct);
        }

        using var output = new StringWriter();
        Assert.Equal(0, await StatusCommand.RunAsync(log, Start, json: false, output, Ct));

        Assert.Contains($"  {remark}{Environment.NewLine}", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no connection")]
    [InlineData("the clock of this machine is wrong.")]
    public void Why_the_log_cannot_be_compared_ends_like_a_sentence(string reason)
    {
        var state = new RunningState([], null, null, [], new NotCompared(reason, Start));
        Assert.Contains($"The log cannot be compared with DigitalOcean since 2026-03-01T12:00:00Z: {reason.TrimEnd('.')}. Nothing that happened there since is known.", RunningWords.Of(state, Start));
    }

    public static TheoryData<string, string[]> Running => new()
    {
        { "nothing", ["Nobody leads at this moment: no service runs on this log, or none has got the lead yet.", "Nothing was ever published from this log."] },
        {
            "all is well",
            [
                "Who leads: planner at 10.0.0.3 since 2026-03-01T11:00:00Z, power-follower since 2026-03-01T11:30:00Z.",
                "All that is in the log is published.",
                "Requests left: 4900 of 5000 in this hour, 240 of 250 in this minute.",
            ]
        },
        {
            "behind and held",
            [
                "Nobody leads at this moment: no service runs on this log, or none has got the lead yet.",
                "7 events of the log are not published yet, the oldest for 90 s.",
                "Requests left: 0 of 5000 in this hour, 0 of 250 in this minute; DigitalOcean takes none until 2026-03-01T12:01:00Z.",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Running))]
    public void What_runs_on_the_log_is_told(string what, string[] lines)
    {
        var state = what switch
        {
            "nothing" => new RunningState([], null, null, []),
            "all is well" => new RunningState(
                [new Lead("planner", "10.0.0.3", Start.AddHours(-1)), new Lead("power-follower", "", Start.AddMinutes(-30))],
                0,
                null,
                [new RequestsLeft(5_000, 4_900, 250, 240, null)]),
            _ => new RunningState([], 7, Start.AddSeconds(-90), [new RequestsLeft(5_000, 0, 250, 0, Start.AddMinutes(1))]),
        };

        Assert.Equal(lines, RunningWords.Of(state, Start));
    }
}
