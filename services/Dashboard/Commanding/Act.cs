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
internal sealed record Act(string Title, string Says, string Button, string Path, Func<string, object> Body)
{
    /// <summary>How much harm it can do.</summary>
    public Harm Harm { get; init; } = Harm.Some;

    /// <summary>A reason that is suggested.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What has to be typed, where the harm is <see cref="Harm.Last"/>.</summary>
    public string? Typed { get; init; }

    /// <summary>Asks for a snapshot.</summary>
    public static Act Snapshot(long droplet, string name) => new(
        $"Snapshot of {name} now",
        "It is taken as soon as DigitalOcean does, beside those of the plan: no rule removes it, and it counts for none.",
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
        "Pin", $"No rule removes '{name}' until it is unpinned.", "Pin it", "pins", why => new { snapshot, reason = why }) { Harm = Harm.None, Reason = reason };

    /// <summary>Lets the rules apply again.</summary>
    public static Act Unpin(SnapshotShape s) => new(
        "Unpin", $"The rules apply to '{s.Name}' again: one of them may remove it within minutes.", "Unpin it", "unpins", reason => new { snapshot = s.SnapshotId, reason });

    /// <summary>Has what waits tried at once.</summary>
    public static Act Retry(Guid snapshot, string what) => new(
        "Try at once", what, "Try it", "retries", reason => new { snapshot, reason }) { Harm = Harm.None, Reason = "tried from the dashboard" };

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
