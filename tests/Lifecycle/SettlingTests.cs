using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>
/// Whoever sends and whoever looks what became of it are two processes, and each clock may be wrong by as much as is allowed. By the true time nobody looks
/// before what was sent at the last moment has arrived and shows.
/// </summary>
public sealed class SettlingTests
{
    private static readonly LifecycleTimings Timings = new();

    /// <summary>Minutes by which the clocks of the sender and of the looker are ahead.</summary>
    public static TheoryData<string, double, double> Clocks => new()
    {
        { "both are right", 0, 0 },
        { "the sender's is behind", -2, 0 },
        { "the looker's is ahead", 0, 2 },
        { "the sender's is behind, the looker's ahead", -2, 2 },
        { "the sender's is ahead, the looker's behind", 2, -2 },
        { "both are behind", -2, -2 },
    };

    [Theory]
    [MemberData(nameof(Clocks))]
    public void Nobody_looks_before_what_was_sent_last_shows(string clocks, double sender, double looker)
    {
        var lastSent = World.Start;
        var sendBefore = lastSent.AddMinutes(sender);
        var shows = lastSent + Timings.RequestTimeout + Timings.Settling;
        var seen = shows.AddMinutes(looker).AddTicks(-1);

        Assert.False(SnapshotWork.IsToBeLookedFor(Attempted(sendBefore), seen, Timings), clocks);
        Assert.False(TransferWork.IsToBeLookedFor(Copying(sendBefore), seen, Timings), clocks);
        Assert.True(Timings.SettledAt(sendBefore) > seen, clocks);
    }

    [Fact]
    public void However_wrong_the_clocks_are_it_is_looked_for_within_a_quarter_of_an_hour()
    {
        var sendBefore = World.Start.AddMinutes(2);
        var seen = World.Start.AddMinutes(15 - 2);
        Assert.True(SnapshotWork.IsToBeLookedFor(Attempted(sendBefore), seen, Timings));
        Assert.True(TransferWork.IsToBeLookedFor(Copying(sendBefore), seen, Timings));
    }

    private static Snapshot Attempted(DateTimeOffset sendBefore) => new()
    {
        Id = "snapshot/1",
        SnapshotId = Guid.Empty,
        DropletId = 1,
        DropletName = "web",
        Name = "web-1",
        Phase = SnapshotPhase.Attempted,
        SendBefore = sendBefore,
    };

    private static RegionTransfer Copying(DateTimeOffset sendBefore) => new(TransferPhase.Attempted, sendBefore, sendBefore, SendBefore: sendBefore);
}
