using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Inquiry.Status;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Api;

/// <summary>
/// What is known of the whole fleet, read once for all who ask while the log does not grow: whoever watches asks whenever something has happened, and all of them at once.
/// </summary>
internal sealed class StatusBoard : IDisposable
{
    /// <summary>So old an answer may be: time passes, and brings alarms.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(2);

    /// <summary>So old the fleet may be under an answer where nothing was underway when it was read: it can only be otherwise when the read models were made anew.</summary>
    private static readonly TimeSpan SettledLasts = TimeSpan.FromSeconds(10);

    private readonly IEventLog log;
    private readonly LogDatabase database;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim reading = new(1);
    private readonly SemaphoreSlim judging = new(1);
    private KnownFleet? fleet;
    private KnownStatus? status;

    public StatusBoard(IEventLog log, LogDatabase database, TimeProvider clock)
    {
        (this.log, this.database, this.clock) = (log, database, clock);
    }

    /// <summary>Whether the fleet was read already.</summary>
    public bool HasRead => Volatile.Read(ref fleet) is not null;

    /// <summary>What is known of every droplet, by all that was in the log when this was asked.</summary>
    public async Task<IReadOnlyList<DropletLedger>> FleetAsync(CancellationToken ct)
    {
        var stand = await database.StandAsync(ct);
        if (Kept(stand) is { } kept)
        {
            return kept;
        }

        await reading.WaitAsync(ct);
        try
        {
            if (Kept(stand) is { } meanwhile)
            {
                return meanwhile;
            }

            // Asked before the fleet is read: what is appended meanwhile is not counted as known.
            stand = await database.StandAsync(ct);
            var read = await log.LoadLedgersAsync(null, ct);
            Volatile.Write(ref fleet, new KnownFleet(stand, clock.GetTimestamp(), read));
            return read;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>How it stands, by all that was in the log when this was asked.</summary>
    public async Task<FleetStatus> StatusAsync(CancellationToken ct)
    {
        var now = await database.NowAsync(ct);
        var ledgers = await FleetAsync(ct);
        if (Kept(ledgers) is { } kept)
        {
            return kept;
        }

        await judging.WaitAsync(ct);
        try
        {
            if (Kept(ledgers) is { } meanwhile)
            {
                return meanwhile;
            }

            var judged = FleetStatus.Of(ledgers, now, new LifecycleTimings());
            Volatile.Write(ref status, new KnownStatus(ledgers, clock.GetTimestamp(), judged));
            return judged;
        }
        finally
        {
            judging.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reading.Dispose();
        judging.Dispose();
    }

    private IReadOnlyList<DropletLedger>? Kept(LogStand stand) =>
        Volatile.Read(ref fleet) is { } known && known.Stand.Head >= stand.Head && clock.GetElapsedTime(known.At) < (known.Stand.IsSettled ? SettledLasts : Lasts) ? known.Ledgers : null;

    private FleetStatus? Kept(IReadOnlyList<DropletLedger> ledgers) =>
        Volatile.Read(ref status) is { } known && ReferenceEquals(known.Ledgers, ledgers) && clock.GetElapsedTime(known.At) < Lasts ? known.Status : null;

    private sealed record KnownFleet(LogStand Stand, long At, IReadOnlyList<DropletLedger> Ledgers);

    private sealed record KnownStatus(IReadOnlyList<DropletLedger> Ledgers, long At, FleetStatus Status);
}
