using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;

namespace DoSnapshot.Cli.Pass;

/// <summary>Stays until what the pass has begun is complete, and has transferred what became complete meanwhile.</summary>
internal sealed class Completion
{
    /// <summary>A look costs a request for all that is in progress together.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private const int MostFailedRounds = 20;

    private readonly PassContext context;
    private readonly IReadOnlyList<IFollower> followers;
    private long seen;

    /// <summary>Follows what stands in the context's log.</summary>
    public Completion(PassContext context)
    {
        this.context = context;
        followers =
        [
            new SnapshotFollower(context.Log, context.Api, context.Clock, context.Timings),
            new TransferFollower(context.Log, context.Api, context.Clock, context.Timings),
        ];
    }

    /// <summary>Waits.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        seen = await context.Log.HeadAsync(ct);
        var began = context.Clock.GetTimestamp();
        TimeSpan? toldAt = null;
        var failedRounds = 0;
        while (await context.Log.FindWorkingAsync(ct) is { Count: > 0 } working)
        {
            var passed = context.Clock.GetElapsedTime(began);
            if (toldAt is null || passed - toldAt >= TellEvery)
            {
                toldAt = passed;
                var transfers = working.Sum(s => s.Transfers.Values.Count(t => t.InFlight));
                context.Logger.Waiting(Words.Of(passed), working.Count(s => s.InFlight), transfers);
            }

            await Task.Delay(LookEvery, context.Clock, ct);
            var trouble = await LookAsync(ct);
            await GoOnAsync(ct);
            failedRounds = trouble is null ? 0 : failedRounds + 1;
            if (failedRounds == MostFailedRounds || trouble is { IsUnauthorized: true } or { IsForbidden: true })
            {
                context.Logger.GivenUp(trouble!.Message);
                context.Tally.CountFailure();
                return;
            }
        }
    }

    /// <summary>One look at everything in progress; what kept it from being whole, or null.</summary>
    private async Task<DigitalOceanException?> LookAsync(CancellationToken ct)
    {
        DigitalOceanException? trouble = null;
        foreach (var follower in followers)
        {
            try
            {
                await follower.RoundAsync(ct);
            }
            catch (DigitalOceanException e)
            {
                trouble = e;
            }
            catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is DigitalOceanException))
            {
                trouble = (DigitalOceanException)e.InnerExceptions[0];
            }
        }

        if (trouble is not null)
        {
            context.Logger.RoundFailed(trouble.Message);
        }

        return trouble;
    }

    /// <summary>Tells what the followers have found, and has what became complete transferred.</summary>
    private async Task GoOnAsync(CancellationToken ct)
    {
        var found = await new EventTeller(context).TellAsync(seen, ct);
        foreach (var dropletId in found.Select(e => e.Data).OfType<SnapshotCompleted>().Select(e => e.DropletId).Distinct())
        {
            await TransferAsync(dropletId, ct);
        }

        seen = await context.Log.HeadAsync(ct);
    }

    /// <summary>Without a log that is kept, another run may have begun the transfer since the snapshot could be seen: it is looked for, in turn.</summary>
    private async Task TransferAsync(long dropletId, CancellationToken ct)
    {
        using var turn = context.TakeTurn is { } take ? await take(ct) : null;
        var now = context.Clock.GetUtcNow();
        HashSet<long> unsure = context.KeepsLog
            ? []
            : await new AtWork(context, now).NoteTransfersAsync((await context.Log.LoadLedgersAsync([dropletId], ct))[0], ct);
        await new Worker(context, dropletId, now).TransferAsync(unsure, ct);
    }
}
