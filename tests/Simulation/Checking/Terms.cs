using System.Security.Cryptography;
using System.Text;
using DoSnapshot.Contracts;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>What a plan's terms mean, reckoned once more from how they are documented: in whole seconds, and as plainly as can be.</summary>
internal static class Terms
{
    /// <summary>A period in seconds: a number and h, d, w or m for a month of 30 days.</summary>
    public static long Seconds(string period) => long.Parse(period[..^1]) * 3600 * period[^1] switch
    {
        'h' => 1,
        'd' => 24,
        'w' => 24 * 7,
        'm' => 24 * 30,
        _ => throw new FormatException(period),
    };

    /// <summary>The last occurrence of a droplet that is not after a moment.</summary>
    public static DateTimeOffset Latest(string plan, PlanTerms terms, long droplet, DateTimeOffset moment)
    {
        var every = Seconds(terms.Every);
        var into = Modulo(moment.ToUnixTimeSeconds() - Anchor(plan, terms, droplet), every);
        return DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds() - into);
    }

    /// <summary>What a snapshot's spacing is measured from: the occurrence that it was made for, if that was nearest to its making or earlier.</summary>
    public static long Slot(string plan, PlanTerms terms, Shot shot)
    {
        var created = shot.CreatedAt.ToUnixTimeSeconds();
        if (terms.Timing is PlanTiming.Elapsed)
        {
            return created;
        }

        var every = Seconds(terms.Every);
        var into = Modulo(created - Anchor(plan, terms, shot.Droplet), every);
        var nearest = 2 * into <= every ? created - into : created - into + every;
        if (shot.Occurrence?.ToUnixTimeSeconds() is { } occurrence)
        {
            return occurrence <= Math.Max(nearest, created) ? occurrence : nearest;
        }

        // Made for no occurrence: what a rule tells apart must not fall together.
        return terms.Keep.Select(k => Seconds(k.Split(':')[0])).Any(interval => interval > 0 && interval < every) ? created : nearest;
    }

    /// <summary>Whether the rules let a snapshot go, among these.</summary>
    public static bool LetGo(string plan, PlanTerms terms, Shot shot, IEnumerable<Shot> among, DateTimeOffset now)
    {
        var rules = terms.Keep.Select(k => (Interval: Seconds(k.Split(':')[0]), Age: Seconds(k.Split(':')[1]))).OrderByDescending(r => r.Age).ToList();
        var second = now.ToUnixTimeSeconds();
        var rule = RuleOf(shot);
        if (rule < 0)
        {
            return false;
        }

        if (rules[rule].Interval == 0)
        {
            return true;
        }

        long? kept = null;
        foreach (var other in among.Append(shot).DistinctBy(s => s.Image).Where(s => RuleOf(s) == rule)
            .OrderBy(s => Slot(plan, terms, s)).ThenBy(s => s.CreatedAt.ToUnixTimeSeconds()).ThenBy(s => s.Image))
        {
            var slot = Slot(plan, terms, other);
            var stays = kept is null || slot - kept >= rules[rule].Interval;
            if (other.Image == shot.Image)
            {
                return !stays;
            }

            kept = stays ? slot : kept;
        }

        throw new InvalidOperationException("A snapshot is among those of its own rule.");

        int RuleOf(Shot s) => rules.FindIndex(r => r.Age <= second - s.CreatedAt.ToUnixTimeSeconds());
    }

    /// <summary>Any one occurrence, in seconds: the time of day, and the droplet's own place in the spread.</summary>
    private static long Anchor(string plan, PlanTerms terms, long droplet)
    {
        var at = TimeOnly.ParseExact(terms.At, "HH:mm").ToTimeSpan();
        var spread = (ulong)Seconds(terms.Spread);
        var place = spread == 0 ? 0 : (long)(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{plan}/{droplet}"))) % spread);
        return (long)at.TotalSeconds + place;
    }

    private static long Modulo(long number, long divisor) => ((number % divisor) + divisor) % divisor;
}
