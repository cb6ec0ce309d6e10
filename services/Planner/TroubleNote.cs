using DoSnapshot.Hosting.Notices;

namespace DoSnapshot.Planner;

/// <summary>
/// Notes beside the log that it cannot be compared with DigitalOcean at the moment, and why: who looks at the log from another process learns it nowhere else, and
/// what he sees looks as well as it did before.
/// </summary>
public sealed class TroubleNote
{
    private readonly INoticeBook book;
    private readonly PlannerStatus status;
    private readonly ClockWatch clock;
    private readonly ILogger<TroubleNote> logger;
    private DateTimeOffset? since;
    private string? noted;
    private bool isNoted;
    private bool hasRead;

    /// <summary>Notes into this book what the status says, with since when by what is believed of this clock.</summary>
    public TroubleNote(INoticeBook book, PlannerStatus status, ClockWatch clock, ILogger<TroubleNote> logger)
    {
        (this.book, this.status, this.clock, this.logger) = (book, status, clock, logger);
    }

    /// <summary>What an earlier lead has noted may be over; what lasts began then, whoever led.</summary>
    public void BeginLead() => (since, noted, isNoted, hasRead) = (null, null, false, false);

    /// <summary>Notes what is new.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var trouble = status.NotCompared;
        if (!status.HasCompared || (isNoted && string.Equals(trouble, noted, StringComparison.Ordinal)))
        {
            return;
        }

        try
        {
            var now = clock.Believed;
            since = trouble is null ? null : since ?? Earlier(await BegunAsync(ct), now);
            hasRead = true;
            await book.WriteAsync(
                PlannerNotice.Channel,
                trouble is null ? [] : [new ToldNotice(PlannerNotice.NotCompared, PlannerNotice.NotCompared, "critical", trouble, since!.Value, now, GoneSince: null)],
                trouble is null ? [PlannerNotice.NotCompared] : [],
                ct);
            (noted, isNoted) = (trouble, true);
        }
#pragma warning disable CA1031 // A note is worth no trouble: it is tried again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.NotNoted(e.GetBaseException().Message);
        }
    }

    /// <summary>Since when the book says so, at the first look of a lead: nobody has compared since, as that takes the note back. Null where it does not say so.</summary>
    private async Task<DateTimeOffset?> BegunAsync(CancellationToken ct) => hasRead
        ? null
        : (await book.ReadAsync(PlannerNotice.Channel, ct)).FirstOrDefault(n => string.Equals(n.Key, PlannerNotice.NotCompared, StringComparison.Ordinal))?.Since;

    /// <summary>Nothing began in the future, whatever a clock said that was wrong.</summary>
    private static DateTimeOffset Earlier(DateTimeOffset? begun, DateTimeOffset now) => begun < now ? begun.Value : now;
}
