using System.Collections.Immutable;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Each guard alone, and what stands first when several hold.</summary>
public sealed class GuardsTests
{
    public static TheoryData<string, Case> Cases => new()
    {
        { "nothing holds", new Case() },
        { "pinned", new Case { Pinned = true, Holds = Guard.Pinned } },
        { "no other at all", new Case { Others = [], Holds = Guard.NewestComplete } },
        { "only older ones", new Case { Others = [new(-1), new(-2)], Holds = Guard.NewestComplete } },
        { "made at the same moment, as the later image", new Case { Others = [new(0, Image: 1)], Holds = Guard.NewestComplete } },
        { "made at the same moment, as the earlier image", new Case { Others = [new(0, Image: 9000)] } },
        { "one newer, none wanted at least", new Case { KeepAtLeast = 0 } },
        { "the newest, and none wanted at least", new Case { KeepAtLeast = 0, Others = [], Holds = Guard.NewestComplete } },
        { "exactly as many others as wanted", new Case { KeepAtLeast = 2, Others = [new(1), new(-1)] } },
        { "one fewer than wanted", new Case { KeepAtLeast = 3, Others = [new(1), new(-1)], Holds = Guard.KeepAtLeast } },
        { "a second stream of the same image is no other", new Case { KeepAtLeast = 2, Others = [new(1), new(0, Image: 2000)], Holds = Guard.KeepAtLeast } },
        { "the newer one is not yet in the wanted region", new Case { Regions = ["lon1"], Own = ["nyc3", "lon1"], Holds = Guard.NewestInRegion } },
        { "the older one is in the wanted region", new Case { Regions = ["lon1"], Own = ["lon1"], Others = [new(1), new(-1, "lon1")], Holds = Guard.NewestInRegion } },
        { "a newer one is in the wanted region", new Case { Regions = ["lon1"], Own = ["nyc3", "lon1"], Others = [new(1), new(2, "lon1")] } },
        { "it is in no wanted region", new Case { Regions = ["lon1"], Own = ["nyc3"] } },
        { "two regions are covered by two newer ones", new Case { Regions = ["lon1", "sfo3"], Own = ["lon1", "sfo3"], Others = [new(1, "lon1"), new(2, "sfo3")] } },
        { "one of two regions is not covered", new Case { Regions = ["lon1", "sfo3"], Own = ["lon1", "sfo3"], Others = [new(1, "lon1")], Holds = Guard.NewestInRegion } },
        { "newest in a region that nobody wants", new Case { Own = ["ams3"] } },
        { "a transfer's intent is written", new Case { Transfer = ["TransferRequested", "TransferAttempted"], Holds = Guard.TransferRunning } },
        { "a transfer is at work", new Case { Transfer = ["TransferAttempted", "TransferStarted"], Holds = Guard.TransferRunning } },
        { "a transfer only waits", new Case { Transfer = ["TransferRequested"] } },
        { "a transfer waits for its next attempt", new Case { Transfer = ["TransferAttempted", "TransferDeferred"] } },
        { "a transfer is done", new Case { Transfer = ["TransferAttempted", "TransferCompleted"] } },
        { "pinned above all", new Case { Pinned = true, Others = [], KeepAtLeast = 3, Holds = Guard.Pinned } },
        { "the newest above how many remain", new Case { Others = [new(-1)], KeepAtLeast = 3, Holds = Guard.NewestComplete } },
        { "how many remain above the region", new Case { KeepAtLeast = 2, Regions = ["lon1"], Own = ["lon1"], Holds = Guard.KeepAtLeast } },
        { "the region above the transfer", new Case { Regions = ["lon1"], Own = ["lon1"], Transfer = ["TransferAttempted"], Holds = Guard.NewestInRegion } },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_guard_holds_or_lets_go(string name, Case @case)
    {
        var plan = Plan.From("p", 1, World.Terms(regions: [.. @case.Regions], keepAtLeast: @case.KeepAtLeast));
        var own = Snapshot(new Other(0, "", 2000), @case.Own, [
            .. @case.Pinned ? new object[] { EventSamples.Of("SnapshotPinned") } : [], .. @case.Transfer.Select(EventSamples.Of)]);
        var others = @case.Others.Select((other, i) => Snapshot(
            other with { Image = other.Image ?? 3000 + i }, other.Region.Length == 0 ? ["nyc3"] : [other.Region], [])).ToList();

        // Its own place among the complete ones must not matter: the planner's list has it, the pruner's has not.
        foreach (var complete in new[] { others, [.. others, own], [own, .. others] })
        {
            var held = Guards.Check(own, complete, plan);
            Assert.True(held?.Guard == @case.Holds, $"{name}: {held}");
            Assert.NotEqual("", held?.Detail);
        }
    }

    private static Snapshot Snapshot(Other other, IReadOnlyList<string> regions, object[] more)
    {
        var (id, image) = (Guid.NewGuid(), other.Image!.Value);
        var at = World.Start.AddDays(other.Days - 10);
        return Given.Snapshot(id, [
            new SnapshotDiscovered(id, World.Droplet, "web-1", image, $"web-1-{image}", "p", 1, regions, at, at), .. more]);
    }

    /// <summary>One case; without more said, nothing holds.</summary>
    public sealed record Case
    {
        public bool Pinned { get; init; }

        public int KeepAtLeast { get; init; } = 1;

        public ImmutableArray<string> Regions { get; init; } = [];

        public ImmutableArray<string> Own { get; init; } = ["nyc3"];

        public ImmutableArray<Other> Others { get; init; } = [new(1)];

        public ImmutableArray<string> Transfer { get; init; } = [];

        public Guard? Holds { get; init; }
    }

    /// <summary>Another complete snapshot: how many days younger, and where.</summary>
    public sealed record Other(int Days, string Region = "", long? Image = null);
}
