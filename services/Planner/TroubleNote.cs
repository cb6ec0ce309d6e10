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
    private readonly TimeProvider clock;
    private readonly ILogger<TroubleNote> logger;
    private DateTimeOffset? since;
    private string? noted;
    private bool isNoted;

    /// <summary>Notes into this book what the status says.</summary>
    public TroubleNote(INoticeBook book, PlannerStatus status, TimeProvider clock, ILogger<TroubleNote> logger)
    {
        (this.book, this.status, this.clock, this.logger) = (book, status, clock, logger);
    }

    /// <summary>What an earlier lead has noted may be over.</summary>
    public void BeginLead() => isNoted = false;

    /// <summary>Notes what is new.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var trouble = status.NotCompared;
        if (!status.HasCompared || (isNoted && string.Equals(trouble, noted, StringComparison.Ordinal)))
        {
            return;
        }

        since = trouble is null ? null : since ?? clock.GetUtcNow();
        try
        {
            await book.WriteAsync(
                PlannerNotice.Channel,
                trouble is null ? [] : [new ToldNotice(PlannerNotice.NotCompared, PlannerNotice.NotCompared, "critical", trouble, since!.Value, clock.GetUtcNow(), GoneSince: null)],
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
}
