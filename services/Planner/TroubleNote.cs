using DoSnapshot.Hosting.Notices;

namespace DoSnapshot.Planner;

/// <summary>
/// Notes beside the log that it cannot be compared with DigitalOcean at the moment, and why: who looks at the log from another process learns it nowhere else, and
/// what he sees looks as well as it did before.
/// </summary>
public sealed class TroubleNote
{
    /// <summary>By so much since when it lasts is noted anew, where a clock was found wrong.</summary>
    private static readonly TimeSpan Correction = TimeSpan.FromMinutes(1);

    private readonly INoticeBook book;
    private readonly PlannerStatus status;
    private readonly ClockWatch clock;
    private readonly ILogger<TroubleNote> logger;

    /// <summary>When it was seen first, by the monotonic clock: what the other showed then may turn out to have been wrong.</summary>
    private long? seenAt;

    /// <summary>Since when an earlier lead had noted it.</summary>
    private DateTimeOffset? begun;
    private DateTimeOffset? notedSince;
    private string? noted;
    private bool isNoted;
    private bool hasRead;

    /// <summary>Notes into this book what the status says, with since when by what is believed of this clock.</summary>
    public TroubleNote(INoticeBook book, PlannerStatus status, ClockWatch clock, ILogger<TroubleNote> logger)
    {
        (this.book, this.status, this.clock, this.logger) = (book, status, clock, logger);
    }

    /// <summary>What an earlier lead has noted may be over; what lasts began then, whoever led.</summary>
    public void BeginLead() => (seenAt, begun, notedSince, noted, isNoted, hasRead) = (null, null, null, null, false, false);

    /// <summary>Notes what is new.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        if (!status.HasCompared)
        {
            return;
        }

        var trouble = status.NotCompared;
        if (trouble is null)
        {
            (seenAt, begun) = (null, null);
        }
        else
        {
            seenAt ??= clock.Timestamp;
        }

        if (isNoted && string.Equals(trouble, noted, StringComparison.Ordinal) && !((Since - notedSince)?.Duration() >= Correction))
        {
            return;
        }

        try
        {
            begun = trouble is null || hasRead ? begun : await BegunAsync(ct);
            hasRead = true;
            var since = Since;
            await book.WriteAsync(
                PlannerNotice.Channel,
                since is null ? [] : [new ToldNotice(PlannerNotice.NotCompared, PlannerNotice.NotCompared, "critical", trouble!, since.Value, clock.Believed, GoneSince: null)],
                since is null ? [PlannerNotice.NotCompared] : [],
                ct);
            (noted, isNoted, notedSince) = (trouble, true, since);
        }
#pragma warning disable CA1031 // A note is worth no trouble: it is tried again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.NotNoted(e.GetBaseException().Message);
        }
    }

    /// <summary>Since when it lasts, by what is believed now. Nothing began in the future, nor later than it was seen, whatever a clock said that was wrong.</summary>
    private DateTimeOffset? Since
    {
        get
        {
            DateTimeOffset? seen = seenAt is { } at ? clock.MomentOf(at) : null;
            return begun < seen ? begun : seen;
        }
    }

    /// <summary>Since when the book says so, at the first look of a lead: nobody has compared since, as that takes the note back. Null where it does not say so.</summary>
    private async Task<DateTimeOffset?> BegunAsync(CancellationToken ct) =>
        (await book.ReadAsync(PlannerNotice.Channel, ct)).FirstOrDefault(n => string.Equals(n.Key, PlannerNotice.NotCompared, StringComparison.Ordinal))?.Since;
}
