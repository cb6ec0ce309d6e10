using System.Runtime.CompilerServices;
using DoSnapshot.Contracts;

namespace DoSnapshot.EventLog.Tests;

/// <summary>The names under which events are stored never change.</summary>
public sealed class EventTypesTests
{
    private static readonly string[] Stored =
    [
        "account_bound", "brake_applied", "brake_released", "droplet_enrolled", "droplet_paused", "droplet_powered_off", "droplet_powered_on",
        "droplet_renamed", "droplet_resumed", "droplet_shut_down", "droplet_withdrawn", "droplets_uncovered", "expiry_held", "expiry_withdrawn", "overlap_resolved",
        "plan_changed", "plan_paused", "plan_removed", "plan_resumed", "plans_applied", "plans_overlapped",
        "power_off_forced", "power_on_attempted", "power_on_owed", "power_on_waived",
        "prune_attempted", "prune_deferred", "prune_refused", "retry_requested", "snapshot_attempted",
        "snapshot_completed", "snapshot_deferred", "snapshot_discovered", "snapshot_expired", "snapshot_failed", "snapshot_lost",
        "snapshot_pinned", "snapshot_pruned", "snapshot_requested", "snapshot_started", "snapshot_unpinned", "transfer_attempted",
        "transfer_completed", "transfer_deferred", "transfer_failed", "transfer_requested", "transfer_started",
    ];

    [Fact]
    public void The_stored_names_are_these() => Assert.Equal(Stored, EventTypes.Aliases.Values.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_event_of_the_contracts_has_one()
    {
        Type[] parts = [typeof(PlanTerms), typeof(ExpiryNeighbour), typeof(UncoveredDroplet)];
        var events = typeof(SnapshotRequested).Assembly.GetExportedTypes().Where(t => t.IsClass).Except(parts);
        Assert.Equal(events.ToHashSet(), EventTypes.Aliases.Keys.ToHashSet());
    }

    [Fact]
    public void Every_event_with_the_id_of_a_snapshot_is_about_that_one()
    {
        var id = new Guid("5f1d2c1e-0b5a-5f7e-9a3e-5f0c7f6b8d21");
        var about = EventTypes.Aliases.Keys.Where(t => t.GetProperty(nameof(SnapshotRequested.SnapshotId)) is not null).ToList();

        Assert.Contains(typeof(SnapshotRequested), about);
        Assert.All(about, type =>
        {
            var e = RuntimeHelpers.GetUninitializedObject(type);
            type.GetProperty(nameof(SnapshotRequested.SnapshotId))!.SetValue(e, id);
            Assert.Equal(id, EventTypes.SnapshotOf(e));
        });
    }
}
