using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Work;
using MassTransit;

namespace DoSnapshot.Hosting.Bus;

/// <summary>Counts the commands that are on their way within this process. Only of use where every command's consumer is in it.</summary>
public sealed class GaugeObserver : IPublishObserver, IReceiveObserver
{
    private readonly WorkGauge gauge;

    /// <summary>Counts into this gauge.</summary>
    public GaugeObserver(WorkGauge gauge)
    {
        this.gauge = gauge;
    }

    /// <inheritdoc />
    public Task PrePublish<T>(PublishContext<T> context)
        where T : class
    {
        if (IsCommand(typeof(T)))
        {
            gauge.Enter();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    /// <inheritdoc />
    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class
    {
        if (IsCommand(typeof(T)))
        {
            gauge.Exit();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    /// <inheritdoc />
    public Task PostReceive(ReceiveContext context)
    {
        gauge.Exit();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    /// <inheritdoc />
    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    /// <inheritdoc />
    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        gauge.Exit();
        return Task.CompletedTask;
    }

    private static bool IsCommand(Type type) =>
        type == typeof(SnapshotRequested) || type == typeof(TransferRequested) || type == typeof(SnapshotExpired);
}
