using System.Globalization;
using MassTransit;

namespace DoSnapshot.Hosting.Bus;

/// <summary>How an event of the log becomes a message: the event's id is the message's, and its place in the log goes along.</summary>
public static class BusPublishing
{
    /// <summary>Header with the event's place in the log. A message without it did not come from the relay.</summary>
    public const string SequenceHeader = "log-sequence";

    /// <summary>
    /// How long the broker's confirmation is waited for. It is there within milliseconds, or after a few seconds where the broker is short of memory; one
    /// that was lost with its connection never comes, and RabbitMQ's client may wait for it for ever (rabbitmq-dotnet-client, issue 1930).
    /// </summary>
    public static readonly TimeSpan ConfirmedWithin = TimeSpan.FromSeconds(20);

    /// <summary>Publishes one event of the log.</summary>
    /// <exception cref="TimeoutException">
    /// It was not confirmed in time (<see cref="ConfirmedWithin"/> where no other is given). It may have been published all the same.
    /// </exception>
    public static async Task PublishEventAsync(
        this IPublishEndpoint bus, Guid eventId, long sequence, object @event, CancellationToken ct, TimeSpan? confirmedWithin = null)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(@event);
        var within = confirmedWithin ?? ConfirmedWithin;
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var publishing = bus.Publish(
            @event,
            @event.GetType(),
            context =>
            {
                context.MessageId = eventId;
                context.Headers.Set(SequenceHeader, sequence.ToString(CultureInfo.InvariantCulture));
            },
            giveUp.Token);
        try
        {
            await publishing.WaitAsync(within, TimeProvider.System, ct);
        }
        catch (TimeoutException e)
        {
            // The wait ends whether or not the client heeds this.
            await giveUp.CancelAsync();
            _ = publishing.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new TimeoutException($"The broker did not confirm it within {within.TotalSeconds:0.#} seconds.", e);
        }
    }

    /// <summary>Whether a message came from the relay.</summary>
    public static bool IsFromLog(this MessageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Headers.TryGetHeader(SequenceHeader, out _);
    }
}
