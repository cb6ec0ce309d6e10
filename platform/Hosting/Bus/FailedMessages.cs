using System.Diagnostics.Metrics;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Bus;

/// <summary>
/// What becomes of a message that a worker cannot handle: it is counted, said with its reason, and moved to its queue's error queue, out of the way of
/// the others. <c>do-snapshot failed-messages</c> shows what is there and puts it back.
/// </summary>
public sealed class FailedMessages : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DoSnapshot.Bus";

    /// <summary>Name of the counter of messages that went to an error queue, by <c>queue</c> and <c>reason</c> (the exception's type).</summary>
    public const string CounterName = "dosnapshot.messages.failed";

    private readonly Meter meter;
    private readonly Counter<long> counter;
    private readonly ILogger<FailedMessages> logger;

    /// <summary>Counts by a meter of this factory.</summary>
    public FailedMessages(IMeterFactory meters, ILogger<FailedMessages> logger)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meter = meters.Create(MeterName);
        counter = meter.CreateCounter<long>(CounterName, "{message}", "Messages that were moved to an error queue.");
        this.logger = logger;
    }

    /// <summary>Has what an endpoint cannot handle counted before it is moved.</summary>
    public void Watch(IReceiveEndpointConfigurator endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.ConfigureError(pipe =>
        {
            pipe.UseFilter(new LeftToTheSweep(logger));
            pipe.UseExecute(Note);
            // As MassTransit does it by itself where nothing is said.
            pipe.UseFilter(new GenerateFaultFilter());
            pipe.UseFilter(new ErrorTransportFilter());
        });
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();

    private void Note(ExceptionReceiveContext context)
    {
        var queue = context.InputAddress?.Segments[^1] ?? "unknown";
        var cause = context.Exception.GetBaseException();
        counter.Add(1, new("queue", queue), new("reason", cause.GetType().Name));
        logger.MessageFailed(queue, context.GetMessageId()?.ToString() ?? "without an id", cause.Message);
    }

    /// <summary>
    /// A command of the log whose worker met with nothing but ordinary trouble, DigitalOcean or PostgreSQL being away or out of requests, is published again
    /// by the planner's sweep: there is nothing for an operator to put back. What came from outside is nowhere else.
    /// </summary>
    private sealed class LeftToTheSweep(ILogger logger) : IFilter<ExceptionReceiveContext>
    {
        public void Probe(ProbeContext context) => context.CreateFilterScope("left-to-the-sweep");

        public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
        {
            if (!context.TransportHeaders.TryGetHeader(BusPublishing.SequenceHeader, out _) || OrdinaryTrouble.Describe(context.Exception) is not { } reason)
            {
                return next.Send(context);
            }

            logger.MessageLeft(context.InputAddress?.Segments[^1] ?? "unknown", context.GetMessageId()?.ToString() ?? "without an id", reason);
            return Task.CompletedTask;
        }
    }
}
