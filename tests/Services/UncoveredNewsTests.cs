using DoSnapshot.Contracts;
using DoSnapshot.Planner;

namespace DoSnapshot.Services.Tests;

/// <summary>Where more are in no plan than are named, what is not named is news by its number.</summary>
public sealed class UncoveredNewsTests
{
    private static readonly UncoveredDroplet[] Named = [.. Enumerable.Range(1, UncoveredWatch.MostNamed).Select(i => new UncoveredDroplet(i, $"pool-{i}", ["pool"]))];

    [Theory]
    [InlineData(0, 1, 1, true)]
    [InlineData(3, 5, 1, true)]
    [InlineData(3, 3, 1, false)]
    [InlineData(5, 3, 1, false)]
    [InlineData(5, 3, 23, true)]
    public void More_of_those_that_are_not_named_are_news_at_once_and_fewer_once_a_day(int before, int now, int hours, bool isNews)
    {
        var there = Enumerable.Range(1, 600).Select(i => (long)i).ToHashSet();
        Assert.Equal(isNews, UncoveredNews.AreWorthAnEvent(
            new DropletsUncovered(Named, before, World.Start), new DropletsUncovered(Named, now, World.Start.AddHours(hours)), there, new HashSet<long>()));
    }
}
