using DoSnapshot.Contracts;

namespace DoSnapshot.Planner;

/// <summary>
/// Whether what was seen of the droplets that no plan covers is to be written. Each time it is, it is an entry for people to read and a list that every decision
/// about the fleet reads with the account. Where droplets with tags come and go by themselves, that would be an event with every look, for ever, which says the
/// same: one that is no more, and one that came in the place of another with the same tags, wait until what was written is almost a day old.
/// </summary>
internal static class UncoveredNews
{
    /// <summary>With a look each hour, nothing is named for longer than a day that is no more.</summary>
    private static readonly TimeSpan Stands = TimeSpan.FromHours(23);

    /// <summary>Whether what is seen is news, or what was written has stood for long enough.</summary>
    /// <param name="before">What was written last; null for nothing.</param>
    /// <param name="seen">What is seen now.</param>
    /// <param name="there">Every droplet that is there, covered or not.</param>
    /// <param name="known">Those that were in a plan.</param>
    public static bool AreWorthAnEvent(DropletsUncovered? before, DropletsUncovered seen, IReadOnlySet<long> there, IReadOnlySet<long> known)
    {
        var named = before?.Droplets ?? [];
        // That every droplet is covered is not news where nobody was told otherwise.
        if ((before?.LeftOut ?? 0) == seen.LeftOut && named.SequenceEqual(seen.Droplets, Same.Droplet))
        {
            return false;
        }

        // Of those that are not named nothing more is known than how many they are.
        if (before is null || seen.LeftOut > before.LeftOut || (seen.At - before.At).Duration() >= Stands)
        {
            return true;
        }

        var now = seen.Droplets.ToDictionary(d => d.DropletId);
        var (kinds, earlier) = (Kinds(named), named.Select(d => d.DropletId).ToHashSet());
        // Somebody did something about it: gave it another tag or name, or a plan.
        return named.Any(d => now.TryGetValue(d.DropletId, out var it) ? !Same.Droplet.Equals(d, it) : there.Contains(d.DropletId) || known.Contains(d.DropletId))
            || seen.Droplets.Any(d => !earlier.Contains(d.DropletId) && known.Contains(d.DropletId))
            || Kinds(seen.Droplets).Any(kind => kind.Value > kinds.GetValueOrDefault(kind.Key));
    }

    /// <summary>How many there are with the same tags.</summary>
    private static Dictionary<string, int> Kinds(IEnumerable<UncoveredDroplet> droplets) =>
        droplets.GroupBy(d => string.Join('\n', d.Tags), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    private sealed class Same : IEqualityComparer<UncoveredDroplet>
    {
        public static readonly Same Droplet = new();

        public bool Equals(UncoveredDroplet? x, UncoveredDroplet? y) =>
            x?.DropletId == y?.DropletId && string.Equals(x?.Name, y?.Name, StringComparison.Ordinal) && (x?.Tags ?? []).SequenceEqual(y?.Tags ?? [], StringComparer.Ordinal);

        public int GetHashCode(UncoveredDroplet obj) => obj.DropletId.GetHashCode();
    }
}
