using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>
/// One droplet in the other world. What the rules of both worlds let go at a moment goes as in truth: when the planner got round to it, or not, where something
/// held it. What the other rules alone let go, goes at once; what the true rules alone let go, stays. So the same rules make the same world.
/// </summary>
internal sealed class OtherDroplet(DropletReplay truth, OtherPlans plans, WhatIfTerms terms, WhatIfBooks books)
{
    private static readonly TimeSpan AfterWithdrawal = TimeSpan.FromMinutes(10);

    private readonly Dictionary<Guid, OtherSnapshot> all = [];
    private readonly OtherSchedule schedule = new();
    private DateTimeOffset? nextChange = terms.From;
    private (DateTimeOffset At, Dictionary<Guid, string?> Leaving)? decision;

    /// <summary>Every snapshot that is in one of the worlds.</summary>
    public IEnumerable<OtherSnapshot> Snapshots => all.Values;

    private string Name(Snapshot s) => truth.Facts?.Name ?? s.DropletName;

    /// <summary>Lets time pass in the other world, up to a moment and not including it.</summary>
    public void Advance(DateTimeOffset moment)
    {
        while (true)
        {
            var (change, made) = (nextChange, schedule.Next?.CreatedAt);
            if (made < moment && !(change < made))
            {
                Invent();
            }
            else if (change < moment)
            {
                nextChange = null;
                Decide(change.Value);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Right before an event is folded: an expiry is decided in the other world as well, on what was known before it.</summary>
    public void Before(object @event)
    {
        if (@event is SnapshotExpired { Origin: Origin.Plan } e)
        {
            if (decision?.At != e.DecidedAt)
            {
                Decide(e.DecidedAt);
            }
        }
        else if (decision is { } made && !(@event is SnapshotRequested or SnapshotFailed or ExpiryHeld or BrakeApplied or TransferRequested && Moments.Of(@event) == made.At))
        {
            decision = null;
        }
    }

    /// <summary>Right after an event is folded.</summary>
    /// <param name="event">The event.</param>
    /// <param name="s">The snapshot as the log knows it now; null for an event of the droplet.</param>
    /// <param name="at">The moment, UTC.</param>
    public void After(object @event, Snapshot? s, DateTimeOffset at)
    {
        if (s is null)
        {
            Redecide(at);
            return;
        }

        if (@event is SnapshotCompleted or SnapshotDiscovered && s is { IsComplete: true, CreatedAt: not null })
        {
            Complete(s, at);
            Redecide(at);
            return;
        }

        if (!all.TryGetValue(s.SnapshotId, out var known))
        {
            return;
        }

        known.Real = s;
        switch (@event)
        {
            case SnapshotExpired e:
                Expire(known, e);
                break;
            case ExpiryWithdrawn or PruneRefused:
                TakeBack(known, @event, at);
                break;
            case SnapshotPruned:
                End(known, new Fate(s.Expiry?.Origin is Origin.Manual ? FateKind.Removed : FateKind.Deleted, at, s.Expiry?.Rule), at);
                break;
            case SnapshotLost:
                Lose(known, at);
                break;
            case SnapshotPinned or SnapshotUnpinned or TransferCompleted or TransferFailed:
                Redecide(at);
                break;
            default:
                break;
        }
    }

    private bool HasBegun(DateTimeOffset at) => !(at < terms.From);

    private void Redecide(DateTimeOffset at)
    {
        if (HasBegun(at) && all.Count > 0)
        {
            Decide(at);
        }
    }

    private void Complete(Snapshot s, DateTimeOffset at)
    {
        if (all.TryGetValue(s.SnapshotId, out var known))
        {
            // Lost, and found again: in both worlds, as it was lost in both.
            known.Real = s;
            if (known.Truth.Kind is not FateKind.Exists)
            {
                books.TruthBegins(s, at);
                known.Truth = Fate.Exists;
            }

            if (known.Other.Kind is FateKind.Lost)
            {
                books.OtherBegins(s, at);
                (known.Other, known.State) = (Fate.Exists, OtherState.There);
            }

            return;
        }

        all[s.SnapshotId] = known = new OtherSnapshot(s);
        books.TruthBegins(s, s.CreatedAt!.Value);
        if (IsWanted(known, at))
        {
            books.OtherBegins(s, s.CreatedAt.Value);
        }
        else
        {
            (known.State, known.Other) = (OtherState.Ended, Fate.NeverMade);
            books.NeverMade++;
        }
    }

    private bool IsWanted(OtherSnapshot made, DateTimeOffset at)
    {
        var s = made.Real;
        if (terms.Every is null || !HasBegun(at) || !terms.Covers(s.Plan) || PlansOf(s) is not var (own, other) || own.Every.Duration == other.Every.Duration)
        {
            return true;
        }

        (var isWanted, made.Occurrence) = schedule.Made(s, own, other);
        return isWanted;
    }

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

    private void Expire(OtherSnapshot known, SnapshotExpired e)
    {
        if (known.State is not OtherState.There)
        {
            return;
        }

        if (e.Origin is Origin.Manual || !HasBegun(e.DecidedAt))
        {
            (known.State, known.Rule) = (OtherState.GoesAsInTruth, e.Rule);
        }
        else if (decision is { } made && made.Leaving.TryGetValue(e.SnapshotId, out var rule))
        {
            (known.State, known.Rule) = (OtherState.GoesAsInTruth, rule);
        }
    }

    private void TakeBack(OtherSnapshot known, object @event, DateTimeOffset at)
    {
        if (known.State is OtherState.GoesAsInTruth)
        {
            known.State = OtherState.There;
        }

        Redecide(at);
        if (@event is ExpiryWithdrawn { Guard: Guard.StaleDecision or Guard.NoLongerExpired })
        {
            Wake(at + AfterWithdrawal);
        }
    }

    private void Lose(OtherSnapshot known, DateTimeOffset at)
    {
        if (known.State is OtherState.There)
        {
            known.State = OtherState.GoesAsInTruth;
        }

        End(known, new Fate(FateKind.Lost, at), at);
    }

    /// <summary>It ends in truth, and in the other world if it goes as in truth.</summary>
    private void End(OtherSnapshot known, Fate fate, DateTimeOffset at)
    {
        books.TruthEnds(known.Real, at);
        known.Truth = fate;
        if (known.State is OtherState.GoesAsInTruth)
        {
            books.OtherEnds(known.Real, at);
            (known.State, known.Other) = (OtherState.Ended, fate with { Rule = known.Rule });
        }

        // One that was lost may be found again.
        if (known.IsOver && fate.Kind is not FateKind.Lost)
        {
            Close(known);
        }

        Redecide(at);
    }

    private void Close(OtherSnapshot known)
    {
        all.Remove(known.Real.SnapshotId);
        books.Over(known.Row(Name(known.Real)));
    }

    private void Wake(DateTimeOffset at) => nextChange = nextChange < at ? nextChange : at;

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
}
