using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>
/// Which snapshots of a droplet another interval would have asked for. A longer one does without some of the true ones; a shorter one is answered by invented
/// ones in between, as long as the true planner was at work: up to when its own next was due.
/// </summary>
internal sealed class OtherSchedule
{
    private DateTimeOffset? newest;
    private DateTimeOffset? lastSlot;

    /// <summary>The one that was made last in truth, whose size an invented one takes.</summary>
    public Snapshot? Neighbour { get; private set; }

    /// <summary>When the next is to be invented, and for which moment; null when none is.</summary>
    public (DateTimeOffset Slot, DateTimeOffset CreatedAt)? Next { get; private set; }

    /// <summary>Notes a true snapshot of the plan.</summary>
    /// <param name="s">The snapshot, complete.</param>
    /// <param name="truth">The plan as it is.</param>
    /// <param name="other">The plan as it would be.</param>
    /// <returns>Whether it would have been asked for; and the moment of the other schedule that it answers, where that has such.</returns>
    public (bool IsWanted, DateTimeOffset? Slot) Made(Snapshot s, Plan truth, Plan other)
    {
        DateTimeOffset? slot = other.Timing is PlanTiming.Anchored ? new AnchoredSchedule(other, s.DropletId).Latest(s.RequestedAt) : null;
        // One that a person asked for, or that was found, is there whatever the schedule says, and answers it.
        var isWanted = !s.Scheduled || (slot is { } occurrence
            ? !(newest >= occurrence)
            : Retention.Schedule.IsDue(newest, other.Every, s.RequestedAt));
        if (isWanted)
        {
            Note(s.CreatedAt!.Value, slot);
        }

        if (s.Scheduled)
        {
            Neighbour = s;
        }

        LookAhead(truth, other);
        return (isWanted, slot);
    }

    /// <summary>Notes that the next was invented.</summary>
    public void Invented(Plan truth, Plan other)
    {
        Note(Next!.Value.CreatedAt, Next.Value.Slot);
        LookAhead(truth, other);
    }

    /// <summary>Nothing is invented until the next true one.</summary>
    public void Stop() => Next = null;

    private void Note(DateTimeOffset createdAt, DateTimeOffset? slot)
    {
        newest = newest > createdAt ? newest : createdAt;
        lastSlot = slot > lastSlot || lastSlot is null ? slot : lastSlot;
    }

    private void LookAhead(Plan truth, Plan other)
    {
        Next = null;
        if (Neighbour is not { } neighbour || newest is not { } last || other.Every.Duration <= TimeSpan.Zero || other.Every.Duration >= truth.Every.Duration)
        {
            return;
        }

        var lag = neighbour.CreatedAt!.Value - (neighbour.Occurrence ?? neighbour.RequestedAt);
        if (other.Timing is PlanTiming.Anchored)
        {
            var slot = new AnchoredSchedule(other, neighbour.DropletId).Next(lastSlot > last ? lastSlot.Value : last);
            var due = new AnchoredSchedule(truth, neighbour.DropletId).Next(neighbour.RequestedAt);
            Next = slot < due ? (slot, slot + lag) : null;
        }
        else
        {
            var slot = last + other.Every.Duration;
            Next = slot < neighbour.CreatedAt.Value + truth.Every.Duration ? (slot, slot + lag) : null;
        }
    }
}
