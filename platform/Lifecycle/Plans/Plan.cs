using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using DoSnapshot.Contracts;
using DoSnapshot.Retention;

namespace DoSnapshot.Lifecycle.Plans;

/// <summary>A plan, checked and ready to decide with.</summary>
public sealed partial record Plan
{
    private const string StampFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The plan's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version in the log; 0 for one that is not in the log yet.</summary>
    public required int Version { get; init; }

    /// <summary>Droplets with this tag belong to it.</summary>
    public required string Tag { get; init; }

    /// <summary>Droplets with this tag do not belong to it; null for none.</summary>
    public string? OptOutTag { get; init; }

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

    /// <summary>What becomes of the snapshots whose droplet is no more or left the plan, and of all if the plan is removed.</summary>
    public OrphanHandling Orphans { get; init; }

    /// <summary>Whether expiry stops for an operator when too much would go at once.</summary>
    public bool Brakes { get; init; }

    /// <summary>Whether its droplets run while their snapshots are taken.</summary>
    public SnapshotConsistency Consistency { get; init; }

    /// <summary>What becomes of a droplet that does not shut down in time.</summary>
    public ForcedPowerOff ForcePowerOff { get; init; }

    /// <summary>The start of the names of snapshots of a droplet with this name.</summary>
    public string PrefixFor(string dropletName) => Prefix
        .Replace("$droplet", dropletName, StringComparison.Ordinal)
        .Replace("$tag", Tag, StringComparison.Ordinal);

    /// <summary>The name of a snapshot that is asked for at this moment: the prefix and the time, as do-snapshot.py writes it.</summary>
    public string SnapshotName(string dropletName, DateTimeOffset now) =>
        PrefixFor(dropletName) + now.ToUniversalTime().ToString(StampFormat, CultureInfo.InvariantCulture);

    /// <summary>
    /// Whether a snapshot's name is one that this plan gives: the prefix made from one of the droplet's names, then a time and nothing else.
    /// Stricter than do-snapshot.py, which takes every name that contains the prefix.
    /// </summary>
    public bool Names(string snapshotName, IEnumerable<string> dropletNames) => dropletNames
        .Select(PrefixFor)
        .Any(prefix => snapshotName.StartsWith(prefix, StringComparison.Ordinal) && IsStamp(snapshotName[prefix.Length..]));

    /// <summary>
    /// Whether a droplet with these tags belongs to the plan. DigitalOcean's tags do not mind their case.
    /// </summary>
    public bool Claims(IReadOnlyCollection<string> tags) => tags.Contains(Tag, StringComparer.OrdinalIgnoreCase) && !OptsOut(tags);

    /// <summary>Whether a droplet with these tags is kept out of the plan, whether or not it has the plan's own.</summary>
    public bool OptsOut(IReadOnlyCollection<string> tags) => OptOutTag is not null && tags.Contains(OptOutTag, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a plan's terms.</summary>
    /// <exception cref="PlanException">A term cannot be read; the message names the term and quotes its value.</exception>
    public static Plan From(string name, int version, PlanTerms terms)
    {
        var reader = new PlanTermsReader();
        var plan = Read(name, version, terms, reader);
        return reader.Problems is [] ? plan : throw new PlanException(reader.Problems[0]);
    }

    /// <summary>Everything that is wrong with a plan's terms; empty when <see cref="From"/> reads them.</summary>
    public static IReadOnlyList<PlanProblem> Problems(string name, PlanTerms terms)
    {
        var reader = new PlanTermsReader();
        _ = Read(name, 0, terms, reader);
        return reader.Problems;
    }

    private static Plan Read(string name, int version, PlanTerms terms, PlanTermsReader reader)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var timing = reader.Timing(terms.Timing);
        var tag = reader.Tag(terms.Tag);
        var every = reader.Every(terms.Every, timing);
        return new Plan
        {
            Name = reader.Name(name),
            Version = version,
            Tag = tag,
            OptOutTag = reader.OptOutTag(terms.OptOutTag, tag),
            Prefix = reader.Prefix(terms.Prefix),
            Every = every,
            At = reader.At(terms.At),
            Spread = reader.Spread(terms.Spread, terms.Every, every, timing),
            Keep = reader.Keep(terms.Keep),
            Regions = reader.Regions(terms.Regions),
            KeepAtLeast = reader.KeepAtLeast(terms.KeepAtLeast),
            Timing = timing,
            Orphans = reader.Orphans(terms.Orphans),
            Brakes = reader.Brake(terms.Brake) is BrakeSetting.On,
            Consistency = reader.Consistency(terms.Consistency),
            ForcePowerOff = reader.ForcePowerOff(terms.ForcePowerOff),
        };
    }

    /// <summary>A time that there is: digits alone may be anybody's.</summary>
    private static bool IsStamp(string text) =>
        Stamp().IsMatch(text) && DateTime.TryParseExact(text, StampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(@"^[0-9]{8}T[0-9]{6}Z\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Stamp();
}
