using DoSnapshot.Hosting.Bus;
using RabbitMQ.Client;

namespace DoSnapshot.Load.Benchmarks.Processes;

/// <summary>Looks at the broker's queues and the processes' memory twice a second, for the day's figures.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<HostProcess> _processes;
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, uint> _longest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<long>> _workingSets = new(StringComparer.Ordinal);
    private readonly Task _watching;

    private Watch(IReadOnlyList<HostProcess> processes, IConnection connection, IChannel channel)
    {
        (_processes, _connection, _channel) = (processes, connection, channel);
        _watching = WatchAsync(_end.Token);
    }

    public static IReadOnlyList<string> Queues { get; } = [CommandQueues.Snapshots, CommandQueues.Transfers, CommandQueues.Expiries];

    /// <summary>Connects and begins.</summary>
    public static async Task<Watch> StartAsync(Uri bus, IReadOnlyList<HostProcess> processes, CancellationToken ct)
    {
        var connection = await new ConnectionFactory { Uri = bus, ClientProvidedName = "load-bench" }.CreateConnectionAsync(ct);
        return new Watch(processes, connection, await connection.CreateChannelAsync(cancellationToken: ct));
    }

    /// <summary>The most messages that were seen ready in each queue, and the mean working set of each process in bytes, since the last time.</summary>
    public (IReadOnlyDictionary<string, uint> Longest, IReadOnlyDictionary<string, long> WorkingSets) TakeDay()
    {
        lock (_gate)
        {
            var day = (_longest.ToDictionary(StringComparer.Ordinal), _workingSets.ToDictionary(p => p.Key, p => (long)p.Value.Average(), StringComparer.Ordinal));
            _longest.Clear();
            _workingSets.Clear();
            return day;
        }
    }

    /// <summary>How many messages are ready in each queue at this moment.</summary>
    public async Task<IReadOnlyDictionary<string, uint>> DepthsAsync(CancellationToken ct)
    {
        var depths = new Dictionary<string, uint>(StringComparer.Ordinal);
        await _turn.WaitAsync(ct);
        try
        {
            foreach (var queue in Queues)
            {
                depths[queue] = (await _channel.QueueDeclarePassiveAsync(queue, ct)).MessageCount;
            }
        }
        finally
        {
            _turn.Release();
        }

        return depths;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        _turn.Dispose();
        _end.Dispose();
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var depths = await DepthsAsync(CancellationToken.None);
            lock (_gate)
            {
                foreach (var (queue, ready) in depths)
                {
                    _longest[queue] = Math.Max(_longest.GetValueOrDefault(queue), ready);
                }

                foreach (var process in _processes)
                {
                    if (!_workingSets.TryGetValue(process.Name, out var seen))
                    {
                        _workingSets[process.Name] = seen = [];
                    }

                    seen.Add(process.WorkingSet);
                }
            }

            await Task.Delay(Every, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
