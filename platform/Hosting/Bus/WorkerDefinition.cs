using DoSnapshot.Hosting.Telemetry;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Hosting.Bus;

/// <summary>
/// How a worker takes its commands: from its own queue, a few at a time, with some tries for passing trouble. What still fails goes to the
/// queue's error queue with the reason; the sweep publishes its command again, so that nothing is lost by it.
/// </summary>
public abstract class WorkerDefinition<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    /// <summary>A definition for a queue of this name.</summary>
    protected WorkerDefinition(string queue, int concurrency)
    {
        EndpointName = queue;
        ConcurrentMessageLimit = concurrency;
    }

    /// <inheritdoc />
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
    {
        ArgumentNullException.ThrowIfNull(endpointConfigurator);
        endpointConfigurator.UseMessageRetry(r =>
        {
            // What is wrong with the message itself does not get better by waiting.
            r.Ignore<ArgumentException>();
            r.Ignore<UnknownSnapshotException>();
            r.Ignore<RefusedCommandException>();
            r.Exponential(6, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(400));
        });
        endpointConfigurator.UseConsumeFilter(typeof(SubjectFilter<>), context);
        context.GetRequiredService<FailedMessages>().Watch(endpointConfigurator);
    }
}
