using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Bus;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Services.Tests;

/// <summary>Which messages go to the error queue: those that nothing else would bring back.</summary>
public sealed class FailedMessagesTests
{
    [Theory]
    [InlineData("ordinary trouble with a command of the log is for the sweep", true, true, false)]
    [InlineData("ordinary trouble with one from outside, which is nowhere else", false, true, true)]
    [InlineData("a fault of ours with a command of the log", true, false, true)]
    public async Task Only_what_nothing_else_would_bring_back_goes_to_the_error_queue(string what, bool fromLog, bool ordinary, bool isMoved)
    {
        var lines = new RecordingLogger<FailedMessages>();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var failed = new FailedMessages(services.GetRequiredService<IMeterFactory>(), lines);
        var counted = new ConcurrentBag<long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (instrument.Name == FailedMessages.CounterName)
                {
                    me.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => counted.Add(value));
        listener.Start();
        var moved = new ConcurrentBag<Guid>();
        var bus = Bus.Factory.CreateUsingInMemory(cfg =>
        {
            cfg.ReceiveEndpoint("pruner-worker", endpoint =>
            {
                failed.Watch(endpoint);
                endpoint.Handler<SnapshotLost>(_ => throw (ordinary
                    ? new DigitalOceanException("GET /v2/snapshots/7: 503") { IsTransient = true }
                    : new InvalidOperationException("A fault.")));
            });
            cfg.ReceiveEndpoint("pruner-worker_error", endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                endpoint.Handler<SnapshotLost>(context =>
                {
                    moved.Add(context.Message.SnapshotId);
                    return Task.CompletedTask;
                });
            });
        });
        await bus.StartAsync(World.Ct);
        try
        {
            var message = new SnapshotLost(Guid.NewGuid(), 1, 7, World.Start);
            await (fromLog ? bus.PublishEventAsync(Guid.NewGuid(), 3, message, World.Ct) : bus.Publish(message, World.Ct));
            while (lines.Lines.Count == 0 || (isMoved && moved.IsEmpty))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, World.Ct);
            }

            Assert.True(moved.IsEmpty != isMoved, what);
            Assert.Equal(isMoved ? [1L] : [], counted);
            Assert.Contains(isMoved ? "could not be handled and is in pruner-worker_error" : "is published again later", Assert.Single(lines.Lines), StringComparison.Ordinal);
        }
        finally
        {
            await bus.StopAsync(World.Ct);
        }
    }
}
