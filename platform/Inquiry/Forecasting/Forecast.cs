using System.Collections.Immutable;
using DoSnapshot.Contracts;

namespace DoSnapshot.Inquiry.Forecasting;

/// <summary>The snapshot for whose sake another goes.</summary>
/// <param name="SnapshotId">Our id.</param>
/// <param name="Name">Its name, or the name that it will have.</param>
/// <param name="CreatedAt">When it was made, UTC, or will be.</param>
/// <param name="IsToCome">Whether it is not made yet.</param>
/// <param name="Distance">How far apart the two are, as the rule measures it.</param>
public sealed record ForecastNeighbour(Guid SnapshotId, string Name, DateTimeOffset CreatedAt, bool IsToCome, TimeSpan Distance);

/// <summary>That a snapshot will go.</summary>
/// <param name="At">When it is decided, UTC; the deletion follows within minutes. The forecast's own moment, where it is decided already.</param>
/// <param name="Rule">The rule, as the plan has it; null for one that a person asked for.</param>
/// <param name="PlanVersion">The version of the plan; null for one that a person asked for.</param>
/// <param name="InFavourOf">What is kept in its place; null for a rule that keeps nothing, and where it is decided already.</param>
public sealed record Departure(DateTimeOffset At, string? Rule, int? PlanVersion, ForecastNeighbour? InFavourOf);

/// <summary>Why a snapshot that the rules let go stays.</summary>
/// <param name="Since">From when on, UTC.</param>
/// <param name="Guard">What holds it; null where its deletion was refused for good.</param>
/// <param name="Detail">In words.</param>
public sealed record Hold(DateTimeOffset Since, Guard? Guard, string Detail);

/// <summary>A snapshot, and what will become of it.</summary>
/// <param name="SnapshotId">Our id.</param>
/// <param name="Name">Its name, or the name that it will have.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="DropletName">The droplet's name.</param>
/// <param name="Plan">Its plan; null for none: then no rule ever applies to it.</param>
/// <param name="CreatedAt">When it was made, UTC, or will be.</param>
/// <param name="SizeGigabytes">Its size in GB; of one to come, that of the last one.</param>
/// <param name="IsToCome">Whether it is not made yet.</param>
/// <param name="Goes">When and why it goes; null where it stays until the forecast's end.</param>
/// <param name="Held">What holds it at the end, where the rules let it go; null where nothing has to.</param>
public sealed record ForecastSnapshot(
    Guid SnapshotId,
    string Name,
    long DropletId,
    string DropletName,
    string? Plan,
    DateTimeOffset CreatedAt,
    decimal SizeGigabytes,
    bool IsToCome,
    Departure? Goes,
    Hold? Held);

/// <summary>One day, midnight to midnight UTC; the first from the moment on that the forecast is of, the last up to its end.</summary>
/// <param name="Day">The day.</param>
/// <param name="Snapshots">Snapshots at its end.</param>
/// <param name="Gigabytes">GB stored at its end.</param>
/// <param name="Cost">Dollars that it will cost.</param>
public sealed record ForecastDay(DateOnly Day, int Snapshots, decimal Gigabytes, decimal Cost);

/// <summary>A time between two snapshots of a droplet that are next to each other, in which nothing can be restored.</summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="DropletName">Its name.</param>
/// <param name="From">When the earlier one was made, UTC.</param>
/// <param name="To">When the later one was made, UTC.</param>
public sealed record ForecastGap(long DropletId, string DropletName, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How long it is.</summary>
    public TimeSpan Length => To - From;

    /// <summary>The longer one of this and the longest of some snapshots of one droplet; the earlier one where they are equal.</summary>
    internal static ForecastGap? Longer(ForecastGap? known, IEnumerable<ForecastSnapshot> ofDroplet)
    {
        ForecastSnapshot? last = null;
        foreach (var s in ofDroplet.OrderBy(s => s.CreatedAt))
        {
            if (last is not null && (known is null || s.CreatedAt - last.CreatedAt > known.Length))
            {
                known = new ForecastGap(s.DropletId, s.DropletName, last.CreatedAt, s.CreatedAt);
            }

            last = s;
        }

        return known;
    }
}

/// <summary>
/// What will come, if everything goes on as it is: nobody changes a plan or commands anything, every snapshot is made and copied when it is due, and all are as
/// large as the last one of their droplet. A plan that takes one whenever it is asked foretells none.
/// </summary>
/// <param name="At">The moment it was made, UTC.</param>
/// <param name="Until">Its end, UTC.</param>
/// <param name="Snapshots">Every snapshot that there is, and every one to come that goes before the end; by droplet, oldest first.</param>
/// <param name="Days">Day by day.</param>
/// <param name="Brakes">The brakes that are on or will come on, a sentence each: what they hold stays until they are released.</param>
/// <param name="LeftOut">So many more are to come and go before the end, the last to go, and are no rows: the days count them.</param>
/// <param name="GapNow">The longest time between two neighbours of a droplet among those that are there once what goes at this moment is gone; null with less than two of each.</param>
/// <param name="GapAtEnd">The same at the end, with those that have come by then.</param>
public sealed record Forecast(
    DateTimeOffset At,
    DateTimeOffset Until,
    ImmutableArray<ForecastSnapshot> Snapshots,
    ImmutableArray<ForecastDay> Days,
    ImmutableArray<string> Brakes,
    int LeftOut = 0,
    ForecastGap? GapNow = null,
    ForecastGap? GapAtEnd = null)
{
    /// <summary>What goes, in the order of time.</summary>
    public IEnumerable<ForecastSnapshot> Departures =>
        Snapshots.Where(s => s.Goes is not null).OrderBy(s => s.Goes!.At).ThenBy(s => s.DropletName, StringComparer.Ordinal).ThenBy(s => s.CreatedAt);
}
