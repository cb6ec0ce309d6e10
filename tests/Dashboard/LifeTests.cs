using DoSnapshot.Dashboard.Lives;
using DoSnapshot.EventLog;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>Events as lives.</summary>
public sealed class LifeTests
{
    /// <summary>How a life goes of which an event is all that is known.</summary>
    private static readonly Dictionary<string, LifeCourse> Courses = new(StringComparer.Ordinal)
    {
        ["snapshot_requested"] = LifeCourse.Running,
        ["snapshot_attempted"] = LifeCourse.Running,
        ["snapshot_started"] = LifeCourse.Running,
        ["snapshot_deferred"] = LifeCourse.PutOff,
        ["snapshot_completed"] = LifeCourse.Done,
        ["snapshot_failed"] = LifeCourse.PutOff,
        ["snapshot_discovered"] = LifeCourse.Done,
        ["snapshot_lost"] = LifeCourse.Lost,
        ["snapshot_pinned"] = LifeCourse.Done,
        ["snapshot_unpinned"] = LifeCourse.Done,
        ["retry_requested"] = LifeCourse.Running,
        ["transfer_requested"] = LifeCourse.Running,
        ["transfer_attempted"] = LifeCourse.Running,
        ["transfer_started"] = LifeCourse.Running,
        ["transfer_deferred"] = LifeCourse.PutOff,
        ["transfer_completed"] = LifeCourse.Done,
        ["transfer_failed"] = LifeCourse.PutOff,
        ["snapshot_expired"] = LifeCourse.Running,
        ["expiry_held"] = LifeCourse.Held,
        ["expiry_withdrawn"] = LifeCourse.Done,
        ["prune_attempted"] = LifeCourse.Running,
        ["snapshot_pruned"] = LifeCourse.Done,
        ["prune_refused"] = LifeCourse.GivenUp,
        ["prune_deferred"] = LifeCourse.PutOff,
        ["plan_changed"] = LifeCourse.Done,
        ["plan_paused"] = LifeCourse.Held,
        ["plan_resumed"] = LifeCourse.Done,
        ["brake_applied"] = LifeCourse.Held,
        ["brake_released"] = LifeCourse.Done,
        ["account_bound"] = LifeCourse.Done,
        ["droplet_enrolled"] = LifeCourse.Done,
        ["droplet_renamed"] = LifeCourse.Done,
        ["droplet_withdrawn"] = LifeCourse.Done,
        ["droplet_paused"] = LifeCourse.Held,
        ["droplet_resumed"] = LifeCourse.Done,
        ["droplet_shut_down"] = LifeCourse.Running,
        ["droplet_powered_off"] = LifeCourse.Running,
        ["power_on_owed"] = LifeCourse.Running,
        ["power_off_forced"] = LifeCourse.Running,
        ["power_on_attempted"] = LifeCourse.Running,
        ["power_on_waived"] = LifeCourse.Done,
        ["droplet_powered_on"] = LifeCourse.Done,
        ["plan_removed"] = LifeCourse.Done,
        ["plans_applied"] = LifeCourse.Done,
        ["plans_overlapped"] = LifeCourse.Held,
        ["overlap_resolved"] = LifeCourse.Done,
        ["droplets_uncovered"] = LifeCourse.Done,
    };

    [Fact]
    public void Every_event_of_the_log_has_a_course_that_was_thought_of()
    {
        Assert.Equal(EventTypes.Aliases.Values.Order(StringComparer.Ordinal), Courses.Keys.Order(StringComparer.Ordinal));
        Assert.All(Courses, c => Assert.Equal(c.Value, Only(Sample.Event(1, c.Key)).Course));
    }

