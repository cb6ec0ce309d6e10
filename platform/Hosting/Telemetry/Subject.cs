using System.Diagnostics;
using DoSnapshot.EventLog;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>What is logged says which snapshot and which droplet it is about, as properties.</summary>
public static class Subject
{
    /// <summary>What is logged until it is disposed is about the snapshot and the droplet of an event.</summary>
    public static IDisposable? BeginSubject(this ILogger logger, object @event) =>
        logger.BeginSubject(EventTypes.DropletOf(@event), EventTypes.SnapshotOf(@event));

    /// <summary>What is logged until it is disposed is about a droplet, and a snapshot of it.</summary>
    public static IDisposable? BeginSubject(this ILogger logger, long? dropletId, Guid? snapshotId = null)
    {
        ArgumentNullException.ThrowIfNull(logger);
        var properties = new List<KeyValuePair<string, object?>>(2);
        if (dropletId is not null)
        {
            properties.Add(new(Tracing.DropletTag, dropletId));
        }

        if (snapshotId is not null)
        {
            properties.Add(new(Tracing.SnapshotTag, snapshotId));
        }

        return properties.Count == 0 ? null : logger.BeginScope(properties);
    }
}

/// <summary>Says of the step that handles a message, and of what is logged by it, what the message is about.</summary>
internal sealed class SubjectFilter<T>(ILogger<SubjectFilter<T>> logger) : IFilter<ConsumeContext<T>>
    where T : class
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("subject");

    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        Activity.Current?.SetTag(Tracing.SnapshotTag, EventTypes.SnapshotOf(context.Message)?.ToString("D"));
        Activity.Current?.SetTag(Tracing.DropletTag, EventTypes.DropletOf(context.Message));
        using var subject = logger.BeginSubject(context.Message);
        await next.Send(context);
    }
}
