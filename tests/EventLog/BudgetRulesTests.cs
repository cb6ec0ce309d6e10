using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Budget;

namespace DoSnapshot.EventLog.Tests;

/// <summary>How many requests a process may take, worked out by hand from 5,000 in an hour and 250 in a minute.</summary>
public sealed class BudgetRulesTests
{
    private static readonly TimeSpan FreesIn = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("nothing is used", RequestPurpose.Snapshot, 0, 0, 0, 0, 10, 10)]
    [InlineData("a power-on may take the last of the minute", RequestPurpose.PowerOn, 249, 249, 0, 0, 10, 1)]
    [InlineData("and of the hour", RequestPurpose.PowerOn, 0, 4999, 0, 0, 10, 1)]
    [InlineData("and no more than that", RequestPurpose.PowerOn, 250, 250, 0, 0, 10, 0)]
    [InlineData("a snapshot leaves 10 of the minute to power-ons", RequestPurpose.Snapshot, 239, 239, 0, 0, 10, 1)]
    [InlineData("and is held back there", RequestPurpose.Snapshot, 240, 240, 0, 0, 10, 0)]
    [InlineData("a snapshot leaves 100 of the hour", RequestPurpose.Snapshot, 0, 4900, 0, 0, 10, 0)]
    [InlineData("following leaves 30 of the minute", RequestPurpose.Following, 220, 220, 0, 0, 10, 0)]
    [InlineData("a transfer leaves 50", RequestPurpose.Transfer, 199, 199, 0, 0, 10, 1)]
    [InlineData("a deletion leaves 75", RequestPurpose.Deletion, 175, 175, 0, 0, 10, 0)]
    [InlineData("a deletion leaves 1,000 of the hour", RequestPurpose.Deletion, 0, 3999, 0, 0, 10, 1)]
    [InlineData("comparing leaves 100 of the minute", RequestPurpose.Reconciliation, 150, 150, 150, 0, 10, 0)]
    [InlineData("comparing has a tenth of the hour", RequestPurpose.Reconciliation, 0, 499, 499, 0, 10, 1)]
    [InlineData("and no more, though nobody else uses any", RequestPurpose.Reconciliation, 0, 500, 500, 0, 10, 0)]
    [InlineData("what others use counts in the hour", RequestPurpose.Snapshot, 0, 1000, 0, 3900, 10, 0)]
    [InlineData("but says nothing of the minute", RequestPurpose.Snapshot, 0, 0, 0, 4000, 10, 10)]
    public void What_is_granted(
        string name, RequestPurpose purpose, int minute, int hour, int comparing, int foreign, int wanted, int granted)
    {
        var use = new BudgetUse(BudgetRules.DocumentedHour, minute, hour, comparing, foreign, FreesIn, TimeSpan.FromMinutes(30));

        var grant = BudgetRules.Grant(use, purpose, wanted);

        Assert.True(granted == grant.Requests, $"{name}: {grant}");
        Assert.Equal(granted > 0, grant.Wait == TimeSpan.Zero);
    }

    [Fact]
    public void Who_is_held_back_waits_until_the_oldest_counts_no_more_but_looks_again_within_a_minute()
    {
        var minute = new BudgetUse(5_000, 250, 250, 0, 0, FreesIn, TimeSpan.FromMinutes(30));
        var hour = new BudgetUse(5_000, 0, 5_000, 0, 0, TimeSpan.Zero, TimeSpan.FromMinutes(30));
        var soon = new BudgetUse(5_000, 250, 250, 0, 0, TimeSpan.FromMilliseconds(3), TimeSpan.FromMinutes(30));

        Assert.Equal(FreesIn, BudgetRules.Grant(minute, RequestPurpose.PowerOn, 1).Wait);
        Assert.Equal(TimeSpan.FromMinutes(1), BudgetRules.Grant(hour, RequestPurpose.PowerOn, 1).Wait);
        Assert.Equal(TimeSpan.FromSeconds(1), BudgetRules.Grant(soon, RequestPurpose.PowerOn, 1).Wait);
    }

    [Fact]
    public void Whatever_is_left_goes_first_to_what_goes_before()
    {
        for (var used = 0; used <= 260; used++)
        {
            var use = new BudgetUse(5_000, used, used, 0, 0, FreesIn, FreesIn);
            var grants = Enum.GetValues<RequestPurpose>().Select(p => BudgetRules.Grant(use, p, 1_000).Requests).ToList();

            Assert.Equal(grants.OrderDescending(), grants);
        }
    }
}