    [Fact]
    public void What_is_of_a_type_that_is_not_known_here_is_not_called_done()
    {
        Assert.Equal(LifeCourse.Unknown, Only(Sample.Event(1, "snapshot_thawed")).Course);
        Assert.Equal(LifeCourse.Unknown, Only(Sample.Event(1), Sample.Event(2, "snapshot_thawed")).Course);
        Assert.Equal(LifeCourse.PutOff, Only(Sample.Event(1, "snapshot_deferred"), Sample.Event(2, "snapshot_thawed")).Course);
        Assert.Equal(LifeCourse.Done, Only(Sample.Event(1, "snapshot_thawed"), Sample.Event(2)).Course);
    }

    [Theory]
    [InlineData("snapshot_failed", false, LifeCourse.PutOff, true)]
    [InlineData("snapshot_failed", true, LifeCourse.GivenUp, false)]
    [InlineData("transfer_failed", false, LifeCourse.PutOff, true)]
    [InlineData("transfer_failed", true, LifeCourse.GivenUp, true)]
    [InlineData("prune_refused", true, LifeCourse.GivenUp, true)]
    [InlineData("snapshot_deferred", false, LifeCourse.PutOff, true)]
    [InlineData("transfer_deferred", false, LifeCourse.PutOff, true)]
    [InlineData("prune_deferred", false, LifeCourse.PutOff, false)]
    [InlineData("snapshot_lost", null, LifeCourse.Lost, false)]
    [InlineData("expiry_held", null, LifeCourse.Held, false)]
    [InlineData("snapshot_completed", null, LifeCourse.Done, false)]
    public void Only_what_the_api_would_try_again_can_be_tried_at_once(string type, bool? final, LifeCourse course, bool can)
    {
        // The words are DigitalOcean's, and decide nothing.
        var life = Only(Sample.Event(1, type, says: "given up: the copy to lon1 is given up") with { Final = final, Region = "ams3" });
        Assert.Equal((course, can), (life.Course, life.CanRetry));
    }

    [Theory]
    [InlineData(true, "snapshot_expired", "prune_deferred")]
    [InlineData(false, "snapshot_expired", "prune_attempted", "prune_deferred")]
    [InlineData(true, "snapshot_expired", "prune_attempted", "expiry_withdrawn", "snapshot_expired", "prune_deferred")]
    [InlineData(true, "snapshot_expired", "prune_attempted", "prune_refused")]
    [InlineData(true, "transfer_deferred", "snapshot_expired", "expiry_withdrawn")]
    [InlineData(false, "snapshot_expired", "transfer_failed")]
    public void A_deletion_that_was_sent_is_not_tried_at_once_nor_a_copy_of_what_is_to_go(bool can, params string[] types)
    {
        var life = Only([.. types.Select((type, n) => Sample.Event(n + 1, type) with { Region = type.StartsWith("transfer", StringComparison.Ordinal) ? "ams3" : null, Final = type is "transfer_failed" ? true : null })]);
        Assert.True(life.Course is LifeCourse.PutOff or LifeCourse.GivenUp);
        Assert.Equal(can, life.CanRetry);
    }

    [Theory]
    [InlineData("expiry_withdrawn", LifeCourse.GivenUp, "the copy to lon1 is given up: no luck")]
    [InlineData("prune_refused", LifeCourse.GivenUp, "prune_refused")]
    [InlineData("prune_attempted", LifeCourse.Running, "prune_attempted")]
    [InlineData("snapshot_pruned", LifeCourse.Done, "snapshot_pruned")]
    [InlineData("snapshot_lost", LifeCourse.Lost, "snapshot_lost")]
    public void The_copies_of_what_stays_after_all_stand_as_before(string type, LifeCourse course, string says)
    {
        var life = Only(GivenUp(1, "lon1"), Sample.Event(2, "snapshot_expired", says: "it goes"), Sample.Event(3, type, says: type));
        Assert.Equal((course, says), (life.Course, life.Telling.Says));
        Assert.Equal(course is LifeCourse.GivenUp, life.CanRetry);

        // Refused, it was left alone; as soon as that is over, what is wrong with the copy is told again.
        if (type is "prune_refused")
        {
            life = Only(GivenUp(1, "lon1"), Sample.Event(2, "snapshot_expired"), Sample.Event(3, type), Sample.Event(4, "snapshot_discovered"));
            Assert.Equal((LifeCourse.GivenUp, "the copy to lon1 is given up: no luck"), (life.Course, life.Telling.Says));
        }
    }

