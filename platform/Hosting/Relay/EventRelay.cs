using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Telemetry;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Relay;

/// <summary>Hears of every event right after it was published.</summary>
public interface IRelayListener
{
    /// <summary>An event was committed and published. Must not block.</summary>
    void Relayed(LoggedEvent @event);
}

/// <summary>
/// Publishes what was committed: the log is the outbox. Each event goes to the bus at least once, with its own id as message id, in pages whose
/// progress is saved with them. It never skips: while the bus is away it tries again, and a page that was published but not yet noted is
/// published once more, which consumers take for what it is.
/// </summary>
public sealed class EventRelay : SubscriptionBase
{
    /// <summary>The name under which its progress is kept.</summary>
    public const string SubscriptionName = "relay";

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    private readonly IBus bus;
    private readonly IReadOnlyList<IRelayListener> listeners;
    private readonly RelayHealth health;
    private readonly ILogger<EventRelay> logger;

    /// <summary>A relay to this bus.</summary>
    public EventRelay(IBus bus, IEnumerable<IRelayListener> listeners, RelayHealth health, ILogger<EventRelay> logger)
    {
        this.bus = bus;
        this.health = health;
        this.listeners = [.. listeners];
        this.logger = logger;
        Name = SubscriptionName;
        Options.BatchSize = 200;
    }

    /// <summary>How long a confirmation is waited for, before the event is published once more.</summary>
    public TimeSpan ConfirmedWithin { get; init; } = BusPublishing.ConfirmedWithin;

    /// <inheritdoc />
    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        var events = page.Events.Where(e => !string.Equals(e.StreamKey, LogStore.FillerStream, StringComparison.Ordinal)).ToList();
        await Task.WhenAll(events.Select(e => PublishAsync(e, cancellationToken)));
        if (health.GotOn())
        {
            logger.PublishesAgain();
        }

        foreach (var e in events)
        {
            var logged = new LoggedEvent(e.Id, e.Sequence, e.StreamKey!, e.Version, e.Data);
            foreach (var listener in listeners)
            {
                listener.Relayed(logged);
            }
        }

        return NullChangeListener.Instance;
    }

    private async Task PublishAsync(IEvent e, CancellationToken ct)
    {
        using var step = Tracing.BeginPublishing(e.Data);
        for (var wait = FirstRetry; ; wait = wait < LongestRetry ? wait * 2 : LongestRetry)
        {
            try
            {
                await bus.PublishEventAsync(e.Id, e.Sequence, e.Data, ct, ConfirmedWithin);
                return;
            }
#pragma warning disable CA1031 // A broker that is away has many exceptions; giving up would lose the event.
            catch (Exception problem) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                var known = OrdinaryTrouble.Describe(problem);
                if (health.Failed(known ?? problem.Message))
                {
                    // Once, and not for each of the page's events with each try.
                    logger.PublishFailed(e.Data.GetType().Name, e.Id, known ?? problem.Message, known is null ? problem : null);
                }
            }

            await Task.Delay(wait, TimeProvider.System, ct);
        }
    }
}
