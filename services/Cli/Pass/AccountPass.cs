using DoSnapshot.Cli.Arguments;
using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Cli.Pass;

/// <summary>
/// One pass over the account: both listings, every page; then droplet by droplet what is due. Trouble with one droplet is not the others'.
/// </summary>
internal sealed class AccountPass
{
    /// <summary>Droplets at once. Each waits for answers most of its time; more would soon reach the token's limit of a minute.</summary>
    public const int DropletsAtOnce = 4;

    private readonly PassContext context;

    /// <summary>A pass in this context.</summary>
    public AccountPass(PassContext context)
    {
        this.context = context;
    }

    /// <summary>Runs it; what failed is counted.</summary>
    /// <exception cref="UsageException">There is no such region; nothing was done.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var began = context.Clock.GetTimestamp();
        using (var turn = context.TakeTurn is { } take ? await take(ct) : null)
        {
            if (!await BeginAsync(ct))
            {
                return;
            }
        }

        // What follows is waiting, and others may begin their own.
        if (context.Options is { Wait: true, DryRun: false })
        {
            await new Completion(context).WaitAsync(ct);
        }

        PassWords.Sum(context, context.Clock.GetElapsedTime(began));
    }

    /// <summary>Does everything that is due; false when nothing could be concluded from what was seen.</summary>
    private async Task<bool> BeginAsync(CancellationToken ct)
    {
        PassWords.SayWhatIsMeant(context);
        if (await ListAsync(ct) is not var (droplets, snapshots) || ClockIsWrong())
        {
            return false;
        }

        await CheckRegionsAsync(ct);
        var plan = await StatePlanAsync(ct);
        PassWords.SayHowMany(context, droplets.Count);
        var byDroplet = snapshots.ToLookup(s => s.DropletId ?? 0);
        var now = context.Clock.GetUtcNow();
        List<Droplet> known =
        [
            .. await droplets.ToAsyncEnumerable()
                .Where((droplet, token) => TryAsync(droplet, () => TakeInAsync(droplet, plan, byDroplet[droplet.Id], now, token), token))
                .ToListAsync(ct),
        ];
        await PassBrake.CheckAsync(context, await context.Log.LoadLedgersAsync(null, ct), now, ct);
        await Parallel.ForEachAsync(
            known,
            new ParallelOptions { MaxDegreeOfParallelism = DropletsAtOnce, CancellationToken = ct },
            async (droplet, token) => await TryAsync(droplet, () => RunAsync(droplet, byDroplet[droplet.Id], now, token), token));
        await PassBrake.TellAsync(context, context.Plan.Name, ct);
        return true;
    }

    /// <summary>Both listings at once; null when either failed, as nothing is concluded from half of it.</summary>
    private async Task<(IReadOnlyList<Droplet> Droplets, IReadOnlyList<DropletSnapshot> Snapshots)?> ListAsync(CancellationToken ct)
    {
        var droplets = context.Api.ListDropletsAsync(context.Plan.Tag, ct);
        var snapshots = context.Api.ListSnapshotsAsync(ct);
        try
        {
            await Task.WhenAll(droplets, snapshots);
            return (await droplets, await snapshots);
        }
        catch (DigitalOceanException e)
        {
            context.Logger.CannotList(e.Message);
            context.Tally.CountFailure();
            return null;
        }
    }

    /// <summary>A copy to a region that there is not would fail at every run. A token that may not see the regions does its work without.</summary>
    private async Task CheckRegionsAsync(CancellationToken ct)
    {
        if (context.Plan.Regions.Length == 0)
        {
            return;
        }

        HashSet<string> there;
        try
        {
            there = (await context.Api.ListRegionsAsync(ct)).Select(r => r.Slug).ToHashSet(StringComparer.Ordinal);
        }
        catch (DigitalOceanException e)
        {
            context.Logger.RegionsUnknown(e.Message);
            return;
        }

        PassWords.RefuseUnknownRegion(context.Plan, there);
    }

    /// <summary>By a wrong clock every age is wrong.</summary>
    private bool ClockIsWrong()
    {
        if (context.Api.ClockOffset is not { } offset || offset.Duration() <= context.Timings.ClockSkew)
        {
            return false;
        }

        context.Logger.WrongClock(Words.Of(offset.Duration()), offset > TimeSpan.Zero ? "behind" : "ahead of");
        context.Tally.CountFailure();
        return true;
    }

    private async Task<PlanFacts> StatePlanAsync(CancellationToken ct)
    {
        var plan = context.Plan;
        var stated = new PlanChanged(plan.Name, plan.Version, context.Options.Terms, context.Clock.GetUtcNow());
        await context.Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan(plan.Name), stated)], ct);
        return (await context.Log.LoadFleetFactsAsync(ct)).Plans.Single();
    }

    private Task RunAsync(Droplet droplet, IEnumerable<DropletSnapshot> listed, DateTimeOffset now, CancellationToken ct) =>
        new DropletPass(context, droplet.Id, droplet.Name, listed.Select(s => s.CreatedAt).ToHashSet(), now).RunAsync(ct);

    /// <summary>False when it failed, which is counted.</summary>
    private async ValueTask<bool> TryAsync(Droplet droplet, Func<Task> step, CancellationToken ct)
    {
        try
        {
            await step();
            return true;
        }
#pragma warning disable CA1031 // Whatever it was, it was about this droplet; the others have their turn.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            context.Logger.DropletFailed(droplet.Name, e is DigitalOceanException ? e.Message : e.ToString());
            context.Tally.CountFailure();
            return false;
        }
    }

    /// <summary>Takes into the log the droplet and those of its snapshots that bear the plan's name.</summary>
    private Task TakeInAsync(Droplet droplet, PlanFacts plan, IEnumerable<DropletSnapshot> listed, DateTimeOffset now, CancellationToken ct) =>
        context.Log.DecideAsync(
            droplet.Id,
            ledger => Reconciliation.Decide(
                ledger,
                plan,
                new ObservedDroplet(droplet.Id, droplet.Name),
                [.. listed.Select(s => s.Observed())],
                new HashSet<long>(),
                now,
                context.Timings),
            ct);
}