    [Fact]
    public void What_came_of_a_copy_while_it_was_decided_that_it_goes_stands()
    {
        LogEventShape[] steps =
        [
            Sample.Event(1, "transfer_started") with { Region = "lon1" }, GivenUp(2, "ams3"), Sample.Event(3, "snapshot_expired"),
            Sample.Event(4, "transfer_completed") with { Region = "lon1" }, Sample.Event(5, "expiry_withdrawn"), Sample.Event(6, "transfer_requested") with { Region = "ams3" },
            Sample.Event(7, "transfer_completed") with { Region = "ams3" },
        ];
        Assert.Equal(LifeCourse.Done, Only(steps).Course);
        // Tried at once is, with what waits then, a copy that rests.
        Assert.Equal(LifeCourse.Running, Only(GivenUp(1, "lon1"), Sample.Event(2, "snapshot_expired"), Sample.Event(3, "prune_deferred"), Sample.Event(4, "retry_requested"), Sample.Event(5, "expiry_withdrawn")).Course);
        // What is gone and found again begins anew.
        Assert.Equal(LifeCourse.Done, Only(GivenUp(1, "lon1"), Sample.Event(2, "snapshot_expired"), Sample.Event(3, "snapshot_lost"), Sample.Event(4, "snapshot_discovered"), Sample.Event(5, "expiry_withdrawn")).Course);
    }

    [Theory]
    [InlineData("transfer_completed", "sfo3", LifeCourse.GivenUp)]
    [InlineData("transfer_started", "sfo3", LifeCourse.GivenUp)]
    [InlineData("transfer_deferred", "sfo3", LifeCourse.GivenUp)]
    [InlineData("transfer_requested", "lon1", LifeCourse.Running)]
    [InlineData("transfer_completed", "lon1", LifeCourse.Done)]
    [InlineData("retry_requested", null, LifeCourse.Running)]
    [InlineData("snapshot_pruned", null, LifeCourse.Done)]
    [InlineData("snapshot_lost", null, LifeCourse.Lost)]
    public void A_copy_that_was_given_up_tells_how_it_goes_until_it_is_asked_for_again(string type, string? region, LifeCourse course)
    {
        var life = Only(Sample.Event(1), GivenUp(2, "lon1"), Sample.Event(3, type, says: "what followed") with { Region = region });
        Assert.Equal(course, life.Course);
        Assert.Equal(course is LifeCourse.GivenUp, life.CanRetry);
        Assert.Equal(course is LifeCourse.GivenUp ? "the copy to lon1 is given up: no luck" : "what followed", life.Telling.Says);
        Assert.Equal("what followed", life.Last.Says);
    }

    [Fact]
    public void A_reason_that_names_a_region_is_about_none()
    {
        var life = Only(
            GivenUp(1, "lon1"),
            Sample.Event(2, "transfer_requested", says: "a copy in sfo3 asked for by ann (because lon1 failed)") with { Region = "sfo3", Actor = "ann", Reason = "because lon1 failed" },
            Sample.Event(3, "transfer_completed", says: "sfo3 holds it") with { Region = "sfo3" });
        Assert.Equal((LifeCourse.GivenUp, "the copy to lon1 is given up: no luck"), (life.Course, life.Telling.Says));
    }

