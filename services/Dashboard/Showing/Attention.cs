using System.Globalization;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Showing;

/// <summary>Something that somebody should look at.</summary>
/// <param name="Rank">Lower is worse.</param>
/// <param name="Kind">What it is, as a word.</param>
/// <param name="DropletId">The droplet.</param>
/// <param name="Droplet">Its name.</param>
/// <param name="Text">In words.</param>
/// <param name="Since">Since when; null where that is not known.</param>
/// <param name="RetryAt">When it is tried again by itself; null where it is not.</param>
/// <param name="SnapshotId">The snapshot that can be tried again at once; null where there is none.</param>
/// <param name="HasPage">Whether the log knows more of the droplet than this.</param>
internal sealed record AttentionItem(
    int Rank, string Kind, long DropletId, string Droplet, string Text, DateTimeOffset? Since = null, DateTimeOffset? RetryAt = null, Guid? SnapshotId = null, bool HasPage = true)
{
    /// <summary>What is tried again at once, in words; null where nothing can be.</summary>
    public string? Retried { get; init; }
}

/// <summary>What somebody should look at, worst first.</summary>
internal static class Attention
{
    private const int LastOfAlarms = 100;
    private const int Unplanned = LastOfAlarms + 5;

    /// <summary>As the alarms of the log are ranked: a droplet that is off is the worst.</summary>
    private static readonly string[] Alarms =
        ["left-powered-off", "no-good-snapshot", "lost", "transfer-overdue", "deletion-fails", "left-alone", "given-up", "not-removed"];

    /// <summary>All of it.</summary>
    /// <param name="status">How the droplets stand.</param>
    /// <param name="uncovered">Those that no plan covers; null where that is not known yet.</param>
    public static IReadOnlyList<AttentionItem> Of(StatusShape status, UncoveredShape? uncovered = null) =>
        [.. status.Droplets.SelectMany(Of).Concat(Of(uncovered, status.Droplets)).GroupBy(i => i.DropletId).SelectMany(OnceUnplanned).OrderBy(i => i.Rank).ThenBy(i => i.Since ?? DateTimeOffset.MaxValue).ThenBy(i => i.Droplet, StringComparer.Ordinal)];

    private static IEnumerable<AttentionItem> Of(UncoveredShape? uncovered, DropletShape[] droplets)
    {
        var left = droplets.Where(d => d.LeftPlans.Length > 0).ToDictionary(d => d.DropletId, d => d.LeftPlans);
        return (uncovered?.Droplets ?? []).Select(d => new AttentionItem(Unplanned, "unplanned", d.DropletId, d.Name, Why(d, left.GetValueOrDefault(d.DropletId) ?? []), d.Since, HasPage: HasPage(d)));
    }

    private static string Why(UncoveredDropletShape d, LeftPlanShape[] left)
    {
        if (d.Gone)
        {
            return $"It was destroyed. {Moments.Count(d.Snapshots, "snapshot")} of it {(d.Snapshots == 1 ? "is" : "are")} left: look whether {(d.Snapshots == 1 ? "it is" : "they are")} to stay."
                + (left.Length == 0 ? "" : $" {GoOn(left)}.");
        }

        return $"{(d.Plan is { } plan ? $"It was in plan '{plan}' and is in none" : "It is in no plan")}: {d.Why}. No new snapshot is taken"
            + (left.Length > 0 ? $". {GoOn(left)}." : d.Snapshots > 0 ? $", and none of its {d.Snapshots} expires by rule." : ".")
            + (HasPage(d) ? "" : " Give it a plan's tag, or the tag that keeps droplets out of one.");
    }

    /// <summary>Of a plan that says so for what it leaves.</summary>
    private static string GoOn(LeftPlanShape[] left) =>
        $"The rules of {PauseWords.Named([.. left.Select(p => $"'{p.Name}'")])} go on for the snapshots that {(left.Length == 1 ? "it" : "they")} left here, unless a pause holds them";

    /// <summary>Of one that was in a plan the log has more to tell, and of one with snapshots.</summary>
    private static bool HasPage(UncoveredDropletShape d) => d.Plan is not null || d.Since is not null || d.Snapshots > 0;

