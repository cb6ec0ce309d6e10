using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Showing;

/// <summary>What a snapshot that is asked for by hand has to wait for.</summary>
internal static class AtWork
{
    private const string LeftOff = "left-powered-off";

    /// <summary>From the first of them on a droplet is off, or on its way there, for a snapshot of it.</summary>
    private static readonly string[] GoesOff = ["droplet_shut_down", "power_off_forced", "droplet_powered_off", "power_on_owed", "power_on_attempted"];

    /// <summary>From one of them on it is not any more.</summary>
    private static readonly string[] GoesOn = ["droplet_powered_on", "power_on_waived"];

    /// <summary>It in a sentence; null where there is nothing. What was only asked for, or put off, is not waited for: whichever is begun first goes first.</summary>
    /// <param name="droplet">How the droplet stands; null where that is not known.</param>
    /// <param name="recent">What happened last, newest first.</param>
    public static string? AwaitedBy(DropletShape? droplet, IEnumerable<LogEventShape> recent)
    {
        if (droplet is null)
        {
            return null;
        }

        return droplet.Pending.FirstOrDefault(p => p.Phase is "attempted" or "started") is { } other
            ? $"A snapshot of it is at work already, '{other.Name}': this one waits for it."
            : IsOff(droplet, recent) ? "The droplet is off, or on its way there, for another snapshot: this one waits until it is on again." : null;
    }

    private static bool IsOff(DropletShape droplet, IEnumerable<LogEventShape> recent) =>
        droplet.Alarms.Any(a => string.Equals(a.Kind, LeftOff, StringComparison.Ordinal))
        || (recent.FirstOrDefault(e => e.DropletId == droplet.DropletId && (GoesOff.Contains(e.Type, StringComparer.Ordinal) || GoesOn.Contains(e.Type, StringComparer.Ordinal))) is { } last
            && GoesOff.Contains(last.Type, StringComparer.Ordinal));
}
