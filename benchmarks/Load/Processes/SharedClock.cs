using DoSnapshot.LoadHost.Benchmarks;
using Npgsql;

namespace DoSnapshot.Load.Benchmarks.Processes;

/// <summary>
/// Moves the time of all processes: as in life until they are ready, then many times faster, and much faster still while nothing waits. It waits for
/// whoever does not follow, so that a machine that is busy with other things makes a run longer and not its figures worse.
/// </summary>
internal sealed class SharedClock : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(2);

    /// <summary>However long it was not moved for, it moves by so much real time at most.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(5);

    /// <summary>Whoever has not followed, or not answered, for so long is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    private readonly SharedTime _time;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _moving;
    private Task _asking = Task.CompletedTask;
    private long _askedSince;
    private volatile int _processes;
    private volatile float _factor = 1;
    private TimeSpan _held;

    public SharedClock(string path, DateTimeOffset start)
    {
        (Path, Start) = (path, start);
        _time = SharedTime.Create(path, start);
        _moving = MoveAsync(_end.Token);
    }

    public string Path { get; }

    public DateTimeOffset Start { get; }

    public DateTimeOffset Now => _time.Now;

    /// <summary>For how much real time it was held.</summary>
    public TimeSpan Held => _held;

    /// <summary>How many times faster than life it goes.</summary>
    public float Factor
    {
        get => _factor;
        set => _factor = value;
    }

    /// <summary>From now on it waits for so many processes, and for the database and the sandbox to answer.</summary>
    public void Follow(int processes, string database, Uri sandbox)
    {
        _processes = processes;
        _asking = AskAsync(database, sandbox, _end.Token);
    }

    /// <summary>Waits until it shows this time.</summary>
    public async Task WhenAsync(DateTimeOffset time, CancellationToken ct)
    {
        while (Now < time)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _moving;
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _time.Dispose();
        _end.Dispose();
    }

    private async Task MoveAsync(CancellationToken ct)
    {
        using var ticks = new PeriodicTimer(Every, TimeProvider.System);
        var last = TimeProvider.System.GetTimestamp();
        while (!ct.IsCancellationRequested)
        {
            var now = TimeProvider.System.GetTimestamp();
            var passed = TimeProvider.System.GetElapsedTime(last, now);
            last = now;
            if (_time.Lag(_processes) > Patience || IsKeptWaiting())
            {
                _held += passed;
            }
            else
            {
                _time.Now += (passed < LongestStep ? passed : LongestStep) * _factor;
            }

            try
            {
                await ticks.WaitForNextTickAsync(ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private bool IsKeptWaiting() => Volatile.Read(ref _askedSince) is not 0 and var since && TimeProvider.System.GetElapsedTime(since) > Patience;

    private async Task AskAsync(string database, Uri sandbox, CancellationToken ct)
    {
        await using var log = NpgsqlDataSource.Create(database);
        using var http = new HttpClient { BaseAddress = sandbox };
        while (!ct.IsCancellationRequested)
        {
            Volatile.Write(ref _askedSince, TimeProvider.System.GetTimestamp());
            await using (var command = log.CreateCommand("select 1"))
            {
                await command.ExecuteScalarAsync(ct);
            }

            using (await http.GetAsync(new Uri("health/live", UriKind.Relative), ct))
            {
                Volatile.Write(ref _askedSince, 0);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }
}
