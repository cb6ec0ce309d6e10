using DoSnapshot.Cli.Demo;

namespace DoSnapshot.Load.Benchmarks;

/// <summary>Lets each call take its time, and counts how many there are in the busiest minute and hour.</summary>
internal sealed class CallMeter(JumpClock clock, TimeSpan latency)
{
    private readonly Window _minute = new(TimeSpan.FromMinutes(1));
    private readonly Window _hour = new(TimeSpan.FromHours(1));

    public int BusiestMinute => _minute.Most;

    public int BusiestHour => _hour.Most;

    /// <summary>The way to the API of one process.</summary>
    public HttpMessageHandler Around(HttpMessageHandler api) => new Handler(this, api);

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken ct)
    {
        await Task.Delay(latency / 2, clock, ct).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        _minute.Count(now);
        _hour.Count(now);
        var answer = await send().ConfigureAwait(false);
        await Task.Delay(latency / 2, clock, ct).ConfigureAwait(false);
        return answer;
    }

    private sealed class Handler(CallMeter meter, HttpMessageHandler api) : DelegatingHandler(api)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            meter.SendAsync(() => base.SendAsync(request, cancellationToken), cancellationToken);
    }

    private sealed class Window(TimeSpan length)
    {
        private readonly Queue<DateTimeOffset> _moments = new();

        public int Most { get; private set; }

        public void Count(DateTimeOffset now)
        {
            _moments.Enqueue(now);
            while (_moments.Peek() <= now - length)
            {
                _moments.Dequeue();
            }

            Most = Math.Max(Most, _moments.Count);
        }
    }
}
