using System.Collections.Immutable;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Lives;

/// <summary>How a snapshot's life goes, by its last event.</summary>
public enum LifeCourse
{
    /// <summary>Something is at work or asked for.</summary>
    Running = 0,

    /// <summary>Something was put off, or failed and is tried again.</summary>
    Troubled = 1,

    /// <summary>Something was given up, refused, or deleted by somebody else.</summary>
    Ended = 2,

    /// <summary>All is done that there was to do.</summary>
    Done = 3,
}

/// <summary>What happened lately to one snapshot, or to a droplet or a plan.</summary>
/// <param name="Stream">Whose it is, as the log calls it.</param>
/// <param name="SnapshotId">The snapshot; null where it is no snapshot's.</param>
/// <param name="DropletId">The droplet; null where it is about none.</param>
/// <param name="Course">How it goes.</param>
/// <param name="Steps">What happened, oldest first.</param>
internal sealed record Life(string Stream, Guid? SnapshotId, long? DropletId, LifeCourse Course, ImmutableArray<LogEventShape> Steps)
{
    /// <summary>How the words of a failure begin after which nothing is tried any more.</summary>
    private const string GivenUp = "given up";

    /// <summary>What an event that leaves something to be tried ends with: what is lost, or given up for good, is past.</summary>
    private static readonly string[] Retried = ["SnapshotDeferred", "TransferDeferred", "TransferFailed", "PruneDeferred", "PruneRefused"];

    /// <summary>Whether something of it waits for another try, or was left and can be wanted again, so that it can be tried at once.</summary>
    public bool CanRetry => SnapshotId is not null && (IsOneOf(Last.Type, Retried) || (IsOneOf(Last.Type, "SnapshotFailed") && !Last.Says.StartsWith(GivenUp, StringComparison.Ordinal)));

    /// <summary>What it is called: as its first event names it.</summary>
    public string Name => Steps.Select(s => Quoted(s.Says)).FirstOrDefault(q => q is not null && SnapshotId is not null)
        ?? (SnapshotId is { } id ? $"snapshot {id.ToString("D")[..8]}" : Stream.Replace('/', ' '));

    /// <summary>All that can be searched.</summary>
    public string Words => $"{Stream} {string.Join(' ', Steps.Select(s => s.Says))}";

    /// <summary>The last thing that happened.</summary>
    public LogEventShape Last => Steps[^1];

    /// <summary>Lives out of events, the one to which something happened last first.</summary>
    /// <param name="newestFirst">The events.</param>
    public static ImmutableArray<Life> Of(IEnumerable<LogEventShape> newestFirst) =>
    [
        .. newestFirst.GroupBy(e => e.Stream, StringComparer.Ordinal).Select(g =>
        {
            ImmutableArray<LogEventShape> steps = [.. g.Reverse()];
            return new Life(g.Key, g.Key.StartsWith("snapshot/", StringComparison.Ordinal) ? steps[^1].SnapshotId : null, steps[^1].DropletId, CourseOf(steps[^1].Type), steps);
        }),
    ];

    /// <summary>Whether an event tells of something that went wrong.</summary>
    public static bool IsWrong(string type) => CourseOf(type) is LifeCourse.Troubled or LifeCourse.Ended;

    private static string? Quoted(string says) => says.Split('\'') is [var before, var name, ..] && before.EndsWith("snapshot ", StringComparison.Ordinal) ? name : null;

    private static string Plain(string type) => type.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    private static bool IsOneOf(string type, params string[] names) => names.Contains(Plain(type), StringComparer.OrdinalIgnoreCase);

    private static LifeCourse CourseOf(string type)
    {
        var plain = Plain(type);
        return Ends("Deferred") || Ends("Held") || Ends("Overlapped") || Ends("BrakeApplied") ? LifeCourse.Troubled
            : Ends("Failed") || Ends("Lost") || Ends("Refused") ? LifeCourse.Ended
            : Ends("Requested") || Ends("Attempted") || Ends("Started") || Ends("Expired") || Ends("Owed") || Ends("ShutDown") || Ends("Forced") || Ends("PoweredOff") ? LifeCourse.Running
            : LifeCourse.Done;

        bool Ends(string with) => plain.EndsWith(with, StringComparison.OrdinalIgnoreCase);
    }
}
