using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Telemetry;

namespace DoSnapshot.Planner;

/// <summary>When the log is compared with DigitalOcean, what follows when that fails, and whether anything may be decided by now.</summary>
internal sealed class Comparisons : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);

    private readonly Reconciler reconciler;
    private readonly ClockWatch clock;
    private readonly PlannerStatus status;
    private readonly PlannerOptions options;
    private readonly ILogger logger;
    private readonly Func<CancellationToken, Task<DateTimeOffset>> newest;

    /// <summary>A round and a call to decide at once take turns.</summary>
    private readonly SemaphoreSlim comparing = new(1);

    private volatile bool mayDecide;
    private volatile bool isClockWrong;
    private TimeSpan retry = FirstRetry;

    /// <summary>Comparisons by this reconciler.</summary>
    /// <param name="reconciler">Compares.</param>
    /// <param name="clock">Told when the clock was found right.</param>
    /// <param name="status">Told how it went.</param>
    /// <param name="options">The paces.</param>
    /// <param name="logger">Told what went wrong.</param>
    /// <param name="newest">When the log's last event is of.</param>
    public Comparisons(
        Reconciler reconciler,
        ClockWatch clock,
        PlannerStatus status,
        PlannerOptions options,
        ILogger logger,
        Func<CancellationToken, Task<DateTimeOffset>> newest)
    {
        this.reconciler = reconciler;
        this.clock = clock;
        this.status = status;
        this.options = options;
        this.logger = logger;
        this.newest = newest;
    }

    /// <summary>Whether the log was compared since the lead began, with the right account and by a right clock.</summary>
    public bool MayDecide => mayDecide;

    /// <summary>Whether a clock in doubt was found wrong, and is to be held against DigitalOcean's again: the next comparison by the pace may be long off.</summary>
    public bool IsClockWrong => isClockWrong;

    /// <summary>A new leader decides nothing before it has compared once: it may have been away for long.</summary>
    public void BeginLead()
    {
        mayDecide = false;
        isClockWrong = false;
        retry = FirstRetry;
        reconciler.BeginLead();
    }

    /// <summary>One round. Gives when the next is due.</summary>
    public async Task<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        TimeSpan next;
        try
        {
            next = await ComparePartsAsync(ct);
        }
#pragma warning disable CA1031 // The API, the log or the token is in trouble: say so and try again soon.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return Failed(e, e.Message);
        }

        try
        {
            // Nothing waits for it, neither what is decided nor a clock in doubt: where requests are scarce it takes its time.
            await reconciler.LookForUncoveredAsync(ct);
            return next;
        }
        catch (ClockSkewException e)
        {
            NotRight(e);
            return Failed(e, e.Message);
        }
    }

    private async Task<TimeSpan> ComparePartsAsync(CancellationToken ct)
    {
        try
        {
            await CompareAsync(ct);
            return options.ReconcileEvery;
        }
        catch (AggregateException e)
        {
            // All but some droplets or images was compared: for the rest the log is as good as before.
            return Failed(e, string.Join("; ", e.InnerExceptions.Take(3).Select(one => one.Message)));
        }
    }

    /// <summary>One comparison.</summary>
    /// <exception cref="AggregateException">All but some droplets or images was compared: for the rest the log is as good as before.</exception>
    /// <exception cref="ClockSkewException">The clock is wrong.</exception>
    /// <exception cref="AccountMismatchException">The account is another.</exception>
    public async Task CompareAsync(CancellationToken ct)
    {
        await comparing.WaitAsync(ct);
        // A comparison begins with the clock, and takes its time.
        var reading = clock.Read();
        try
        {
            using var round = Tracing.BeginRound("compare");
            var trouble = await ReconcilePartsAsync(ct);
            clock.Agreed(reading, await newest(ct));
            mayDecide = true;
            if (trouble is not null)
            {
                throw trouble;
            }

            status.Reconciled();
            retry = FirstRetry;
        }
        catch (Exception e) when (e is ClockSkewException or AccountMismatchException)
        {
            NotRight(e);
            throw;
        }
        finally
        {
            status.Overlapping(reconciler.Overlaps);
            comparing.Release();
        }
    }

    /// <summary>Neither by a wrong clock nor with another account is anything decided.</summary>
    private void NotRight(Exception e)
    {
        mayDecide = false;
        if (e is ClockSkewException skew)
        {
            clock.Differs(skew.Offset);
        }

        status.Troubled(e.Message);
    }

    /// <summary>Gives what went wrong with single droplets or images; null when all was compared.</summary>
    private async Task<AggregateException?> ReconcilePartsAsync(CancellationToken ct)
    {
        try
        {
            await reconciler.RunAsync(ct);
            return null;
        }
        catch (AggregateException e)
        {
            return e;
        }
    }

    /// <summary>Holds a clock that is in doubt against DigitalOcean's. Gives when to try that again; null when it is right.</summary>
    public async Task<TimeSpan?> HoldClockAsync(CancellationToken ct)
    {
        try
        {
            await CompareAsync(ct);
        }
        catch (AggregateException e)
        {
            // All but some droplets or images was compared, and so was the clock.
            Failed(e, e.Message);
        }
#pragma warning disable CA1031 // The doubt stays, and with it nothing is decided.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            isClockWrong = true;
            return Failed(e, e.Message);
        }

        isClockWrong = false;
        return null;
    }

    /// <summary>Gives when to try again: soon, and ever less often, since each comparison reads all pages.</summary>
    private TimeSpan Failed(Exception e, string reason)
    {
        status.Troubled(reason, isPart: e is AggregateException);
        logger.ReconciliationFailed(reason, e is ClockSkewException or UnknownRegionException || OrdinaryTrouble.Describe(e) is not null ? null : e);
        var pause = Min(retry, options.ReconcileEvery);
        retry = Min(retry * 2, options.ReconcileEvery);
        return pause;
    }

    /// <inheritdoc />
    public void Dispose() => comparing.Dispose();

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
