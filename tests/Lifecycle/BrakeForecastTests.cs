using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Plans that the brake would hold back in their ordinary course are told at start.</summary>
public sealed class BrakeForecastTests
{
    /// <summary>How often, the rules, and whether the brake would hold them.</summary>
    public static TheoryData<string, string, bool> Plans => new()
    {
        { "1d", "3d:1d 1w:1w 1m:2m 0d:6m", false },
        { "1d", "0d:3d", false },
        { "1d", "", false },
        { "12h", "0d:1d", false },
        { "6h", "1d:1d 1w:1w", false },
        { "1h", "1d:2d 1w:1m 1m:6m", false },
        { "1h", "0h:12h", true },
        { "2h", "0h:6h", true },
        { "1h", "6h:6h", true },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void A_plan_is_told_if_its_own_course_is_too_much(string every, string keep, bool held)
    {
        var terms = World.Terms(every, keep.Split(' ', StringSplitOptions.RemoveEmptyEntries), brake: BrakeSetting.On);
        var found = BrakeForecast.FirstHeld(Plan.From("p", 1, terms));
        Assert.Equal(held, found is not null);
        Assert.True(found is null || found.Value.IsTooMuch(Braking.FreeOfDroplet));
        Assert.Null(BrakeForecast.FirstHeld(Plan.From("p", 1, terms with { Brake = BrakeSetting.Off })));
    }

    [Fact]
    public void By_elapsed_time_without_an_interval_there_is_no_course() =>
        Assert.Null(BrakeForecast.FirstHeld(Plan.From("p", 1, World.Terms("0d", ["0h:0h"], timing: PlanTiming.Elapsed, brake: BrakeSetting.On))));
}
