namespace DoSnapshot.Cli.Demo;

/// <summary>Moves the clock of a demo world, from timer to timer, each time that everything has come to rest.</summary>
internal sealed class DemoDriver : IDisposable
{
    /// <summary>
    /// If something waits for the clock while it counts as work (a repeated request, say), nothing would ever come to rest. After this much
    /// real time the clock is moved all the same.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly DemoWorld _world;
    private readonly SemaphoreSlim _idle = new(0);

    public DemoDriver(DemoWorld world)
    {
        _world = world;
        _world.Gauge.BecameIdle += OnIdle;
    }

    /// <summary>Moves the clock to <paramref name="end"/>.</summary>
    public async Task RunAsync(DateTimeOffset end, CancellationToken ct)
    {
        while (true)
        {
            await RestAsync(ct);
            var now = _world.Clock.GetUtcNow();
            if (now >= end)
            {
                return;
            }

            _world.Clock.JumpToNext(end);
        }
    }

    public void Dispose()
    {
        _world.Gauge.BecameIdle -= OnIdle;
        _idle.Dispose();
    }

    private async Task RestAsync(CancellationToken ct)
    {
        while (_world.Gauge.Busy > 0)
        {
            if (!await _idle.WaitAsync(Patience, ct))
            {
                return;
            }
        }
    }

    private void OnIdle(object? sender, EventArgs e) => _idle.Release();
}
