using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>A plan that comes to take snapshots at other times lets nothing go for it: what was made stands for what it was made for.</summary>
public sealed class ScheduleChangeTests
{
    private readonly World _world = new(World.Terms(keep: ["3d:1w"]));

    [Theory]
    [InlineData("1w", "03:00")]
    [InlineData("2w", "15:00")]
    [InlineData("1d", "15:30")]
    [InlineData("5d", "03:00")]
    [InlineData("12h", "09:00")]
    public void What_a_rule_keeps_it_keeps_whatever_the_schedule_becomes(string every, string at)
    {
        _world.Now = World.At("2026-10-29T12:00:00Z");
        for (var day = 28; day >= 10; day -= 3)
        {
            // Some begin late, as where thousands are due at once.
            Made(World.At("2026-10-29T03:00:00Z").AddDays(-day), late: TimeSpan.FromMinutes(day * 17));
        }

        Made(World.At("2026-10-29T03:00:00Z"), late: TimeSpan.Zero);
        Assert.DoesNotContain(_world.Plan(), e => e is SnapshotExpired);

        _world.GivenPlan(new PlanChanged("p", 2, World.Terms(every, keep: ["3d:1w"]) with { At = at }, _world.Now));

        Assert.DoesNotContain(_world.Plan(), e => e is SnapshotExpired);
    }

    [Fact]
    public void What_was_found_and_made_for_no_moment_does_not_fall_together_under_a_schedule_that_is_wider_than_the_rules()
    {
        _world.GivenPlan(new PlanChanged("p", 2, World.Terms("1w", keep: ["1d:1w"]), _world.Now));
        for (var day = 30; day >= 0; day -= 2)
        {
            _world.Complete(_world.Now.AddDays(-day));
        }

        Assert.DoesNotContain(_world.Plan(), e => e is SnapshotExpired);
    }

    [Fact]
    public void One_that_was_asked_for_by_a_clock_far_ahead_still_stands_for_when_it_was_made()
    {
        // Made now for a moment a year ahead: by that, all that come after it would be before it.
        var odd = Made(_world.Now.AddDays(365), late: TimeSpan.FromDays(-365));
        _world.Now += TimeSpan.FromDays(60);
        var newer = Made(_world.Now.AddHours(-9), late: TimeSpan.Zero);
        _world.GivenPlan(new PlanChanged("p", 2, World.Terms(keep: ["0d:30d"]), _world.Now));
        Assert.Equal(odd, Assert.Single(_world.Plan().OfType<SnapshotExpired>()).SnapshotId);
        Assert.NotEqual(odd, newer);
    }

    private Guid Made(DateTimeOffset occurrence, TimeSpan late)
    {
        var id = SnapshotIds.ForOccurrence("p", World.Droplet, occurrence);
        var at = occurrence + late;
        _world.Given(
            NewEvent.Of(id, new SnapshotRequested(
                id, World.Droplet, "web-1", $"web-1-autosnapshot-{at:yyyyMMdd'T'HHmmss'Z'}", "p", Origin.Plan, at, PlanVersion: 1, Occurrence: occurrence)),
            NewEvent.Of(id, new SnapshotCompleted(id, World.Droplet, occurrence.ToUnixTimeSeconds(), 1, ["nyc3"], at, at)));
        return id;
    }
}
