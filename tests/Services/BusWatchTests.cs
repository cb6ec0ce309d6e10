using DoSnapshot.Hosting.Bus;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Services.Tests;

/// <summary>A process whose bus is stuck ends, to be started anew; one whose broker is away waits.</summary>
public sealed class BusWatchTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>h: the bus is healthy; a: it is not, and the broker answers; -: it is not, and the broker is away. A look every 30 seconds.</summary>
    [Theory]
    [InlineData("healthy all the time", "hhhhhhhhhhhh", null)]
    [InlineData("the broker is away for long", "h-----------", null)]
    [InlineData("the bus comes back in time", "h----aaaahhh", null)]
    [InlineData("the broker comes and goes", "h-aaa-aaaa-aaaah", null)]
    [InlineData("it does not come back", "h--aaaaaaaa", 7)]
    [InlineData("stuck from the start", "aaaaaaaa", 4)]
    [InlineData("stuck the second time", "haaahaaaaa", 9)]
    public void A_bus_is_stuck_once_the_broker_has_answered_for_two_minutes(string what, string looks, int? stuckAt)
    {
        var bus = new StuckBus();
        int? found = null;
        for (var i = 0; i < looks.Length && found is null; i++)
        {
            found = bus.Look(looks[i] is 'h', looks[i] is 'a', TimeSpan.FromSeconds(30 * i)) ? i : null;
        }

        Assert.True(found == stuckAt, $"{what}: {found}");
    }

    [Fact]
    public async Task A_process_whose_bus_is_stuck_ends_by_a_fault_that_is_said()
    {
        var (clock, logger) = (new FakeTimeProvider(), new RecordingLogger<BusWatch>());
        using var watch = new BusWatch(() => false, _ => Task.FromResult(true), clock, logger);
        await watch.StartAsync(Ct);

        while (!watch.ExecuteTask!.IsCompleted)
        {
            Ct.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<StuckBusException>(() => watch.ExecuteTask!);
        Assert.StartsWith("Critical: RabbitMQ has answered for 2 minutes", Assert.Single(logger.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_its_process_without_a_word()
    {
        var (clock, logger) = (new FakeTimeProvider(), new RecordingLogger<BusWatch>());
        using var watch = new BusWatch(() => true, _ => Task.FromResult(false), clock, logger);
        await watch.StartAsync(Ct);
        clock.Advance(TimeSpan.FromMinutes(10));

        await watch.StopAsync(Ct);

        Assert.False(watch.ExecuteTask!.IsFaulted);
        Assert.Empty(logger.Lines);
    }
}
