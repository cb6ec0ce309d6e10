using DoSnapshot.Dashboard.Showing;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What somebody should look at, worst first.</summary>
public sealed class AttentionTests
{
    [Fact]
    public void A_droplet_that_is_off_comes_before_one_without_a_snapshot_and_that_before_what_was_put_off()
    {
        var deferred = Sample.Of(3, "c", "trouble") with
        {
            Pending = [new() { SnapshotId = Guid.NewGuid(), Name = "s", Phase = "requested", RequestedAt = Sample.Now, Attempts = 2, RetryAt = Sample.Now.AddMinutes(5), Trouble = "the droplet is busy" }],
        };
        var items = Attention.Of(Sample.Status(
            deferred, Sample.Of(1, "a", "alarm", Sample.Alarm("no-good-snapshot")), Sample.Of(2, "b", "alarm", Sample.Alarm("left-powered-off"))));
        Assert.Equal(["left-powered-off", "no-good-snapshot", "deferred"], items.Select(i => i.Kind));
        Assert.Contains("the droplet is busy", items[2].Text, StringComparison.Ordinal);
        Assert.NotNull(items[2].SnapshotId);
        Assert.Equal("The snapshot 's' of c (3), attempt 2: the droplet is busy", items[2].Retried);
    }

    [Fact]
    public void Of_two_of_a_kind_the_longer_one_comes_first()
    {
        var items = Attention.Of(Sample.Status(
            Sample.Of(1, "a", "alarm", Sample.Alarm("no-good-snapshot", Sample.Now.AddDays(-1))), Sample.Of(2, "b", "alarm", Sample.Alarm("no-good-snapshot", Sample.Now.AddDays(-9)))));
        Assert.Equal(["b", "a"], items.Select(i => i.Droplet));
    }

    [Fact]
    public void Dozens_of_copies_that_wait_for_the_same_are_one_line()
    {
        var waiting = Enumerable.Range(0, 12).Select(n => new DoSnapshot.HttpApi.Shapes.CopyShape
        {
            SnapshotId = Guid.NewGuid(),
            Name = $"s{n}",
            Region = "fra1",
            Phase = "requested",
            RetryAt = Sample.Now.AddMinutes(n),
            Trouble = "the region is full",
        });
        var item = Assert.Single(Attention.Of(Sample.Status(Sample.Of(1, "a", "trouble") with { Transfers = [.. waiting] })));
        Assert.Equal("12 copies to fra1: the region is full", item.Text);
        Assert.Equal(Sample.Now, item.RetryAt);
        // One of them is tried, which is said with its name.
        Assert.Equal("The copy of 's0' of a (1) to fra1, one of 12 that wait for the same: the region is full", item.Retried);
    }

    [Fact]
    public void What_is_at_work_is_not_to_be_tried_at_once()
    {
        var working = Sample.Of(3, "c", "trouble") with
        {
            Pending = [new() { SnapshotId = Guid.NewGuid(), Name = "s", Phase = "attempted", RequestedAt = Sample.Now, Attempts = 2, RetryAt = null, Trouble = "the droplet was busy" }],
            Transfers = [new() { SnapshotId = Guid.NewGuid(), Name = "t", Region = "fra1", Phase = "started", RetryAt = null, Trouble = "the region was full" }],
        };
        var items = Attention.Of(Sample.Status(working));
        Assert.Equal(2, items.Count);
        Assert.All(items, i => Assert.Null(i.SnapshotId));
        Assert.All(items, i => Assert.Null(i.Retried));
    }

