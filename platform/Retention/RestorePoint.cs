using System.Runtime.InteropServices;

namespace DoSnapshot.Retention;

/// <summary>
/// A snapshot as retention sees it. Both instants are turned to UTC and cut (not rounded) to whole seconds when they are set.
/// </summary>
/// <param name="Id">The snapshot's identity; of points with the same id only one is judged.</param>
/// <param name="CreatedAt">When the snapshot was made; its age counts from here.</param>
/// <param name="Slot">
/// The instant that spacing is measured from: the schedule's occurrence that the snapshot was made for, or
/// <paramref name="CreatedAt"/> where the time elapsed between snapshots counts.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RestorePoint(long Id, DateTimeOffset CreatedAt, DateTimeOffset Slot)
{
    /// <summary>Makes a point whose spacing is measured from its creation, as the time elapsed between snapshots.</summary>
    /// <param name="id">The snapshot's identity.</param>
    /// <param name="createdAt">When the snapshot was made.</param>
    public RestorePoint(long id, DateTimeOffset createdAt)
        : this(id, createdAt, createdAt)
    {
    }

    /// <summary>When the snapshot was made; UTC, whole seconds.</summary>
    public DateTimeOffset CreatedAt { get; init => field = Instant.Cut(value); } = Instant.Cut(CreatedAt);

    /// <summary>The instant that spacing is measured from; UTC, whole seconds.</summary>
    public DateTimeOffset Slot { get; init => field = Instant.Cut(value); } = Instant.Cut(Slot);

    /// <summary>Orders points from oldest to newest, the same way for any order of input.</summary>
    internal static int CompareAge(RestorePoint left, RestorePoint right)
    {
        int bySlot = left.Slot.UtcTicks.CompareTo(right.Slot.UtcTicks);
        if (bySlot != 0)
        {
            return bySlot;
        }

        int byCreation = left.CreatedAt.UtcTicks.CompareTo(right.CreatedAt.UtcTicks);
        return byCreation != 0 ? byCreation : left.Id.CompareTo(right.Id);
    }

    /// <summary>Orders points so that those with the same id stand together, from oldest to newest.</summary>
    internal static int CompareIdThenAge(RestorePoint left, RestorePoint right)
    {
        int byId = left.Id.CompareTo(right.Id);
        return byId != 0 ? byId : CompareAge(left, right);
    }
}
