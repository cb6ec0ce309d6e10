using System.Collections.Concurrent;
using MassTransit;

namespace DoSnapshot.Services.Tests;

/// <summary>A bus in memory, and what was published on it.</summary>
internal sealed class RecordingBus : IAsyncDisposable, IPublishObserver
{
    private readonly IBusControl _bus = MassTransit.Bus.Factory.CreateUsingInMemory(_ => { });

    public RecordingBus()
    {
        _bus.ConnectPublishObserver(this);
        _bus.Start();
    }

    public IBus Bus => _bus;

    public ConcurrentQueue<(Guid Id, object Message)> Published { get; } = new();

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        Published.Enqueue((context.MessageId!.Value, context.Message));
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public async ValueTask DisposeAsync() => await _bus.StopAsync(TimeSpan.FromSeconds(5));
}
