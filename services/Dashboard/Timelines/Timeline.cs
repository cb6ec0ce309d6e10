using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Timelines;

/// <summary>A snapshot in a lane.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="X">Where it stands, in thousandths of the width.</param>
/// <param name="Mark">How it is drawn.</param>
/// <param name="IsGhost">Whether it is gone.</param>
internal sealed record TimelineMark(SnapshotShape Snapshot, double X, string Mark, bool IsGhost);

/// <summary>A region with its snapshots.</summary>
/// <param name="Region">The region; empty for what is in none, since it was not made, or not yet.</param>
/// <param name="Marks">Oldest first.</param>
internal sealed record TimelineLane(string Region, IReadOnlyList<TimelineMark> Marks);

/// <summary>A moment on the line.</summary>
/// <param name="At">The moment, UTC.</param>
/// <param name="X">Where it stands, in thousandths of the width.</param>
internal sealed record TimelineTick(DateTimeOffset At, double X);

/// <summary>A droplet's snapshots on a line of time, a lane for each region.</summary>
/// <param name="From">Its beginning, UTC.</param>
/// <param name="Until">Its end, UTC.</param>
/// <param name="Lanes">The droplet's own region first: where most were made.</param>
/// <param name="Ticks">Moments to go by.</param>
/// <param name="Cut">Snapshots that are older than its beginning.</param>
internal sealed record Timeline(DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<TimelineLane> Lanes, IReadOnlyList<TimelineTick> Ticks, int Cut)
{
    /// <summary>The width that places are reckoned in.</summary>
    public const double Width = 1000;

    private const int WantedTicks = 6;

    /// <summary>Days between two ticks, the least that makes few enough.</summary>
    private static readonly double[] Steps = [1.0 / 24, 0.125, 0.25, 0.5, 1, 2, 7, 14, 30, 91, 182, 365];

    /// <summary>A line.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <param name="now">The moment: its end, and a little more.</param>
    /// <param name="span">How far back; null for all there is.</param>
    /// <param name="aheadAt">How far the clock that is shown is ahead of UTC at a moment: days begin by it; null for UTC.</param>
    public static Timeline Of(IReadOnlyCollection<SnapshotShape> snapshots, DateTimeOffset now, TimeSpan? span, Func<DateTimeOffset, TimeSpan>? aheadAt = null)
    {
        var oldest = snapshots.Count == 0 ? now.AddDays(-1) : snapshots.Min(s => s.Moment());
        var from = span is { } back && now - back > oldest ? now - back : oldest;
        if (now - from < TimeSpan.FromHours(1))
        {
            from = now.AddHours(-1);
        }

        // Room for what stands at either end.
        var room = (now - from) / 50;
        var (first, last) = (from - room, now + room);
        var marks = snapshots.Where(s => s.Moment() >= from).OrderBy(s => s.Moment()).ToList();
        var home = marks.Where(s => s.WasMade()).SelectMany(s => s.Regions.Except(s.Transfers.Select(t => t.Region), StringComparer.Ordinal))
            .GroupBy(r => r, StringComparer.Ordinal).MaxBy(g => g.Count())?.Key;
        var regions = marks.SelectMany(s => s.Regions).Distinct(StringComparer.Ordinal)
            .OrderBy(r => !string.Equals(r, home, StringComparison.Ordinal)).ThenBy(r => r, StringComparer.Ordinal);
        List<TimelineLane> lanes = [.. regions.Select(r => new TimelineLane(r, [.. marks.Where(s => s.Regions.Contains(r, StringComparer.Ordinal)).Select(Mark)]))];
        if (marks.Any(s => s.Regions.Length == 0))
        {
            lanes.Add(new TimelineLane("", [.. marks.Where(s => s.Regions.Length == 0).Select(Mark)]));
        }

        return new Timeline(first, last, lanes, [.. TicksOf(first, last, aheadAt?.Invoke(last) ?? TimeSpan.Zero).Select(t => new TimelineTick(t, Place(t)))], snapshots.Count - marks.Count);

        double Place(DateTimeOffset at) => Math.Round((at - first) / (last - first) * Width, 1);
        TimelineMark Mark(SnapshotShape s) => new(s, Place(s.Moment()), s.Mark(), s.IsGone());
    }

    private static IEnumerable<DateTimeOffset> TicksOf(DateTimeOffset from, DateTimeOffset until, TimeSpan ahead)
    {
        var days = (until - from).TotalDays;
        var step = TimeSpan.FromDays(Steps.FirstOrDefault(s => days / s <= WantedTicks, Steps[^1]));
        var first = new DateTimeOffset(((((from.UtcTicks + ahead.Ticks) / step.Ticks) + 1) * step.Ticks) - ahead.Ticks, TimeSpan.Zero);
        for (var at = first; at < until; at += step)
        {
            yield return at;
        }
    }
}
