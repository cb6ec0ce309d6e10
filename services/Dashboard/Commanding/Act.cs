using System.Globalization;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Commanding;

/// <summary>How much harm a command can do, and so how much is asked before it.</summary>
public enum Harm
{
    /// <summary>None that cannot be undone at once: nothing is asked, or the reason alone, which is suggested.</summary>
    None = 0,

    /// <summary>Something is made or let go, and can be seen before it is done.</summary>
    Some = 1,

    /// <summary>Something is gone for good: what it is has to be said once more.</summary>
    Much = 2,

    /// <summary>What is gone for good is the last of its kind: its name has to be typed.</summary>
    Last = 3,
}

/// <summary>A command before it is given.</summary>
/// <param name="Title">What it does, in a few words.</param>
/// <param name="Says">What will become of what, in a sentence or two.</param>
/// <param name="Button">The button that gives it.</param>
/// <param name="Path">Under <c>/v1/</c>.</param>
/// <param name="Body">The body, given the reason.</param>
internal sealed partial record Act(string Title, string Says, string Button, string Path, Func<string, object> Body)
{
    /// <summary>How much harm it can do.</summary>
    public Harm Harm { get; init; } = Harm.Some;

    /// <summary>A reason that is suggested.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What has to be typed, where the harm is <see cref="Harm.Last"/>.</summary>
    public string? Typed { get; init; }

    /// <summary>What is gone by it, by name.</summary>
    public IReadOnlyList<NamedGroup> Names { get; init; } = [];

    /// <summary>Whose brake it releases; null for what releases none.</summary>
    public string? Target { get; init; }

    /// <summary>The plan of the brake that it releases; null for what releases none.</summary>
    public string? Plan { get; init; }

    /// <summary>The plan whose policy the body is; null for what is no policy.</summary>
    public string? PolicyOf { get; init; }

    /// <summary>Asks for a snapshot.</summary>
    /// <param name="droplet">The droplet's id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="waits">What it waits for, a sentence; null where it does not wait.</param>
    public static Act Snapshot(long droplet, string name, string? waits = null) => new(
        $"Snapshot of {name} now",
        (waits is null ? "" : $"{waits} ")
            + "It is taken as soon as DigitalOcean does, beside those of the plan: no rule removes it, and it counts for none.",
        "Take it",
        "snapshots",
        reason => new { droplets = new[] { Id(droplet) }, reason });

    /// <summary>Asks for copies.</summary>
    public static Act Transfer(SnapshotShape s, string region) => new(
        $"Copy to {region}",
        $"'{s.Name}', {Moments.Size(s.Gigabytes)}, is copied to {region}. Copies in more regions cost nothing.",
        "Copy it",
        "transfers",
        reason => new { snapshot = s.SnapshotId, regions = new[] { region }, reason });

    /// <summary>Keeps a snapshot whatever the rules say.</summary>
    public static Act Pin(Guid snapshot, string name, string reason = "") => new(
        "Pin", $"No rule removes '{name}' until it is unpinned.", "Pin it", "pins", why => new { snapshot, reason = why })
    { Harm = Harm.None, Reason = reason };

    /// <summary>Lets the rules apply again.</summary>
    public static Act Unpin(SnapshotShape s) => Unpin(s.SnapshotId, s.Name);

    /// <summary>Lets the rules apply again.</summary>
    public static Act Unpin(Guid snapshot, string name) => new(
        "Unpin", $"The rules apply to '{name}' again: one of them may remove it within minutes.", "Unpin it", "unpins", reason => new { snapshot, reason });

    /// <summary>Has what waits tried at once.</summary>
    public static Act Retry(Guid snapshot, string what) => new(
        "Try at once", what, "Try it", "retries", reason => new { snapshot, reason })
    { Harm = Harm.None, Reason = "tried from the dashboard" };

    /// <summary>Saves a policy as a plan's next version.</summary>
    /// <param name="goes">What it lets go, and the version that it is based on.</param>
    /// <param name="every">The time between snapshots.</param>
    /// <param name="keep">The rules.</param>
    public static Act SavePolicy(WhatGoesShape goes, string every, IReadOnlyList<string> keep)
    {
        var (now, later) = (goes.Now.Tried.Snapshots, goes.Later.Tried.Snapshots - goes.Now.Tried.Snapshots);
        var says = now > 0
            ? $"At its next decision the planner lets {Moments.Count(now, "snapshot")} of {goes.Total} go, {Moments.Size(goes.Now.Tried.Gigabytes)}; deleted, nothing brings them back."
            : "Nothing goes at once.";
        var brake = goes.Now.HeldByBrake > 0
            ? $" The brake will hold {(goes.Now.HeldByBrake == now ? "what goes" : $"{goes.Now.HeldByBrake} of them")} until somebody has released it."
            : "";
        var then = later > 0 ? $" Within 30 days {later} more of those that are there go; as it is, {goes.Later.Live.Snapshots} would in all."
            : now > 0 ? " No more of those that are there go within 30 days." : " Nor does any within 30 days of those that are there.";
        var policy = $"A snapshot every {every}, {(keep.Count == 0 ? "and all are kept" : $"kept by {string.Join(' ', keep)}")}. ";
        return new Act(
            $"Save as version {goes.Version + 1} of {goes.Plan}",
            policy + says + brake + then,
            "Save it",
            "policy",
            reason => new { keep, every, basedOn = goes.Version, reason })
        {
            Harm = now > 0 ? Harm.Last : later > 0 ? Harm.Much : Harm.Some,
            Typed = now > 0 ? goes.Plan : null,
            PolicyOf = goes.Plan,
            Names = [.. ((NamedGroup[])[NamedGroup.Of("At once", goes, now, s => s.GoesAt <= goes.Now.At), NamedGroup.Of("Within 30 days", goes, later, s => s.GoesAt > goes.Now.At)]).Where(g => g.Names.Count + g.Rest > 0)],
        };
    }

    /// <summary>Removes a snapshot for good.</summary>
    /// <param name="s">The snapshot.</param>
    /// <param name="all">All snapshots of its droplet.</param>
    public static Act Expire(SnapshotShape s, IReadOnlyCollection<SnapshotShape> all)
    {
        var isLast = s.IsGood() && !all.Any(o => o.SnapshotId != s.SnapshotId && o.IsGood());
        return new Act(
            isLast ? "Remove the last good snapshot" : "Remove for good",
            $"'{s.Name}', made {(s.CreatedAt is { } made ? Moments.Utc(made) : "never")}, {Moments.Size(s.Gigabytes)}, is deleted in {(s.Regions.Length == 0 ? "every region" : string.Join(", ", s.Regions))}. Nothing brings it back."
                + (isLast ? $" It is the last good one of {s.DropletName}: without it there is nothing to restore the droplet from." : ""),
            "Remove it",
            "expiries",
            reason => new { snapshot = s.SnapshotId, reason })
        {
            Harm = isLast ? Harm.Last : Harm.Much,
            Typed = isLast ? s.Name : null,
        };
    }

    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);
}
