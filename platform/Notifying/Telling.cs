using System.Collections.Immutable;
using DoSnapshot.Hosting.Notices;

namespace DoSnapshot.Notifying;

/// <summary>What is to be told now, and what the book says once it was.</summary>
/// <param name="Notices">What to tell, worst first; empty when there is nothing.</param>
/// <param name="Written">What the book has to say of what was told, and of what has just gone.</param>
/// <param name="Over">The keys that the book forgets.</param>
/// <param name="Silent">What the book has to say whether or not anything is told.</param>
public sealed record TellingPlan(
    ImmutableArray<Notice> Notices, ImmutableArray<ToldNotice> Written, ImmutableArray<string> Over, ImmutableArray<ToldNotice> Silent);

/// <summary>
/// Decides what is told: each condition once when it comes on, again after a while if it lasts, and once when it is over. One that goes and comes back
/// within minutes is neither over nor new.
/// </summary>
public static class Telling
{
    /// <summary>A condition is over when it has been gone for this long.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);

    /// <summary>Decides.</summary>
    /// <param name="on">The conditions that are on.</param>
    /// <param name="open">The keys of those of which it is not known yet whether they are: they are neither new nor over.</param>
    /// <param name="told">What was told and is not over. What is of the future was written by a clock that was wrong, and counts as of now.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="repeatAfter">After how long a condition that lasts is told again.</param>
    public static TellingPlan Decide(
        IReadOnlyList<Condition> on, IReadOnlySet<string> open, IReadOnlyList<ToldNotice> told, DateTimeOffset now, TimeSpan repeatAfter)
    {
        ArgumentNullException.ThrowIfNull(on);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(told);
        var present = on.GroupBy(c => c.Key, StringComparer.Ordinal).Select(g => g.First()).ToList();
        List<ToldNotice> past = [.. told.Select(t => NotLaterThan(now, t))];
        var known = past.ToDictionary(t => t.Key, StringComparer.Ordinal);
        var notices = new List<Notice>();
        var silent = past.Except(told).ToDictionary(t => t.Key, StringComparer.Ordinal);
        foreach (var condition in present)
        {
            if (!known.TryGetValue(condition.Key, out var before))
            {
                notices.Add(new Notice(NoticeState.On, condition));
            }
            else if (now - before.ToldAt >= repeatAfter)
            {
                notices.Add(new Notice(NoticeState.StillOn, condition, before.ToldAt));
            }
            else if (before.GoneSince is not null)
            {
                // Back before anybody was told that it had gone.
                silent[before.Key] = before with { GoneSince = null };
            }
        }

        var keys = present.Select(c => c.Key).ToHashSet(StringComparer.Ordinal);
        var over = new List<string>();
        foreach (var gone in past.Where(t => !keys.Contains(t.Key) && !open.Contains(t.Key)))
        {
            if (gone.GoneSince is not { } since)
            {
                silent[gone.Key] = gone with { GoneSince = now };
            }
            else if (now - since >= Settled)
            {
                over.Add(gone.Key);
                notices.Add(new Notice(NoticeState.Over, new Condition(gone.Key, gone.Kind, Of(gone.Severity), gone.Since, gone.Text, gone.DropletId, gone.SnapshotId), gone.ToldAt));
            }
        }

        return new TellingPlan(
            [
                .. notices.OrderBy(n => n.State is NoticeState.Over)
                    .ThenByDescending(n => n.Condition.Severity)
                    .ThenBy(n => n.Condition.Since)
                    .ThenBy(n => n.Condition.Key, StringComparer.Ordinal),
            ],
            [
                .. notices.Where(n => n.State is not NoticeState.Over)
                    .Select(n => Written(n.Condition, now)),
            ],
            [.. over],
            [.. silent.Values]);
    }

    private static ToldNotice NotLaterThan(DateTimeOffset now, ToldNotice told) =>
        told with { ToldAt = told.ToldAt > now ? now : told.ToldAt, GoneSince = told.GoneSince > now ? now : told.GoneSince };

    private static ToldNotice Written(Condition c, DateTimeOffset now) =>
        new(c.Key, c.Kind, c.Severity.ToString(), c.Text, c.Since, now, GoneSince: null, c.DropletId, c.SnapshotId);

    private static Severity Of(string text) => Enum.TryParse<Severity>(text, out var severity) ? severity : Severity.Warning;
}
