using System.Collections.Immutable;
using System.Globalization;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Lives;

/// <summary>How a life goes: what of it goes worst.</summary>
public enum LifeCourse
{
    /// <summary>Something is at work or asked for.</summary>
    Running = 0,

    /// <summary>Something waits for another try.</summary>
    PutOff = 1,

    /// <summary>A rule would let it go, and a guard or the brake holds it; or a pause, or plans that overlap, hold all of it.</summary>
    Held = 2,

    /// <summary>Something was given up, or is left alone.</summary>
    GivenUp = 3,

    /// <summary>It was deleted by somebody else.</summary>
    Lost = 4,

    /// <summary>All is done that there was to do.</summary>
    Done = 5,

    /// <summary>What happened last is of a type that is not known here.</summary>
    Unknown = 6,
}

/// <summary>What happened lately to one snapshot, or to a droplet or a plan.</summary>
/// <param name="Stream">Whose it is, as the log calls it.</param>
/// <param name="SnapshotId">The snapshot; null where it is no snapshot's.</param>
/// <param name="DropletId">The droplet; null where it is about none.</param>
/// <param name="SnapshotName">The snapshot's name; null where it is no snapshot's, or that is not known.</param>
/// <param name="DropletName">The droplet's name; null where it is about none, or that is not known.</param>
/// <param name="Steps">What happened, oldest first.</param>
/// <param name="Course">How it goes.</param>
/// <param name="Telling">The event that tells how it goes.</param>
internal sealed record Life(
    string Stream, Guid? SnapshotId, long? DropletId, string? SnapshotName, string? DropletName, ImmutableArray<LogEventShape> Steps, LifeCourse Course, LogEventShape Telling)
{
    /// <summary>What tells whether it is to go, or its deletion was sent.</summary>
    private static readonly string[] Endings = ["snapshot_expired", "prune_attempted", "expiry_withdrawn", "prune_refused", "snapshot_discovered"];

    /// <summary>What it is called.</summary>
    public string Name => SnapshotId is not null ? SnapshotName ?? (DropletName is null ? $"snapshot {Short}" : $"snapshot of {DropletName}")
        : DropletName is not null && IsOf("droplet/") ? $"droplet {DropletName}"
        : Stream.Replace('/', ' ');

    /// <summary>The id to be told after the name; null where the name has it.</summary>
    public string? ShortId => SnapshotId is not null ? (SnapshotName ?? DropletName) is null ? null : Short
        : DropletName is not null && IsOf("droplet/") ? DropletId?.ToString(CultureInfo.InvariantCulture)
        : null;

    /// <summary>The snapshot and its droplet, where it is told of it without a list around it.</summary>
    public string Whole => $"{(SnapshotName is null ? $"Snapshot {Short}" : $"'{SnapshotName}'")}{(DropletName is null ? "" : $" of droplet '{DropletName}'")}";

    /// <summary>
    /// Whether something of it waits for another try, or was left and can be wanted again, so that it can be tried at once: what was given up before it was made cannot, nor a deletion that was sent.
    /// </summary>
    public bool CanRetry => SnapshotId is not null && Course is LifeCourse.PutOff or LifeCourse.GivenUp && Telling.Type switch
    {
        "snapshot_failed" => Telling.Final is not true,
        "prune_deferred" => IsToGo && !IsSent,
        _ => !IsToGo,
    };

    /// <summary>What tells how it goes, in words: with what was held and is no more, it says so.</summary>
    public string Says => Course is LifeCourse.Done && Turn.Taken(Telling)?.To is LifeCourse.Held ? $"{Telling.Says}; no longer" : Telling.Says;

    /// <summary>All that can be searched.</summary>
    public string Words => $"{Stream} {Name} {DropletName} {string.Join(' ', Steps.Select(s => s.Says))}";

    /// <summary>The last thing that happened.</summary>
    public LogEventShape Last => Steps[^1];

    /// <summary>Whether it is decided that it goes, and not taken back, as far as it was heard.</summary>
    private bool IsToGo => LastOfEnd is "snapshot_expired" or "prune_attempted";

    /// <summary>Whether its deletion was sent: what is waited for then may be that it takes effect.</summary>
    private bool IsSent => LastOfEnd is "prune_attempted";

    private string? LastOfEnd => Steps.LastOrDefault(s => Endings.Contains(s.Type, StringComparer.Ordinal))?.Type;

    private string Short => SnapshotId is { } id ? id.ToString("D")[..8] : "";

    /// <summary>Lives out of events, the one to which something happened last first.</summary>
    /// <param name="newestFirst">The events.</param>
    /// <param name="held">What is held at this moment; null where that is not known.</param>
    public static ImmutableArray<Life> Of(IReadOnlyCollection<LogEventShape> newestFirst, HeldNow? held = null) =>
    [
        .. newestFirst.GroupBy(e => e.Stream, StringComparer.Ordinal).Select(g =>
        {
            ImmutableArray<LogEventShape> steps = [.. g.Reverse()];
            var (course, telling) = Strands.Of(steps, held);
            return new Life(
                g.Key,
                g.Key.StartsWith("snapshot/", StringComparison.Ordinal) ? steps[^1].SnapshotId : null,
                steps[^1].DropletId,
                steps.LastOrDefault(s => s.SnapshotName is not null)?.SnapshotName,
                steps.LastOrDefault(s => s.DropletName is not null)?.DropletName,
                steps,
                course,
                telling);
        }),
    ];

    /// <summary>A course as filters and marks call it.</summary>
    public static string WordOf(LifeCourse course) => KindOf(course).Replace('-', ' ');

    /// <summary>A course as its colour is called.</summary>
    public static string KindOf(LifeCourse course) => course switch
    {
        LifeCourse.PutOff => "put-off",
        LifeCourse.GivenUp => "given-up",
        _ => course.ToString().ToLowerInvariant(),
    };

    /// <summary>Whether an event tells of something that went wrong.</summary>
    public static bool IsWrong(AnyEventShape e) => Turn.Taken(e)?.To is LifeCourse.PutOff or LifeCourse.Held or LifeCourse.GivenUp or LifeCourse.Lost;

    private bool IsOf(string kind) => Stream.StartsWith(kind, StringComparison.Ordinal);
}