    /// <summary>
    /// Whether a droplet of a plan has no good snapshot at all, and that is not just because its first is being made. One that has none for too long is an alarm.
    /// </summary>
    public static bool HasNoneLeft(DropletShape d) =>
        d is { Plan: not null, LastGood: null } && !string.Equals(d.State, "paused", StringComparison.Ordinal)
        && !d.Alarms.Any(a => string.Equals(a.Kind, "no-good-snapshot", StringComparison.Ordinal))
        && (d.Alarms.Length > 0 || d.Failure is not null || d.Pending.Any(p => p.Trouble is not null));

    /// <summary>That a droplet is in no plan is said once: with why, where that is known.</summary>
    private static IEnumerable<AttentionItem> OnceUnplanned(IEnumerable<AttentionItem> ofDroplet)
    {
        List<AttentionItem> all = [.. ofDroplet];
        return all.Count(i => i.Rank == Unplanned) > 1 ? all.Where(i => i.Rank != Unplanned).Append(all.Last(i => i.Rank == Unplanned)) : all;
    }

    private static IEnumerable<AttentionItem> Of(DropletShape d)
    {
        foreach (var alarm in d.Alarms)
        {
            yield return new AttentionItem(RankOf(alarm.Kind), alarm.Kind, d.DropletId, d.Name, alarm.Text, alarm.Since);
        }

        if (d.Failure is { } failure)
        {
            yield return new AttentionItem(LastOfAlarms + 1, "failed", d.DropletId, d.Name, $"The last snapshot was given up: {failure}");
        }

        foreach (var p in d.Pending.Where(p => p.Trouble is not null))
        {
            yield return new AttentionItem(LastOfAlarms + 2, "deferred", d.DropletId, d.Name, $"'{p.Name}', attempt {p.Attempts}: {p.Trouble}", p.RequestedAt, p.RetryAt, p.RetryAt is null ? null : p.SnapshotId)
            {
                Retried = p.RetryAt is null ? null : $"The snapshot '{p.Name}' of {Named(d)}, attempt {p.Attempts}: {p.Trouble}",
            };
        }

        // Dozens of old snapshots of one droplet may wait for the same.
        foreach (var same in d.Transfers.Where(t => t.Trouble is not null).GroupBy(t => (t.Region, t.Trouble)))
        {
            var (many, tried) = (same.Count(), same.FirstOrDefault(CanBeTried));
            var what = many > 1 ? $"{many} copies" : $"The copy of '{same.First().Name}'";
            yield return new AttentionItem(
                LastOfAlarms + 3, "copy-deferred", d.DropletId, d.Name, $"{what} to {same.Key.Region}: {same.Key.Trouble}", RetryAt: same.Min(t => t.RetryAt), SnapshotId: tried?.SnapshotId)
            {
                // It is one of them that is tried, and not all.
                Retried = tried is null ? null : $"The copy of '{tried.Name}' of {Named(d)} to {same.Key.Region}{(many > 1 ? $", one of {many} that wait for the same" : "")}: {same.Key.Trouble}",
            };
        }

        if (string.Equals(d.State, "overlap", StringComparison.Ordinal))
        {
            yield return new AttentionItem(LastOfAlarms + 4, "overlap", d.DropletId, d.Name, "Several plans claim it, so that nothing of it expires: leave it the tag of one.");
        }

        if (string.Equals(d.State, "unplanned", StringComparison.Ordinal))
        {
            yield return new AttentionItem(
                Unplanned, "unplanned", d.DropletId, d.Name, $"It has {Moments.Count(d.Snapshots, "snapshot")} and is in no plan: no new one is taken{(d.LeftPlans.Length == 0 ? ", and none expires by rule" : $". {GoOn(d.LeftPlans)}")}.");
        }
    }

    /// <summary>A name may be several droplets'.</summary>
    private static string Named(DropletShape d) => string.Create(CultureInfo.InvariantCulture, $"{d.Name} ({d.DropletId})");

    /// <summary>What is at work, or not asked for yet, is not to be tried at once.</summary>
    private static bool CanBeTried(CopyShape copy) => copy.RetryAt is not null || string.Equals(copy.Phase, "failed", StringComparison.Ordinal);

    private static int RankOf(string kind) => Array.IndexOf(Alarms, kind) is var at and >= 0 ? at : LastOfAlarms;
}
