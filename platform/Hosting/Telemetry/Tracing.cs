using System.Diagnostics;
using DoSnapshot.EventLog;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>
/// The traces. All that happens to a snapshot is in one trace, whose id is the snapshot's own: the log has it in every event, and so has every message,
/// whatever process goes on with it, however much later. What is done for many at once, such as a round of the planner, is a trace of its own, and what
/// came of it for a snapshot is linked to it.
/// </summary>
public static class Tracing
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "DoSnapshot";

    /// <summary>Tag, and property of what is logged: the snapshot's id.</summary>
    public const string SnapshotTag = "dosnapshot.snapshot.id";

    /// <summary>Tag, and property of what is logged: the droplet's id.</summary>
    public const string DropletTag = "dosnapshot.droplet.id";

    private const string HttpSource = "System.Net.Http";
    private const string SequenceTag = "dosnapshot.log.sequence";
    private const string UsedMark = "dosnapshot.used";
    private const string RoundMark = "dosnapshot.round";

    /// <summary>
    /// The names of all sources that are exported: ours, the API client's, the bus's, and .NET's of HTTP, which leaves queries out. OpenTelemetry's own for HTTP would
    /// tell whoever is asked which trace the request is of.
    /// </summary>
    public static IReadOnlyList<string> Sources { get; } = [SourceName, DigitalOcean.RequestTracing.SourceName, "MassTransit", HttpSource];

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The trace of a snapshot's life.</summary>
    public static ActivityTraceId TraceOf(Guid snapshotId) => ActivityTraceId.CreateFromString(snapshotId.ToString("N"));

    /// <summary>
    /// Begins a step of a snapshot's life: within the step that is at work, where that is of the same life, else without a parent and linked to it. In the
    /// latter case nothing is at work any more once the step is over: a method that goes on after it and is not asynchronous puts <see cref="Activity.Current"/> back.
    /// </summary>
    /// <param name="name">What is done.</param>
    /// <param name="kind">Whether it gives work to others, or takes it.</param>
    /// <param name="event">The event or message it is about.</param>
    /// <param name="began">When it began, UTC; now where it is not said.</param>
    /// <returns>Null where it is about no snapshot, or nobody listens.</returns>
    public static Activity? Begin(string name, ActivityKind kind, object @event, DateTimeOffset began = default)
    {
        if (!Source.HasListeners() || EventTypes.SnapshotOf(@event) is not { } snapshot || snapshot == Guid.Empty)
        {
            return null;
        }

        var current = Activity.Current;
        var trace = TraceOf(snapshot);
        var isWithin = current?.TraceId == trace;
        Use(current);
        if (!isWithin)
        {
            // What begins takes what is at work for its parent, even when that is of another trace.
            Activity.Current = null;
        }

        var step = Source.StartActivity(
            name,
            kind,
            // As from elsewhere: where the trace is not sampled its id is kept all the same, and nothing within it begins a trace by chance.
            isWithin ? default : new ActivityContext(trace, default, ActivityTraceFlags.Recorded, traceState: null, isRemote: true),
            links: isWithin || current is null ? null : [new ActivityLink(current.Context)],
            startTime: began);
        if (step is null)
        {
            Activity.Current = current;
        }

        step?.SetTag(SnapshotTag, snapshot.ToString("D"));
        step?.SetTag(DropletTag, EventTypes.DropletOf(@event));
        return step;
    }

    /// <summary>Begins the step in which an event is published; what its consumers do, in whatever process that is, is within it.</summary>
    public static Activity? BeginPublishing(object @event) => Begin($"publish {NameOf(@event)}", ActivityKind.Internal, @event);

    /// <summary>Begins a round: what one process does for all, as a trace of its own. One in which nothing was done is not exported.</summary>
    public static Activity? BeginRound(string role)
    {
        var round = Source.StartActivity($"round {role}");
        round?.SetCustomProperty(RoundMark, true);
        return round;
    }

    /// <summary>Notes that an event was appended.</summary>
    internal static void Appended(object @event, long sequence, DateTimeOffset began)
    {
        if (!Source.HasListeners())
        {
            return;
        }

        var current = Activity.Current;
        // Not every event is about a snapshot; whoever appended one has done something.
        Use(current);
        using (var step = Begin($"append {NameOf(@event)}", ActivityKind.Internal, @event, began))
        {
            step?.SetTag(SequenceTag, sequence);
        }

        Activity.Current = current;
    }

    /// <summary>What an event is called in the log.</summary>
    internal static string NameOf(object @event) => EventTypes.Aliases.GetValueOrDefault(@event.GetType()) ?? @event.GetType().Name;

    /// <summary>Notes that something is done in what is at work.</summary>
    internal static void Use(Activity? current)
    {
        for (var one = current; one is not null; one = one.Parent)
        {
            one.SetCustomProperty(UsedMark, true);
        }
    }

    /// <summary>Whether it is a round in which nothing was done.</summary>
    internal static bool IsIdleRound(Activity activity) =>
        activity.GetCustomProperty(RoundMark) is not null && activity.GetCustomProperty(UsedMark) is null;

    /// <summary>Whether it is a request to somebody else than DigitalOcean: to a webhook, whose address is a secret, or to an issuer of tokens.</summary>
    internal static bool IsOtherRequest(Activity activity) =>
        string.Equals(activity.Source.Name, HttpSource, StringComparison.Ordinal)
        && !string.Equals(activity.Parent?.Source.Name, DigitalOcean.RequestTracing.SourceName, StringComparison.Ordinal);
}
