using MassTransit;

namespace DoSnapshot.CrashHost.Tests;

/// <summary>The point <c>before-ack</c>: the consumer is done with a message, and the broker has not heard that it is.</summary>
internal sealed class CrashingConsumption(CrashPoint point) : IConsumeObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class
    {
        point.Reached("before-ack", typeof(T).Name);
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}

/// <summary>
/// Points around the publishing of a committed event. <c>before-publish</c>: the broker has not got it. <c>after-publish</c>: it has, and the relay has
/// not noted that.
/// </summary>
internal sealed class CrashingPublication(CrashPoint point) : IPublishObserver
{
    public Task PrePublish<T>(PublishContext<T> context)
        where T : class
    {
        point.Reached("before-publish", typeof(T).Name);
        return Task.CompletedTask;
    }

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        point.Reached("after-publish", typeof(T).Name);
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
