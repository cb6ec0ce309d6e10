using System.Globalization;
using MassTransit;

namespace DoSnapshot.Hosting.Bus;

/// <summary>How an event of the log becomes a message: the event's id is the message's, and its place in the log goes along.</summary>
public static class BusPublishing
{
    /// <summary>Header with the event's place in the log. A message without it did not come from the relay.</summary>
    public const string SequenceHeader = "log-sequence";

    /// <summary>Publishes one event of the log.</summary>
    public static Task PublishEventAsync(this IPublishEndpoint bus, Guid eventId, long sequence, object @event, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(@event);
        return bus.Publish(
            @event,
            @event.GetType(),
            context =>
            {
                context.MessageId = eventId;
                context.Headers.Set(SequenceHeader, sequence.ToString(CultureInfo.InvariantCulture));
            },
            ct);
    }

    /// <summary>Whether a message came from the relay.</summary>
    public static bool IsFromLog(this MessageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Headers.TryGetHeader(SequenceHeader, out _);
    }
}