    [Theory]
    [InlineData("transfer_deferred", LifeCourse.PutOff)]
    [InlineData("transfer_failed", LifeCourse.PutOff)]
    [InlineData("transfer_started", LifeCourse.Running)]
    [InlineData("transfer_completed", LifeCourse.Done)]
    public void A_copy_to_one_region_says_nothing_of_another(string ofOne, LifeCourse course)
    {
        var life = Only(
            Sample.Event(1),
            Sample.Event(2, "transfer_started") with { Region = "lon1" },
            Sample.Event(3, ofOne, says: "ams3") with { Region = "ams3", Final = false },
            Sample.Event(4, "transfer_completed", says: "lon1") with { Region = "lon1" });
        Assert.Equal((course, course is LifeCourse.Done ? "lon1" : "ams3"), (life.Course, life.Telling.Says));
    }

    [Fact]
    public void A_retry_is_of_what_waits_and_a_refusal_is_over_with_it()
    {
        var waits = Sample.Event(1, "transfer_deferred") with { Region = "ams3" };
        Assert.Equal(LifeCourse.Running, Only(waits, Sample.Event(2, "retry_requested")).Course);
        Assert.Equal(LifeCourse.Done, Only(waits, Sample.Event(2, "retry_requested"), Sample.Event(3, "transfer_completed") with { Region = "ams3" }).Course);
        // Nor is one whose cause was not heard here at work for ever.
        Assert.Equal(LifeCourse.Running, Only(Sample.Event(1, "transfer_completed") with { Region = "lon1" }, Sample.Event(2, "retry_requested")).Course);
        Assert.Equal(LifeCourse.Done, Only(Sample.Event(1, "retry_requested"), Sample.Event(2, "transfer_completed") with { Region = "ams3" }).Course);
        Assert.Equal(LifeCourse.Done, Only(Sample.Event(1, "prune_refused") with { Final = true }, Sample.Event(2, "retry_requested")).Course);
        Assert.Equal(LifeCourse.GivenUp, Only(Sample.Event(1, "snapshot_failed") with { Final = true }, Sample.Event(2, "retry_requested")).Course);
    }

    [Fact]
    public void A_pin_changes_nothing_but_what_it_holds()
    {
        var held = Sample.Event(1, "expiry_held") with { Guard = "pinned" };
        Assert.Equal(LifeCourse.Held, Only(held, Sample.Event(2, "snapshot_pinned")).Course);
        Assert.Equal(LifeCourse.Done, Only(held, Sample.Event(2, "snapshot_unpinned")).Course);
        Assert.Equal(LifeCourse.Held, Only(held with { Guard = "newest-complete" }, Sample.Event(2, "snapshot_unpinned")).Course);
        Assert.Equal(LifeCourse.PutOff, Only(Sample.Event(1, "prune_deferred"), Sample.Event(2, "snapshot_unpinned")).Course);
    }

    [Fact]
    public void A_pause_a_brake_and_power_that_is_owed_each_go_on_until_they_are_over()
    {
        LogEventShape[] all =
        [
            Sample.Event(1, "droplet_paused", "droplet/41"), Sample.Event(2, "brake_applied", "droplet/41") with { Plan = "p" }, Sample.Event(3, "brake_applied", "droplet/41") with { Plan = "q" },
            Sample.Event(4, "power_on_owed", "droplet/41"), Sample.Event(5, "droplet_renamed", "droplet/41"),
        ];
        Assert.Equal((LifeCourse.Held, 3), Tell(all));
        Assert.Equal((LifeCourse.Held, 2), Tell([.. all, Sample.Event(6, "brake_released", "droplet/41") with { Plan = "q" }]));
        Assert.Equal((LifeCourse.Running, 4), Tell([.. all, Sample.Event(6, "brake_released", "droplet/41") with { Plan = "q" }, Sample.Event(7, "brake_released", "droplet/41") with { Plan = "p" }, Sample.Event(8, "droplet_resumed", "droplet/41")]));
        Assert.Equal((LifeCourse.Done, 2), Tell([Sample.Event(1, "brake_applied", "plan/p") with { Plan = "p" }, Sample.Event(2, "plan_changed", "plan/p") with { Plan = "p" }]));
        Assert.Equal((LifeCourse.Done, 2), Tell([Sample.Event(1, "plans_overlapped", "droplet/41"), Sample.Event(2, "droplet_withdrawn", "droplet/41")]));

        static (LifeCourse, long) Tell(LogEventShape[] steps) => Only(steps) is var life ? (life.Course, life.Telling.Sequence) : default;
    }

