using DoSnapshot.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Notifying.Tests;

/// <summary>The report that all is well, to a real listener.</summary>
public sealed class DeadManPingTests
{
    private readonly SetClock _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_made_at_its_pace_and_at_once_when_that_changes()
    {
        await using var listener = await Listener.StartAsync();
        using var ping = Ping(listener.At("/uuid?a=1"), NullLogger<DeadManPing>.Instance);
        await ping.ReportAsync(null, Ct);
        await ping.ReportAsync(null, Ct);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ping.ReportAsync(null, Ct);
        await ping.ReportAsync("the relay is behind", Ct);
        await ping.ReportAsync("the relay is still behind", Ct);
        await ping.ReportAsync(null, Ct);

        Assert.Equal(["POST /uuid ", "POST /uuid ", "POST /uuid/fail the relay is behind", "POST /uuid "], listener.Calls.Select(c => $"{c.Method} {c.Path} {c.Body}"));
    }

    [Fact]
    public async Task Its_pace_is_measured_whatever_the_clock_is_set_to()
    {
        await using var listener = await Listener.StartAsync();
        using var ping = Ping(listener.At("/uuid"), NullLogger<DeadManPing>.Instance);
        _clock.Set = TimeSpan.FromDays(30);
        await ping.ReportAsync(null, Ct);
        _clock.Set = TimeSpan.Zero;
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ping.ReportAsync(null, Ct);
        Assert.Equal(2, listener.Calls.Count);
        _clock.Set = TimeSpan.FromDays(30);
        await ping.ReportAsync(null, Ct);
        Assert.Equal(2, listener.Calls.Count);
    }

    [Fact]
    public async Task Without_an_address_nothing_is_sent()
    {
        using var ping = Ping(null, NullLogger<DeadManPing>.Instance);
        await ping.ReportAsync(null, Ct);
    }

    [Fact]
    public async Task One_that_does_not_listen_is_told_once_without_its_address()
    {
        await using var listener = await Listener.StartAsync();
        var log = new Lines();
        using var ping = Ping(listener.At("/secret"), log);
        listener.Status = StatusCodes.Status404NotFound;
        await ping.ReportAsync(null, Ct);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ping.ReportAsync(null, Ct);
        listener.Status = StatusCodes.Status200OK;
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ping.ReportAsync(null, Ct);
        await listener.DisposeAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ping.ReportAsync(null, Ct);

        Assert.Equal(
            [
                "The outside watcher at 127.0.0.1 cannot be told that all is well: it answered 404",
                "The outside watcher at 127.0.0.1 cannot be told that all is well: it cannot be reached: ConnectionError",
            ],
            log.Said);
    }

    private DeadManPing Ping(Uri? address, ILogger<DeadManPing> logger) => new(new NotificationOptions { DeadMan = address }, _clock, logger);

    private sealed class Lines : ILogger<DeadManPing>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            ArgumentNullException.ThrowIfNull(formatter);
            Said.Add(formatter(state, exception));
        }
    }
}
