using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>
/// One droplet in the other world. What the rules of both worlds let go at a moment goes as in truth: when the planner got round to it, or not, where something
/// held it. What the other rules alone let go, goes at once; what the true rules alone let go, stays. So the same rules make the same world.
/// </summary>
internal sealed partial class OtherDroplet(DropletReplay truth, OtherPlans plans, WhatIfTerms terms, WhatIfBooks books)
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
            case SnapshotPinned or SnapshotUnpinned or RetryRequested or TransferCompleted or TransferFailed:
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
}
