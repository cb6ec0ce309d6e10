using System.Globalization;
using System.Net.Http.Json;
using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.Load.Benchmarks.Processes;

/// <summary>Reads from the sandbox and from the log what happened in a day.</summary>
internal sealed class Books : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ProcessWorld _world;
    private readonly Watch _watch;
    private readonly HttpClient _sandbox;
    private readonly NpgsqlDataSource _log;
    private List<Call> _lastHour = [];
    private long _read;

    public Books(ProcessWorld world, Watch watch)
    {
        _world = world;
        _watch = watch;
        _sandbox = new HttpClient { BaseAddress = world.SandboxAddress, Timeout = Minute * 2 };
        _log = NpgsqlDataSource.Create(world.Database);
    }

    /// <summary>The figures of the day that ends about now.</summary>
    public async Task<DayFigures> ReadAsync(int day, CancellationToken ct)
    {
        var began = _world.Clock.Start.AddDays(day - 1);
        var (longest, workingSets) = _watch.TakeDay();
        var processes = new List<ProcessFigures>();
        foreach (var process in _world.Processes)
        {
            var heap = await process.HeapAsync(ct);
            processes.Add(new ProcessFigures(process.Name, heap.Bytes, workingSets.GetValueOrDefault(process.Name), process.ProcessorTime, heap.IsServer));
        }

        var calls = (await _sandbox.GetFromJsonAsync<Journal>($"sandbox/requests?since={_read.ToString(CultureInfo.InvariantCulture)}", ct))!.Requests;
        var counted = calls.Where(c => c.Status is not 429).Concat(_lastHour).ToList();
        _read = calls.Count > 0 ? calls[^1].Number : _read;
        _lastHour = calls.Count > 0 ? [.. counted.Where(c => c.At > calls[^1].At - Hour)] : [];
        var (events, waiting) = await ReadLogAsync(began, ct);
        return new DayFigures(
            day,
            calls.Count,
            calls.Count(c => c.Status is 429),
            BusiestWindow.Count(counted.Select(c => c.At), Minute),
            BusiestWindow.Count(counted.Select(c => c.At), Hour),
            events,
            waiting,
            longest,
            await _watch.DepthsAsync(ct),
            processes);
    }

    /// <summary>Snapshots that wait for something: to be taken, copied or deleted.</summary>
    public async Task<int> WaitingAsync(CancellationToken ct)
    {
        await using var wait = _log.CreateCommand(
            """
            select count(*)::int from do_snapshot.mt_doc_snapshot
            where live and (working or data ->> 'phase' in ('Requested', 'Expired', 'Pruning')
                or (data ->> 'phase' = 'Complete' and jsonb_path_exists(data, '$.transfers.*.phase ? (@ == "Requested")')))
            """);
        return (int)(await wait.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Snapshots that were asked for since then.</summary>
    public async Task<int> AskedForAsync(DateTimeOffset since, CancellationToken ct)
    {
        await using var count = _log.CreateCommand("select count(*)::int from do_snapshot.mt_doc_snapshot where requested_at >= $1");
        count.Parameters.AddWithValue(since);
        return (int)(await count.ExecuteScalarAsync(ct))!;
    }

    public async ValueTask DisposeAsync()
    {
        _sandbox.Dispose();
        await _log.DisposeAsync();
    }

    private async Task<(IReadOnlyDictionary<string, Done> Events, int Waiting)> ReadLogAsync(DateTimeOffset began, CancellationToken ct)
    {
        var events = new Dictionary<string, Done>(StringComparer.Ordinal);
        await using var count = _log.CreateCommand(
            "select type, count(*)::int, max(timestamp) from do_snapshot.mt_events where timestamp >= $1 group by type");
        count.Parameters.AddWithValue(began);
        await using (var row = await count.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                events[row.GetString(0)] = new Done(row.GetInt32(1), await row.GetFieldValueAsync<DateTimeOffset>(2, ct) - began);
            }
        }

        return (events, await WaitingAsync(ct));
    }

    private sealed record Call(long Number, DateTimeOffset At, int Status);

    private sealed record Journal(IReadOnlyList<Call> Requests);
}
