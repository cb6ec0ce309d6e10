using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.WhatIf;

/// <content>Deciding in the other world, and the snapshots that are invented for it.</content>
internal sealed partial class OtherDroplet
{
    /// <summary>Decides in the other world.</summary>
    private void Decide(DateTimeOffset at)
    {
        decision = null;
        if (!HasBegun(at))
        {
            nextChange = terms.From;
            return;
        }

        var views = all.Values.Where(s => s.State is not OtherState.Ended).Select(s => s.View);
        var ledger = Ledgers.Build(truth.DropletId, truth.Facts, PlanIn(plans.Other), views, plans.Other);
        var leaving = Expiries(ledger, at);
        decision = (at, leaving.ToDictionary(e => e.SnapshotId, e => e.Rule));
        if (leaving.Count > 0)
        {
            var asInTruth = Expiries(truth.Ledger(plans.Truth, at), at).Select(e => e.SnapshotId).ToHashSet();
            foreach (var e in leaving.Where(e => !asInTruth.Contains(e.SnapshotId)))
            {
                Delete(all[e.SnapshotId], new Fate(FateKind.Deleted, at, e.Rule), at);
            }
        }

        FindNextChange(ledger, at);
    }

    private void Delete(OtherSnapshot known, Fate fate, DateTimeOffset at)
    {
        books.OtherEnds(known.Real, at);
        (known.State, known.Other) = (OtherState.Ended, fate);
        if (known.IsOver)
        {
            Close(known);
        }
    }

    /// <summary>When the next snapshot comes to another rule by its age.</summary>
    private void FindNextChange(DropletLedger ledger, DateTimeOffset at)
    {
        DateTimeOffset? next = null;
        foreach (var s in all.Values.Where(s => s.State is OtherState.There).Select(s => s.Real))
        {
            foreach (var rule in ledger.RulesFor(s)?.Keep.Rules ?? [])
            {
                var second = s.CreatedAt!.Value;
                var change = second.AddTicks(-(second.UtcTicks % TimeSpan.TicksPerSecond)) + rule.Age.Duration;
                next = change > at && !(next <= change) ? change : next;
            }
        }

        nextChange = next;
    }

    private PlanFacts? PlanIn(IReadOnlyDictionary<string, PlanFacts> named) => truth.Facts?.Plan is { } name ? named.GetValueOrDefault(name) : null;

    private static List<SnapshotExpired> Expiries(DropletLedger ledger, DateTimeOffset at) =>
        [.. Planning.Decide(ledger, at, mayRequest: false).Select(e => e.Data).OfType<SnapshotExpired>()];

    /// <summary>The plan of a snapshot in both worlds, where it is the droplet's own and at work.</summary>
    private (Plan Truth, Plan Other)? PlansOf(Snapshot s) =>
        s.Plan is { } name
        && truth.Facts is { Paused: false } facts
        && string.Equals(facts.Plan, name, StringComparison.Ordinal)
        && plans.Truth.GetValueOrDefault(name) is { Removed: false, Paused: false } own
        && own.ToPlan() is { } now
        && plans.Other[name].ToPlan() is { } then
            ? (now, then)
            : null;

    private void Invent()
    {
        var (slot, createdAt) = schedule.Next!.Value;
        var like = schedule.Neighbour!;
        var id = SnapshotIds.ForOccurrence($"what-if/{like.Plan}", truth.DropletId, slot);
        var invented = new OtherSnapshot(
            new Snapshot
            {
                Id = Streams.OfSnapshot(id),
                SnapshotId = id,
                DropletId = truth.DropletId,
                DropletName = like.DropletName,
                Name = "",
                Plan = like.Plan,
                Scheduled = true,
                RequestedAt = slot,
                Occurrence = like.Occurrence is null ? null : slot,
                Phase = SnapshotPhase.Complete,
                ImageId = books.NextImage(),
                SizeGigabytes = like.SizeGigabytes,
                Regions = like.Regions,
                CreatedAt = createdAt,
                ChangedAt = createdAt,
            },
            invented: true);
        if (PlansOf(like) is not var (own, other))
        {
            // Out of its plan, or paused: the next true one begins anew.
            schedule.Stop();
            return;
        }

        invented.Real = invented.Real with { Name = other.SnapshotName(like.DropletName, slot) };
        all[id] = invented;
        books.OtherBegins(invented.Real, createdAt);
        books.Invented++;
        schedule.Invented(own, other);
        Decide(createdAt);
    }
}
