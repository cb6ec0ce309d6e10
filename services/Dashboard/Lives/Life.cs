using System.Collections.Immutable;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Lives;

/// <summary>How a life goes: by its last event, unless a copy of it was given up before.</summary>
public enum LifeCourse
{
    /// <summary>Something is at work or asked for.</summary>
    Running = 0,

    /// <summary>Something waits for another try.</summary>
    PutOff = 1,

    /// <summary>A rule would let it go, and a guard or the brake holds it.</summary>
    Held = 2,

    /// <summary>Something was given up, or is left alone.</summary>
    GivenUp = 3,

    /// <summary>It was deleted by somebody else.</summary>
    Lost = 4,

    /// <summary>All is done that there was to do.</summary>
    Done = 5,
}

/// <summary>What happened lately to one snapshot, or to a droplet or a plan.</summary>
/// <param name="Stream">Whose it is, as the log calls it.</param>
/// <param name="SnapshotId">The snapshot; null where it is no snapshot's.</param>
/// <param name="DropletId">The droplet; null where it is about none.</param>
/// <param name="Name">What it is called.</param>
/// <param name="ShortId">The id to be told after the name; null where the name has it.</param>
/// <param name="Steps">What happened, oldest first.</param>
internal sealed record Life(string Stream, Guid? SnapshotId, long? DropletId, string Name, string? ShortId, ImmutableArray<LogEventShape> Steps)
{
    /// <summary>How the words of a failure begin after which nothing is tried any more.</summary>
    private const string GivenUp = "given up";

    private const string CopyTo = "the copy to ";
    private const string IsGivenUp = " is given up";

    /// <summary>What an event that leaves something to be tried ends with: what is lost, or given up for good, is past.</summary>
    private static readonly string[] Retried = ["SnapshotDeferred", "TransferDeferred", "TransferFailed", "PruneDeferred", "PruneRefused"];

    /// <summary>Once these have happened, no copy is wanted any more.</summary>
    private static readonly string[] Ends = ["SnapshotExpired", "SnapshotPruned", "SnapshotLost", "RetryRequested"];

    private static readonly char[] Breaks = [' ', ':', ','];

    /// <summary>Whether something of it waits for another try, or was left and can be wanted again, so that it can be tried at once.</summary>
    public bool CanRetry => SnapshotId is not null && (IsOneOf(Telling.Type, Retried) || (IsOneOf(Telling.Type, "SnapshotFailed") && !Telling.Says.StartsWith(GivenUp, StringComparison.Ordinal)));

    /// <summary>All that can be searched.</summary>
    public string Words => $"{Stream} {Name} {string.Join(' ', Steps.Select(s => s.Says))}";

    /// <summary>The last thing that happened.</summary>
    public LogEventShape Last => Steps[^1];

    /// <summary>What tells how it goes: the last thing that happened, or the copy that was given up and was not asked for again since.</summary>
    public LogEventShape Telling { get; } = CopyGivenUp(Steps) ?? Steps[^1];

    /// <summary>How it goes.</summary>
    public LifeCourse Course => CourseOf(Telling.Type, Telling.Says);

    /// <summary>Lives out of events, the one to which something happened last first.</summary>
    /// <param name="newestFirst">The events.</param>
    /// <param name="names">What is called how; null for what these events say.</param>
    public static ImmutableArray<Life> Of(IReadOnlyCollection<LogEventShape> newestFirst, LifeNames? names = null)
    {
        var known = names ?? LifeNames.Of(null, null, newestFirst);
        return
        [
            .. newestFirst.GroupBy(e => e.Stream, StringComparer.Ordinal).Select(g =>
            {
                ImmutableArray<LogEventShape> steps = [.. g.Reverse()];
                var snapshot = g.Key.StartsWith("snapshot/", StringComparison.Ordinal) ? steps[^1].SnapshotId : null;
                var (name, shortId) = known.NameOf(steps[^1], snapshot);
                return new Life(g.Key, snapshot, steps[^1].DropletId, name, shortId, steps);
            }),
        ];
    }

    /// <summary>A course as filters and marks call it.</summary>
    public static string WordOf(LifeCourse course) => course switch
    {
        LifeCourse.PutOff => "put off",
        LifeCourse.GivenUp => GivenUp,
        _ => course.ToString().ToLowerInvariant(),
    };

    /// <summary>Whether an event tells of something that went wrong.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="says">In words.</param>
    public static bool IsWrong(string type, string says) => CourseOf(type, says) is not (LifeCourse.Running or LifeCourse.Done);

    /// <summary>The copy that was given up last, and neither asked for again nor wanted no more since.</summary>
    private static LogEventShape? CopyGivenUp(ImmutableArray<LogEventShape> steps)
    {
        var open = new List<(string Region, LogEventShape Event)>();
        foreach (var step in steps)
        {
            if (IsOneOf(step.Type, Ends))
            {
                open.Clear();
            }
            else if (Plain(step.Type).StartsWith("Transfer", StringComparison.OrdinalIgnoreCase))
            {
                // A region is a word of whatever is said of a copy to it.
                var words = step.Says.Split(Breaks);
                open.RemoveAll(o => words.Contains(o.Region, StringComparer.Ordinal));
                if (RegionGivenUp(step) is { } region)
                {
                    open.Add((region, step));
                }
            }
        }

        return open.Count > 0 ? open[^1].Event : null;
    }

    private static string? RegionGivenUp(LogEventShape e) =>
        e.Says.StartsWith(CopyTo, StringComparison.Ordinal) && e.Says.IndexOf(IsGivenUp, StringComparison.Ordinal) is var end and > 0 ? e.Says[CopyTo.Length..end] : null;

    private static string Plain(string type) => type.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    private static bool IsOneOf(string type, params string[] names) => names.Contains(Plain(type), StringComparer.OrdinalIgnoreCase);

    private static LifeCourse CourseOf(string type, string says)
    {
        var plain = Plain(type);
        return Is("Deferred") ? LifeCourse.PutOff
            : Is("Held") || Is("Overlapped") || Is("BrakeApplied") ? LifeCourse.Held
            : Is("Lost") ? LifeCourse.Lost
            : Is("Failed") ? says.StartsWith(GivenUp, StringComparison.Ordinal) || says.Contains(IsGivenUp, StringComparison.Ordinal) ? LifeCourse.GivenUp : LifeCourse.PutOff
            : Is("Refused") ? LifeCourse.GivenUp
            : Is("Requested") || Is("Attempted") || Is("Started") || Is("Expired") || Is("Owed") || Is("ShutDown") || Is("Forced") || Is("PoweredOff") ? LifeCourse.Running
            : LifeCourse.Done;

        bool Is(string with) => plain.EndsWith(with, StringComparison.OrdinalIgnoreCase);
    }
}
