using System.Diagnostics.Metrics;
using DoSnapshot.Contracts;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>Counts what this process appends to the log. Each event is appended by one process, so that the sum over all of them is the truth.</summary>
public sealed class LogMetrics : IDisposable
{
    private const string NoGuard = "";

    private readonly Meter meter;
    private readonly Counter<long> snapshots;
    private readonly Counter<long> transfers;
    private readonly Counter<long> deferrals;
    private readonly Counter<long> expiries;
    private readonly Counter<long> held;
    private readonly Counter<long> withdrawn;
    private readonly Counter<long> deletions;

    private bool isShown;

    /// <summary>Counts by a meter of this factory.</summary>
    public LogMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meter = meters.Create(Measures.MeterName);
        snapshots = meter.Counter(Measures.Snapshots);
        transfers = meter.Counter(Measures.Transfers);
        deferrals = meter.Counter(Measures.Deferrals);
        expiries = meter.Counter(Measures.Expiries);
        held = meter.Counter(Measures.ExpiriesHeld);
        withdrawn = meter.Counter(Measures.ExpiriesWithdrawn);
        deletions = meter.Counter(Measures.Deletions);
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();

    /// <summary>
    /// Shows what was not counted yet as zero, once somebody collects: of a series that begins with its first event that event would be missing in every
    /// increase.
    /// </summary>
    public void Show()
    {
        if (isShown || !snapshots.Enabled)
        {
            return;
        }

        isShown = true;
        foreach (var outcome in (string[])["completed", "failed", "lost", "discovered"])
        {
            snapshots.Add(Measures.Snapshots, 0, outcome);
        }

        foreach (var outcome in (string[])["completed", "failed"])
        {
            transfers.Add(Measures.Transfers, 0, outcome);
        }

        foreach (var command in (string[])["snapshot", "transfer", "deletion"])
        {
            deferrals.Add(Measures.Deferrals, 0, command);
        }

        foreach (var origin in Enum.GetValues<Origin>())
        {
            expiries.Add(Measures.Expiries, 0, Measure.ValueOf(origin));
        }

        deletions.Add(Measures.Deletions, 0, "pruned", NoGuard);
        deletions.Add(Measures.Deletions, 0, "refused", NoGuard);
    }

    /// <summary>Counts an event that was appended.</summary>
    public void Count(object @event)
    {
        Show();
        switch (@event)
        {
            case SnapshotCompleted:
                snapshots.Add(Measures.Snapshots, 1, "completed");
                break;
            case SnapshotFailed { Final: true }:
                snapshots.Add(Measures.Snapshots, 1, "failed");
                break;
            case SnapshotLost:
                snapshots.Add(Measures.Snapshots, 1, "lost");
                break;
            case SnapshotDiscovered:
                snapshots.Add(Measures.Snapshots, 1, "discovered");
                break;
            case TransferCompleted:
                transfers.Add(Measures.Transfers, 1, "completed");
                break;
            case TransferFailed { Final: true }:
                transfers.Add(Measures.Transfers, 1, "failed");
                break;
            case SnapshotDeferred or SnapshotFailed:
                deferrals.Add(Measures.Deferrals, 1, "snapshot");
                break;
            case TransferDeferred or TransferFailed:
                deferrals.Add(Measures.Deferrals, 1, "transfer");
                break;
            case PruneDeferred:
                deferrals.Add(Measures.Deferrals, 1, "deletion");
                break;
            case SnapshotExpired e:
                expiries.Add(Measures.Expiries, 1, Measure.ValueOf(e.Origin));
                break;
            case ExpiryHeld e:
                held.Add(Measures.ExpiriesHeld, 1, Measure.ValueOf(e.Guard));
                break;
            case ExpiryWithdrawn e:
                withdrawn.Add(Measures.ExpiriesWithdrawn, 1, Measure.ValueOf(e.Guard));
                break;
            case SnapshotPruned:
                deletions.Add(Measures.Deletions, 1, "pruned", NoGuard);
                break;
            case PruneRefused e:
                deletions.Add(Measures.Deletions, 1, "refused", e.Guard is { } guard ? Measure.ValueOf(guard) : NoGuard);
                break;
            default:
                break;
        }
    }
}
