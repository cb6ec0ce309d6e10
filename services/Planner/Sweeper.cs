using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Hosting.Telemetry;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using MassTransit;

namespace DoSnapshot.Planner;

/// <summary>
/// Publishes again what waits for a worker and shows no progress: at its own retry time, else after ten minutes, doubling to an hour. It
/// publishes the event of the log itself, with the same message id, so that a repeat is one to every consumer.
/// </summary>
public sealed class Sweeper
{
    private readonly IEventLog log;
    private readonly IPublishEndpoint bus;
    private readonly TimeProvider clock;
    private readonly ILogger<Sweeper> logger;

    /// <summary>What was published again, when and how often. Lost with the leader: its successor is merely a little early.</summary>
    private Dictionary<(Guid Snapshot, Type Command, string? Region), (DateTimeOffset Since, DateTimeOffset Last, int Times)> published = [];

    /// <summary>What began to wait before this is published at once; null where a broker keeps what was published by whoever led before.</summary>
    private DateTimeOffset? forgottenBefore;

    /// <summary>A sweeper of this log.</summary>
    public Sweeper(IEventLog log, IBus bus, TimeProvider clock, ILogger<Sweeper> logger)
    {
        this.log = log;
        this.bus = bus;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>Begins a lead. What an earlier leader published is on the broker, or, on a bus within its process, gone with that process.</summary>
    /// <param name="busForgets">Whether the bus is within the process.</param>
    public void BeginLead(bool busForgets)
    {
        published = [];
        forgottenBefore = busForgets ? clock.GetUtcNow() : null;
    }

    /// <summary>Publishes what is due.</summary>
    public async Task SweepAsync(IReadOnlyList<DropletLedger> fleet, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        var now = clock.GetUtcNow();
        var waiting = fleet.SelectMany(Sweeping.Waiting).ToDictionary(w => (w.SnapshotId, w.Command, w.Region));
        published = published.Where(p => waiting.TryGetValue(p.Key, out var w) && w.Since == p.Value.Since).ToDictionary();
        foreach (var (key, command) in waiting)
        {
            var before = published.GetValueOrDefault(key);
            var dueAt = before.Times > 0 ? Sweeping.Again(before.Last, before.Times) : IsForgotten(command) ? now : command.DueAt;
            if (dueAt <= now)
            {
                try
                {
                    await PublishAsync(command, ct);
                }
#pragma warning disable CA1031 // A stream that cannot be read keeps its own command waiting and no other.
                catch (Exception e) when (e is not TimeoutException && !ct.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    logger.NotPublishedAgain(command.Command.Name, command.SnapshotId, e.GetBaseException().Message, OrdinaryTrouble.Describe(e) is null ? e : null);
                    continue;
                }

                published[key] = (command.Since, now, before.Times + 1);
            }
        }
    }

    /// <summary>One that has a time of its own was tried, and waits for that.</summary>
    private bool IsForgotten(WaitingCommand command) => command.NotBefore is null && command.Since < forgottenBefore;

    private async Task PublishAsync(WaitingCommand command, CancellationToken ct)
    {
        var events = await log.ReadStreamAsync(Streams.OfSnapshot(command.SnapshotId), ct);
        if (events.LastOrDefault(e => command.Is(e.Data)) is { } original)
        {
            using var step = Tracing.BeginPublishing(original.Data);
            logger.PublishedAgain(command.Command.Name, command.SnapshotId, command.Region ?? "none");
            await bus.PublishEventAsync(original.Id, original.Sequence, original.Data, ct);
        }
    }
}
