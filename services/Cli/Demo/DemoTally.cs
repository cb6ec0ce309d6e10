using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Cli.Demo;

/// <summary>What the log says so far, counted: read from the log as anybody may read it.</summary>
internal sealed class DemoTally
{
    private const int Page = 1000;

    private readonly IEventLog _log;
    private long _sequence;

    public DemoTally(IEventLog log)
    {
        _log = log;
    }

    public int Found { get; private set; }

    public int Requested { get; private set; }

    public int Taken { get; private set; }

    public int Transferred { get; private set; }

    public int Expired { get; private set; }

    public int Pruned { get; private set; }

    public int Lost { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Longest time by the demo's clock from a snapshot's completion to the request of its transfers.</summary>
    public TimeSpan SlowestTransferRequest { get; private set; }

    public IReadOnlyList<DropletLedger> Fleet { get; private set; } = [];

    public IEnumerable<Snapshot> Snapshots => Fleet.SelectMany(l => l.Snapshots);

    private Dictionary<Guid, DateTimeOffset> CompletedAt { get; } = [];

    public async Task ReadAsync(CancellationToken ct)
    {
        while (await _log.ReadAsync(_sequence, Page, ct) is { Count: > 0 } events)
        {
            foreach (var e in events)
            {
                Count(e.Data);
            }

            _sequence = events[^1].Sequence;
        }

        Fleet = await _log.LoadLedgersAsync(null, ct);
    }

    private void Count(object @event)
    {
        switch (@event)
        {
            case SnapshotDiscovered:
                Found++;
                break;
            case SnapshotRequested:
                Requested++;
                break;
            case SnapshotCompleted e:
                Taken++;
                CompletedAt[e.SnapshotId] = e.At;
                break;
            case TransferRequested e when CompletedAt.TryGetValue(e.SnapshotId, out var at) && e.RequestedAt - at > SlowestTransferRequest:
                SlowestTransferRequest = e.RequestedAt - at;
                break;
            case TransferCompleted:
                Transferred++;
                break;
            case SnapshotExpired:
                Expired++;
                break;
            case SnapshotPruned:
                Pruned++;
                break;
            case SnapshotLost:
                Lost++;
                break;
            case SnapshotFailed:
                Failed++;
                break;
            default:
                break;
        }
    }
}
