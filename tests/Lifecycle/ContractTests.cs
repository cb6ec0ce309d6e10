using System.Text.Json;
using System.Text.Json.Nodes;
using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Stored events are read for ever: their names, members and meanings stay.</summary>
public sealed class ContractTests
{
    /// <summary>The records of the design's table, as it writes them.</summary>
    private static readonly string[] Designed =
    [
        "SnapshotRequested", "SnapshotAttempted", "SnapshotStarted", "SnapshotDeferred", "SnapshotCompleted", "SnapshotFailed",
        "TransferRequested", "TransferAttempted", "TransferStarted", "TransferDeferred", "TransferCompleted", "TransferFailed",
        "SnapshotExpired", "PruneAttempted", "SnapshotPruned", "PruneRefused", "PruneDeferred", "SnapshotDiscovered", "SnapshotLost",
        "ExpiryHeld", "ExpiryWithdrawn", "SnapshotPinned", "SnapshotUnpinned", "PlanPaused", "DropletPaused", "PlanResumed", "DropletResumed",
        "BrakeApplied", "BrakeReleased", "DropletShutDown", "DropletPoweredOff", "PowerOnOwed", "DropletPoweredOn", "PlanChanged",
        "DropletEnrolled", "DropletRenamed", "DropletWithdrawn",
    ];

    public static TheoryData<string> Names => [.. EventSamples.All.Select(e => e.GetType().Name)];

    public static TheoryData<Type> Enums => [typeof(Origin), typeof(Guard), typeof(PlanTiming), typeof(OrphanHandling), typeof(BrakeSetting), typeof(SnapshotConsistency), typeof(ForcedPowerOff)];

    [Fact]
    public void Every_event_of_the_design_is_a_sealed_record_in_the_namespace_of_the_contracts()
    {
        var exported = typeof(SnapshotRequested).Assembly.GetExportedTypes().ToDictionary(t => t.Name);
        Assert.All(Designed, name =>
        {
            Assert.True(exported.TryGetValue(name, out var type), $"{name} is missing");
            Assert.True(type!.IsSealed, name);
            // A message's identity is its full type name.
            Assert.Equal("DoSnapshot.Contracts", type.Namespace);
        });
    }

    [Fact]
    public void There_is_a_sample_and_a_golden_text_for_every_event_and_for_nothing_else()
    {
        Type[] parts = [typeof(PlanTerms), typeof(ExpiryNeighbour), typeof(UncoveredDroplet)];
        var events = typeof(SnapshotRequested).Assembly.GetExportedTypes().Where(t => t.IsClass).Except(parts).Select(t => t.Name).Order().ToList();
        Assert.Equal(events, EventSamples.All.Select(e => e.GetType().Name).Order());
        Assert.Equal(events, GoldenEvents.Texts.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_is_written_as_it_always_was(string name) => Assert.Equal(GoldenEvents.Texts[name], Json.Of(EventSamples.Of(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_written_long_ago_is_read_as_the_same_event(string name)
    {
        var sample = EventSamples.Of(name);
        var read = Json.To(sample.GetType(), GoldenEvents.Texts[name]);
        Assert.Equal(GoldenEvents.Texts[name], Json.Of(read));
    }

    [Fact]
    public void What_an_event_said_before_it_could_say_more_is_read_with_the_defaults_and_written_as_before()
    {
        var earlier = GoldenEvents.Lines.Where(l => GoldenEvents.Texts[l.Name] != l.Text).ToList();
        Assert.Equal(["SnapshotRequested", "PruneDeferred", "PlanChanged", "BrakeApplied", "PlanChanged", "PlanChanged", "PlanChanged"], earlier.Select(l => l.Name));
        Assert.All(earlier, l => Assert.Equal(l.Text, Json.Of(Json.To(EventSamples.Of(l.Name).GetType(), l.Text))));
        var plan = (PlanChanged)Json.To(typeof(PlanChanged), earlier.First(l => l.Name == "PlanChanged").Text);
        Assert.Equal((null, null), (plan.Actor, plan.Reason));
        Assert.Equal((null, OrphanHandling.Keep, BrakeSetting.On), (plan.Terms.OptOutTag, plan.Terms.Orphans, plan.Terms.Brake));
        Assert.Equal((SnapshotConsistency.Live, ForcedPowerOff.Never), (plan.Terms.Consistency, plan.Terms.ForcePowerOff));
        var request = (SnapshotRequested)Json.To(typeof(SnapshotRequested), earlier.Single(l => l.Name == "SnapshotRequested").Text);
        Assert.Equal((SnapshotConsistency.Live, ForcedPowerOff.Never), (request.Consistency, request.ForcePowerOff));
        Assert.Null(((BrakeApplied)Json.To(typeof(BrakeApplied), earlier.Single(l => l.Name == "BrakeApplied").Text)).PlanVersion);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_optional_member_may_be_absent_and_an_unknown_one_present(string name)
    {
        var sample = EventSamples.Of(name);
        var json = JsonNode.Parse(Json.Of(sample))!.AsObject();
        var optional = sample.GetType().GetConstructors().Single(c => c.GetParameters().Length > 1).GetParameters().Where(p => p.HasDefaultValue).ToList();
        foreach (var parameter in optional)
        {
            Assert.True(json.Remove(JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!)), parameter.Name);
        }

        json["addedLater"] = "unknown";
        var read = Json.To(sample.GetType(), json.ToJsonString());
        Assert.All(optional, p => Assert.Equal(p.DefaultValue, sample.GetType().GetProperty(p.Name!)!.GetValue(read)));
    }

    [Theory]
    [MemberData(nameof(Enums))]
    public void The_members_of_an_enumeration_are_numbered_from_zero_without_a_gap(Type type) =>
        Assert.Equal(Enumerable.Range(0, Enum.GetValues(type).Length), Enum.GetValues(type).Cast<int>().Order());

    [Fact]
    public void Guards_keep_their_names() => Assert.Equal(
        [
            "Pinned", "TransferRunning", "KeepAtLeast", "NewestInRegion", "NewestComplete", "IdentityChanged", "StaleDecision",
            "NoLongerExpired", "Paused", "Brake", "NotEnrolled", "Overlap",
        ],
        Enum.GetNames<Guard>());
}
