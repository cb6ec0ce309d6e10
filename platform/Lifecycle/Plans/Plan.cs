using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using DoSnapshot.Contracts;
using DoSnapshot.Retention;

namespace DoSnapshot.Lifecycle.Plans;

/// <summary>A plan, checked and ready to decide with.</summary>
public sealed partial record Plan
{
    /// <summary>The plan's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version in the log; 0 for one that is not in the log yet.</summary>
    public required int Version { get; init; }

    /// <summary>Droplets with this tag belong to it.</summary>
    public required string Tag { get; init; }

    /// <summary>Start of the snapshots' names, with <c>$droplet</c> and <c>$tag</c> not yet replaced.</summary>
    public required string Prefix { get; init; }

    /// <summary>The time between snapshots.</summary>
    public required Period Every { get; init; }

    /// <summary>Time of day that anchors the schedule, UTC.</summary>
    public required TimeOnly At { get; init; }

    /// <summary>Droplets are spread over this much time after the anchor.</summary>
    public required TimeSpan Spread { get; init; }

    /// <summary>The retention rules.</summary>
    public required RetentionPolicy Keep { get; init; }

    /// <summary>The regions that shall hold a copy of every snapshot.</summary>
    public required ImmutableArray<string> Regions { get; init; }

    /// <summary>The least number of complete snapshots that a removal must leave.</summary>
    public required int KeepAtLeast { get; init; }

    /// <summary>How it is measured when the next snapshot is due.</summary>
    public required PlanTiming Timing { get; init; }

    /// <summary>The start of the names of snapshots of a droplet with this name.</summary>
    public string PrefixFor(string dropletName) => Prefix
        .Replace("$droplet", dropletName, StringComparison.Ordinal)
        .Replace("$tag", Tag, StringComparison.Ordinal);

    /// <summary>The name of a snapshot that is asked for at this moment: the prefix and the time, as do-snapshot.py writes it.</summary>
    public string SnapshotName(string dropletName, DateTimeOffset now) =>
        PrefixFor(dropletName) + now.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// Whether a snapshot's name is one that this plan gives: the prefix made from one of the droplet's names, then a time and nothing else.
    /// Stricter than do-snapshot.py, which takes every name that contains the prefix.
    /// </summary>
    public bool Names(string snapshotName, IEnumerable<string> dropletNames) => dropletNames
        .Select(PrefixFor)
        .Any(prefix => snapshotName.StartsWith(prefix, StringComparison.Ordinal) && Stamp().IsMatch(snapshotName[prefix.Length..]));

    /// <summary>Reads a plan's terms.</summary>
    /// <exception cref="PlanException">A term cannot be read; the message names the term and quotes its value.</exception>
    public static Plan From(string name, int version, PlanTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var plan = new Plan
        {
            Name = PlanTermsReader.Name(name),
            Version = version,
            Tag = PlanTermsReader.Tag(terms.Tag),
            Prefix = PlanTermsReader.Prefix(terms.Prefix),
            Every = PlanTermsReader.Every(terms.Every, terms.Timing),
            At = PlanTermsReader.At(terms.At),
            Spread = PlanTermsReader.Spread(terms.Spread),
            Keep = PlanTermsReader.Keep(terms.Keep),
            Regions = PlanTermsReader.Regions(terms.Regions),
            KeepAtLeast = PlanTermsReader.KeepAtLeast(terms.KeepAtLeast),
            Timing = PlanTermsReader.Timing(terms.Timing),
        };
        return plan.Timing is PlanTiming.Elapsed || plan.Spread < plan.Every.Duration
            ? plan
            : throw new PlanException("spread", terms.Spread, $"it must be shorter than every ('{terms.Every}')");
    }

    [GeneratedRegex(@"^[0-9]{8}T[0-9]{6}Z\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Stamp();
}