    [Theory]
    [InlineData("brake", 2, true, LifeCourse.Held)]
    [InlineData("brake", 2, false, LifeCourse.Done)]
    [InlineData("brake", 0, true, LifeCourse.Done)]
    [InlineData("newest-complete", 1, false, LifeCourse.Held)]
    [InlineData("newest-complete", 0, false, LifeCourse.Done)]
    public void What_was_held_once_is_held_as_long_as_anything_is(string guard, int held, bool brakes, LifeCourse course)
    {
        var status = Sample.Status(Sample.Of(Sample.Droplet, "web-41") with { Held = held }) with { Brakes = brakes ? ["nothing of plan 'p' expires"] : [] };
        var told = Sample.Event(1, "expiry_held") with { Guard = guard };
        var life = Assert.Single(Life.Of([told], HeldNow.Of(status)));
        Assert.Equal((course, course is LifeCourse.Held ? "complete" : "complete; no longer"), (life.Course, life.Says));
        // What happened since then the status does not know.
        Assert.Equal(LifeCourse.Held, Assert.Single(Life.Of([told with { At = Sample.Now.AddSeconds(1) }], HeldNow.Of(status))).Course);
    }

    [Fact]
    public void What_happened_last_comes_first_and_each_life_goes_from_its_beginning()
    {
        var lives = Life.Of([Sample.Event(3, stream: "snapshot/a"), Sample.Event(2, stream: "snapshot/b"), Sample.Event(1, "snapshot_requested", "snapshot/a")]);
        Assert.Equal(["snapshot/a", "snapshot/b"], lives.Select(l => l.Stream));
        Assert.Equal([1, 3], lives[0].Steps.Select(s => s.Sequence));
    }

    [Fact]
    public void A_life_is_called_as_its_events_name_it_and_found_by_all_that_it_says()
    {
        var life = Only(
            Sample.Event(1, "snapshot_requested", says: "snapshot 'it's-1' of droplet 'o'hara' asked for") with { SnapshotName = "it's-1", DropletName = "o'hara" },
            Sample.Event(2, says: "complete: image 7"));
        Assert.Equal(("it's-1", "00000000", "'it's-1' of droplet 'o'hara'"), (life.Name, life.ShortId, life.Whole));
        Assert.All((string[])["image 7", "asked for", "o'hara"], word => Assert.Contains(word, life.Words, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_named_goes_by_its_droplet_or_its_id()
    {
        var id = Guid.Parse("0c14baf0-0000-4000-8000-000000000001");
        LogEventShape[] events =
        [
            Sample.Event(4, "plan_paused", "plan/p") with { SnapshotId = null, DropletId = null },
            Sample.Event(3, "droplet_paused", "droplet/41") with { SnapshotId = null, DropletName = "web-41" },
            Sample.Event(2, "expiry_held", "snapshot/2") with { SnapshotId = id, DropletName = "web-41" },
            Sample.Event(1, "expiry_held", "snapshot/1") with { SnapshotId = id },
        ];
        Assert.Equal(
            [("plan p", null), ("droplet web-41", "41"), ("snapshot of web-41", "0c14baf0"), ("snapshot 0c14baf0", null)], Life.Of(events).Select(l => (l.Name, l.ShortId)));
    }

    private static LogEventShape GivenUp(long sequence, string region) =>
        Sample.Event(sequence, "transfer_failed", says: $"the copy to {region} is given up: no luck") with { Region = region, Final = true, Reason = "no luck" };

    private static Life Only(params LogEventShape[] oldestFirst) => Assert.Single(Life.Of([.. oldestFirst.Reverse()]));
}
