using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Plans that the brake would hold back in their ordinary course are told at start, and no others are held in theirs.</summary>
public sealed class BrakeForecastTests
{
    /// <summary>How often, the rules, and with how many droplets the brake would hold them; 0 for never.</summary>
    public static TheoryData<string, string, int> Plans => new()
    {
        { "1d", "3d:1d 1w:1w 1m:2m 0d:6m", 0 },
        { "1d", "0d:3d", 0 },
        { "1d", "0d:2d", 0 },
        { "1d", "0d:1d", 0 },
        { "12h", "0d:1d", 6 },
        { "6h", "0d:1d", 1 },
        { "6h", "1d:1d 1w:1w", 0 },
        { "4h", "0d:1d", 1 },
        { "4h", "1d:1d 0d:7d", 0 },
        { "1h", "0d:1d", 1 },
        { "1h", "1d:2d 1w:1m 1m:6m", 0 },
        { "8h", "0d:8h", 4 },
        { "12h", "0h:12h", 6 },
        { "1h", "0h:12h", 1 },
        { "2h", "0h:6h", 1 },
        { "1h", "6h:6h", 1 },
    };

    /// <summary>Those of them that are soon at their course, with so many droplets.</summary>
    public static TheoryData<string, string, int> SoonAtTheirCourse => new()
    {
        { "1d", "0d:2d", 12 },
        { "1d", "0d:1d", 12 },
        { "12h", "0d:1d", 12 },
        { "6h", "0d:1d", 5 },
        { "6h", "1d:1d 1w:1w", 3 },
        { "4h", "0d:1d", 3 },
        { "1h", "0d:1d", 1 },
        { "8h", "0d:8h", 5 },
        { "8h", "0d:8h", 2 },
        { "1h", "0h:12h", 1 },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void A_plan_is_told_if_its_own_course_is_too_much(string every, string keep, int droplets)
    {
        var terms = World.Terms(every, keep.Split(' '), brake: BrakeSetting.On);
        Assert.Equal(droplets, BrakeForecast.FirstHeld(Plan.From("p", 1, terms))?.Droplets ?? 0);
        Assert.Null(BrakeForecast.FirstHeld(Plan.From("p", 1, terms with { Brake = BrakeSetting.Off })));
    }

    [Theory]
    [MemberData(nameof(SoonAtTheirCourse))]
    public async Task What_is_told_is_what_happens(string every, string keep, int droplets)
    {
        var world = new FleetWorld();
        await world.PlanAsync("p", keep, every: every);
        for (var droplet = 1; droplet <= droplets; droplet++)
        {
            await world.EnrolAsync(droplet, "p");
        }

        var told = BrakeForecast.FirstHeld(Plan.From("p", 1, FleetWorld.Terms("p", keep, every)));
        var late = new Random(4711);
        var making = new List<(SnapshotRequested Request, DateTimeOffset DoneAt)>();
        var isBraked = false;
        // The first snapshots were not made at the plan's hours, and what is held because of them is released.
        var settled = world.Now.AddDays(4);
        for (var end = world.Now.AddDays(8); world.Now < end && !isBraked; world.Now += TimeSpan.FromSeconds(200 + late.Next(200)))
        {
            making.AddRange((await world.RoundAsync(mayRequest: true)).Events.OfType<SnapshotRequested>().Select(r => (r, world.Now.AddSeconds(600 + late.Next(600)))));
            foreach (var (request, _) in making.Where(m => m.DoneAt <= world.Now))
            {
                await world.FinishAsync(request);
            }

            making.RemoveAll(m => m.DoneAt <= world.Now);
            if ((await world.InForceAsync()).Count > 0)
            {
                isBraked = world.Now > settled;
                await world.ReleaseAsync();
            }
        }

        Assert.Equal(told is not null && told.Value.Droplets <= droplets, isBraked);
    }

    [Fact]
    public void By_elapsed_time_without_an_interval_there_is_no_course() =>
        Assert.Null(BrakeForecast.FirstHeld(Plan.From("p", 1, World.Terms("0d", ["0h:0h"], timing: PlanTiming.Elapsed, brake: BrakeSetting.On))));
}
