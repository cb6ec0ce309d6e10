using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Status;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>How droplets stand, by what the log knows.</summary>
public sealed class StatusTests
{
    private const long Droplet = History.FirstDroplet;

    private static readonly Guid Id = Guid.NewGuid();

    public static TheoryData<string, DropletCondition> Conditions => new()
    {
        { "all is there", DropletCondition.Good },
        { "no snapshot for days", DropletCondition.Alarm },
        { "one is put off", DropletCondition.Trouble },
        { "the last one was given up", DropletCondition.Trouble },
        { "one is at work", DropletCondition.Working },
        { "a copy is to come", DropletCondition.Working },
        { "none was taken yet", DropletCondition.Working },
        { "paused", DropletCondition.Paused },
        { "several plans claim it", DropletCondition.Overlap },
        { "left its plan", DropletCondition.Unplanned },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_droplets_condition_is_the_worst_of_what_is_so(string name, DropletCondition expected)
    {
        var history = Ran();
        var now = history.Last;
        switch (name)
        {
            case "no snapshot for days":
                history.Plans = false;
                now = history.Run(TimeSpan.FromDays(4)).Last;
                break;
            case "one is put off":
                Ask(history);
                history.Append(Droplet, Id, new SnapshotAttempted(Id, Droplet, 1, now, now));
                history.Append(Droplet, Id, new SnapshotDeferred(Id, Droplet, "the droplet is busy", now, now.AddMinutes(1)));
                break;
            case "the last one was given up":
                Ask(history);
                history.Append(Droplet, Id, new SnapshotFailed(Id, Droplet, "no luck", Final: true, now));
                break;
            case "one is at work":
                Ask(history);
                history.Append(Droplet, Id, new SnapshotStarted(Id, Droplet, 7, now));
                break;
            case "a copy is to come":
                var complete = history.Snapshots().First(s => s.IsComplete);
                history.Append(Droplet, complete.SnapshotId, new TransferRequested(complete.SnapshotId, Droplet, complete.ImageId!.Value, "ams3", Origin.Plan, now));
                break;
            case "none was taken yet":
                const long Newcomer = Droplet + 100;
                history.Tell(Newcomer, new DropletEnrolled(Newcomer, "new-1", History.Plan, now));
                Assert.Equal(expected, Status(history, now).Droplets.Single(d => d.DropletId == Newcomer).Condition);
                return;
            case "paused":
                history.Tell(Droplet, new DropletPaused(Droplet, "ann", "rebuilt", now));
                break;
            case "several plans claim it":
                history.Tell(Droplet, new PlansOverlapped(Droplet, ["p", "q"], now));
                break;
            case "left its plan":
                history.Tell(Droplet, new DropletWithdrawn(Droplet, History.Plan, "untagged", now));
                break;
        }

        Assert.Equal(expected, Assert.Single(Status(history, now).Droplets).Condition);
    }

    [Fact]
    public void A_release_of_the_brake_is_told_as_long_as_it_lasts()
    {
        var history = Ran();
        var now = history.Last;
        history.State(new BrakeApplied(History.Plan, null, "half would go", now.AddMinutes(-2), 1));
        Assert.Empty(Status(history, now).Releases);
        history.State(new BrakeReleased(History.Plan, null, "ann", "looked", now));
        history.Tell(Droplet, new BrakeApplied(History.Plan, Droplet, "all would go", now.AddMinutes(-2), 1));
        history.Tell(Droplet, new BrakeReleased(History.Plan, Droplet, "ann", "looked", now.AddHours(1)));
        Assert.Equal(["plan 'p' until", "droplet 'web-41' in plan 'p' until"], Status(history, now.AddHours(1)).Releases.Select(r => r[..(r.IndexOf("until", StringComparison.Ordinal) + 5)]));
        Assert.Single(Status(history, now.AddDays(1).AddMinutes(1)).Releases);
        Assert.Empty(Status(history, now.AddDays(1).AddMinutes(61)).Releases);

        // Another version of the plan is checked anew: what was looked at is not what it says.
        history.State(new PlanChanged(History.Plan, 2, History.Terms("0d:3d"), now.AddHours(2)));
        Assert.Empty(Status(history, now.AddHours(3)).Releases);
    }

    [Fact]
    public void What_is_known_of_a_droplet_is_told()
    {
        var history = Ran();
        var status = Status(history, history.Last);
        var droplet = Assert.Single(status.Droplets);
        var newest = history.Snapshots().Where(s => s.IsComplete).MaxBy(s => s.CreatedAt)!;

        Assert.Equal((Droplet, "web-41", History.Plan), (droplet.DropletId, droplet.Name, droplet.Plan));
        Assert.Equal(newest.SnapshotId, droplet.LastGood!.SnapshotId);
        Assert.Equal(history.Last - newest.CreatedAt, droplet.LastGood.Age);
        Assert.Equal(newest.CreatedAt + TimeSpan.FromDays(1), droplet.NextDue);
        Assert.Equal(history.Snapshots().Count(s => s.IsComplete), droplet.Snapshots);
        Assert.Equal(droplet.Snapshots * 2m, droplet.Gigabytes);
        Assert.Equal((1, 0, droplet.Snapshots), (status.Counts.Droplets, status.Counts.Unwell, status.Counts.Snapshots));
    }

    [Fact]
    public void The_worst_come_first()
    {
        var history = Ran(droplets: 3);
        history.Tell(History.FirstDroplet, new DropletPaused(History.FirstDroplet, "ann", "rebuilt", history.Last));
        history.Tell(History.FirstDroplet + 2, new PlansOverlapped(History.FirstDroplet + 2, ["p", "q"], history.Last));
        Assert.Equal(["web-43", "web-42", "web-41"], Status(history, history.Last).Droplets.Select(d => d.Name));
    }

    [Fact]
    public void A_droplet_whose_plan_copies_lacks_what_is_not_there()
    {
        var history = new History(History.Terms("0d:30d")).Run(TimeSpan.FromDays(1));
        history.State(new PlanChanged(History.Plan, 2, History.Terms("0d:30d", regions: ["ams3"]), history.Last));
        var droplet = Assert.Single(Status(history, history.Last).Droplets);
        Assert.NotEmpty(droplet.Transfers);
        Assert.All(droplet.Transfers, t => Assert.Equal(("ams3", (TransferPhase?)null), (t.Region, t.Phase)));
    }

    [Fact]
    public void What_is_held_is_counted_as_it_is_now_and_not_as_it_was_told()
    {
        var history = new History(History.Terms("0h:1d", brake: BrakeSetting.On));
        foreach (var days in Enumerable.Range(5, 8))
        {
            history.Discover(history.Now.AddDays(-days));
        }

        history.Discover(history.Now);
        history.Run(TimeSpan.FromHours(6));
        Assert.Equal(8, Assert.Single(Status(history, history.Last).Droplets).Held);
        Assert.Equal(8, history.Snapshots().Count(s => s.HeldBy is Guard.Brake));

        // The policy is mended: the rules keep them, and nothing has to hold them any more.
        history.State(new PlanChanged(History.Plan, 2, History.Terms("0h:60d", brake: BrakeSetting.On), history.Now));
        history.Run(TimeSpan.FromHours(6));
        Assert.Equal(8, history.Snapshots().Count(s => s.HeldBy is Guard.Brake));
        var status = Status(history, history.Last);
        Assert.Equal((0, 0), (status.Counts.Held, Assert.Single(status.Droplets).Held));
    }

    [Theory]
    [InlineData("left", OrphanHandling.Apply, true)]
    [InlineData("left", OrphanHandling.Keep, false)]
    [InlineData("removed", OrphanHandling.Apply, true)]
    [InlineData("removed", OrphanHandling.Keep, false)]
    [InlineData("there", OrphanHandling.Apply, false)]
    public async Task A_plan_whose_rules_go_on_for_what_it_left_is_told_of(string what, OrphanHandling orphans, bool goesOn)
    {
        var history = new History(History.Terms("0d:30d") with { Orphans = orphans }).Run(TimeSpan.FromDays(3));
        switch (what)
        {
            case "left":
                history.Tell(Droplet, new DropletWithdrawn(Droplet, History.Plan, "untagged", history.Last));
                break;
            case "removed":
                history.State(new PlanRemoved(History.Plan, "no longer stated", history.Last));
                break;
        }

        Assert.Equal(goesOn ? [new LeftPlan(History.Plan, false)] : [], Assert.Single(Status(history, history.Last).Droplets).LeftPlans);
        history.State(new PlanPaused(History.Plan, "ann", "to look", history.Last));
        Assert.Equal(goesOn ? [new LeftPlan(History.Plan, true)] : [], Assert.Single(Status(history, history.Last).Droplets).LeftPlans);
        using var output = new StringWriter();
        await DropletAnswer.WriteAsync(history.Log, "web-41", 0, history.Last, json: true, output, TestContext.Current.CancellationToken);
        Assert.Equal(
            goesOn ? """[{"name":"p","paused":true}]""" : "[]",
            JsonSerializer.Serialize(JsonElement.Parse(output.ToString()).GetProperty("leftPlans")));
    }

    private static History Ran(int droplets = 1) => new History(History.Terms("0d:30d"), droplets).Run(TimeSpan.FromDays(3));

    private static FleetStatus Status(History history, DateTimeOffset now) => FleetStatus.Of(history.Log.LoadLedgersAsync(null, default).Result, now, new LifecycleTimings());

    private static void Ask(History history) => history.Append(
        Droplet, Id, new SnapshotRequested(Id, Droplet, "web-41", "web-41-auto-x", History.Plan, Origin.Plan, history.Last, PlanVersion: 1));
}