    [Fact]
    public void A_droplet_that_no_plan_covers_any_more_is_told_of_once_with_why()
    {
        var items = Attention.Of(
            Sample.Status(Sample.Of(1, "a", "unplanned") with { Plan = null }, Sample.Of(2, "b", "unplanned") with { Plan = null }, Sample.Of(3, "c", "alarm", Sample.Alarm("lost"))),
            Sample.Uncovered((1, "a", "the droplet no longer has the tag 't'", 3), (9, "z", "plan 'p' is no more", 0)));
        Assert.Equal(["c", "z", "a", "b"], items.Select(i => i.Droplet));
        Assert.Contains("'p' and is in none: the droplet no longer has the tag 't'. No new snapshot is taken, and none of its 3 expires", items[2].Text, StringComparison.Ordinal);
        Assert.EndsWith("No new snapshot is taken.", items[1].Text, StringComparison.Ordinal);
        Assert.NotNull(items[1].Since);
        Assert.Equal(["lost", "unplanned", "unplanned", "unplanned"], items.Select(i => i.Kind));
    }

    [Fact]
    public void One_that_was_in_no_plan_is_told_of_without_a_page_and_with_what_to_do()
    {
        var never = Sample.Uncovered((9, "db-1", "no plan goes by its tag 'db'", 0));
        var item = Assert.Single(Attention.Of(Sample.Status(), never with { Droplets = [never.Droplets[0] with { Plan = null, Tag = null, Since = null }] }));
        Assert.False(item.HasPage);
        Assert.Equal("It is in no plan: no plan goes by its tag 'db'. No new snapshot is taken. Give it a plan's tag, or the tag that keeps droplets out of one.", item.Text);
        Assert.True(Assert.Single(Attention.Of(Sample.Status(), never)).HasPage);
    }

    [Fact]
    public void One_that_is_destroyed_is_told_of_for_what_is_left_of_it()
    {
        var left = Sample.Uncovered((1, "a", "the droplet is no more", 3));
        var item = Assert.Single(Attention.Of(Sample.Status(Sample.Of(1, "a", "unplanned") with { Plan = null }), left with { Droplets = [left.Droplets[0] with { Gone = true }] }));
        Assert.Equal("It was destroyed. 3 snapshots of it are left: look whether they are to stay.", item.Text);
    }

    [Fact]
    public void Of_what_a_plan_left_whose_rules_go_on_it_is_not_said_that_none_expires()
    {
        const string GoesOn = "The rules of plan 'p' go on for the snapshots that it left here, unless a pause holds them.";
        var status = Sample.Status(Sample.Of(1, "a", "unplanned") with { Plan = null, LeftPlans = [new DoSnapshot.HttpApi.Shapes.LeftPlanShape { Name = "p", Paused = false }] });
        Assert.Equal($"It has 3 snapshots and is in no plan: no new one is taken. {GoesOn}", Assert.Single(Attention.Of(status)).Text);
        var left = Sample.Uncovered((1, "a", "the droplet no longer has the tag 't'", 3));
        Assert.EndsWith($"the tag 't'. No new snapshot is taken. {GoesOn}", Assert.Single(Attention.Of(status, left)).Text, StringComparison.Ordinal);
        Assert.Equal(
            $"It was destroyed. 3 snapshots of it are left: look whether they are to stay. {GoesOn}",
            Assert.Single(Attention.Of(status, left with { Droplets = [left.Droplets[0] with { Gone = true }] })).Text);
    }

    [Fact]
    public void One_without_any_good_snapshot_is_counted_unless_its_first_is_just_being_made()
    {
        var of = Sample.Of(1, "a") with { LastGood = null };
        Assert.False(Attention.HasNoneLeft(of));
        Assert.True(Attention.HasNoneLeft(of with { Alarms = [Sample.Alarm("lost")] }));
        Assert.False(Attention.HasNoneLeft(of with { Alarms = [Sample.Alarm("no-good-snapshot")] }));
        Assert.True(Attention.HasNoneLeft(of with { Failure = "DigitalOcean refused" }));
        Assert.False(Attention.HasNoneLeft(of with { Failure = "DigitalOcean refused", State = "paused" }));
        Assert.False(Attention.HasNoneLeft(Sample.Of(1, "a") with { Failure = "DigitalOcean refused" }));
    }

    [Fact]
    public void All_is_well_where_nothing_is_wrong() => Assert.Empty(Attention.Of(Sample.Status(Sample.Of(1, "a"))));
}
