using DoSnapshot.Cli.Arguments;
using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Planner;
using DoSnapshot.Planner.Plans;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Cli.Pass;

/// <summary>
/// One pass on a log that is kept: the planner's comparison of log and account; then what earlier passes left in flight or undone is settled; then
/// droplet by droplet what is due. It is the only one at work on its log.
/// </summary>
internal sealed class LogPass
{
    private const string Source = "the command's options";

    private readonly PassContext context;
    private readonly ConfiguredPlans configured;
    private readonly Reconciler reconciler;
    private readonly bool plannerLeads;
    private readonly INoticeBook? notes;

    /// <summary>A pass in this context, whose log is kept.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="plannerLeads">Whether a planner keeps the plans of the log: only a dry run goes on beside it.</param>
    /// <param name="notes">Where a planner may have noted that the log cannot be compared; null where nothing is to be written.</param>
    public LogPass(PassContext context, bool plannerLeads, INoticeBook? notes = null)
    {
        this.context = context;
        this.plannerLeads = plannerLeads;
        this.notes = notes;
        configured = Configured(context.Plan.Name, context.Options.Terms);
        reconciler = new Reconciler(
            context.Log, context.Api, configured, context.Clock, context.Timings, NullLogger<Reconciler>.Instance);
    }

    /// <summary>Runs it; what failed is counted.</summary>
    /// <exception cref="UsageException">The log is another plan's; nothing was done.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var began = context.Clock.GetTimestamp();
        PassWords.SayWhatIsMeant(context);
        await CheckPlansAsync(ct);
        if (!await TryAsync(() => CheckAccountAsync(ct)))
        {
            return;
        }

        if (!plannerLeads && !IsPlanners(await context.Log.LoadFleetFactsAsync(ct)))
        {
            await new PlanKeeper(context.Log, configured, context.Clock, NullLogger<PlanKeeper>.Instance).ApplyAsync(ct);
        }

        if (!await TryAsync(() => CompareAsync(ct)))
        {
            return;
        }

        await TakeBackNoteAsync(ct);
        await SettleAsync(ct);
        await DropletsAsync(ct);
        if (context.Options is { Wait: true, DryRun: false })
        {
            await new Completion(context).WaitAsync(ct);
        }

        PassWords.Sum(context, context.Clock.GetElapsedTime(began));
    }

    /// <summary>What a run is asked for counts, whatever the log was told before.</summary>
    private static ConfiguredPlans Configured(string plan, PlanTerms terms) => new(
        new PlanSet([new StatedPlan(plan, terms)]),
        Source,
        onlyWayIn: true,
        (_, term) => string.Equals(term, "regions", StringComparison.Ordinal) ? CommandOptions.Region.Display : null);

    /// <summary>A pass has one plan. Whoever keeps several in a log has a planner for them.</summary>
    private async Task CheckPlansAsync(CancellationToken ct)
    {
        if (plannerLeads)
        {
            return;
        }

        var facts = await context.Log.LoadFleetFactsAsync(ct);
        var others = facts.InForce
            .Where(p => !string.Equals(p.Name, PassOptionsReader.PlanName, StringComparison.Ordinal))
            .Select(p => $"'{p.Name}'")
            .ToList();
        if (others.Count > 0)
        {
            throw new UsageException(
                $"the log in {context.Options.Log} has plans of its own ({string.Join(", ", others)}), and no planner leads on it: "
                + "start its planner, or keep the log of this command in another place");
        }

        if (IsPlanners(facts))
        {
            await PlannerPass.CheckAsync(context.Log, context.Options, plannerLeads: false, ct);
        }
    }

    /// <summary>
    /// Whether the plan of the log is a planner's, which may be away just now. It is gone by, and not stated anew: a run from cron in the moment in which a
    /// planner is started again must not be what lets go what the planner holds.
    /// </summary>
    private static bool IsPlanners(FleetFacts facts) =>
        facts.InForce.Any() && facts.Applied is { } applied && !string.Equals(applied.Source, Source, StringComparison.Ordinal);

    /// <summary>Before anything is written, the plan of the options included: is it the right account, by a right clock, and are there such regions.</summary>
    private async Task CheckAccountAsync(CancellationToken ct)
    {
        var account = await context.Api.GetAccountAsync(ct);
        ClockSkewException.ThrowIf(context.Api.ClockOffset, context.Timings.ClockSkew);
        if ((await context.Log.LoadFleetFactsAsync(ct)).Account is { } bound && !string.Equals(bound.Uuid, account.Uuid, StringComparison.Ordinal))
        {
            throw new AccountMismatchException(bound.Uuid, account.Uuid);
        }

        if (context.Plan.Regions.Length > 0)
        {
            var there = (await context.Api.ListRegionsAsync(ct)).Select(r => r.Slug).ToHashSet(StringComparer.Ordinal);
            PassWords.RefuseUnknownRegion(context.Plan, there);
        }
    }

    private async Task CompareAsync(CancellationToken ct)
    {
        await CompareOnceAsync(ct);
        if (reconciler.HasMissing)
        {
            // Not to be taken for gone at one look: a listing can lag behind.
            await Task.Delay(context.Timings.AbsenceGrace, context.Clock, ct);
            await CompareOnceAsync(ct);
        }
    }

    /// <summary>What a planner has noted that is no more, that the log cannot be compared, is true no longer, and nobody else may ever take it back.</summary>
    private async Task TakeBackNoteAsync(CancellationToken ct)
    {
        try
        {
            await (notes?.WriteAsync(PlannerNotice.Channel, [], [PlannerNotice.NotCompared], ct) ?? Task.CompletedTask);
        }
#pragma warning disable CA1031 // A note is worth no trouble: the next run takes it back.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            context.Logger.NoteNotTakenBack(e.GetBaseException().Message);
        }
    }

    /// <summary>False when nothing may be concluded from what was seen.</summary>
    private async Task<bool> TryAsync(Func<Task> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception e) when (e is DigitalOceanException or AccountMismatchException or ClockSkewException or UnknownRegionException)
        {
            context.Logger.CannotList(e.Message);
            context.Tally.CountFailure();
            return false;
        }
    }

    private async Task CompareOnceAsync(CancellationToken ct)
    {
        try
        {
            await reconciler.RunAsync(ct);
        }
        catch (AggregateException e)
        {
            Fail(e);
        }
    }

    /// <summary>Looks what became of that which is in flight.</summary>
    private async Task SettleAsync(CancellationToken ct)
    {
        var seen = await context.Log.HeadAsync(ct);
        IFollower[] followers =
        [
            new SnapshotFollower(context.Log, context.Api, context.Clock, context.Timings),
            new TransferFollower(context.Log, context.Api, context.Clock, context.Timings),
        ];
        foreach (var follower in followers)
        {
            try
            {
                await follower.RoundAsync(ct);
            }
            catch (AggregateException e)
            {
                Fail(e);
            }
            catch (DigitalOceanException e)
            {
                Fail(new AggregateException(e));
            }
        }

        await new EventTeller(context).TellAsync(seen, ct);
    }

    private async Task DropletsAsync(CancellationToken ct)
    {
        var ledgers = await context.Log.LoadLedgersAsync(null, ct);
        var now = context.Clock.GetUtcNow();
        await PassBrake.CheckAsync(context, ledgers, now, ct);
        PassWords.SayHowMany(context, ledgers.Count(l => l.Plan is not null));
        var listed = reconciler.Listed.ToLookup(s => s.DropletId ?? 0, s => s.CreatedAt);
        await Parallel.ForEachAsync(
            ledgers,
            new ParallelOptions { MaxDegreeOfParallelism = AccountPass.DropletsAtOnce, CancellationToken = ct },
            (ledger, token) => RunAsync(ledger, listed[ledger.DropletId].ToHashSet(), now, token));
        await PassBrake.TellAsync(context, context.Plan.Name, ct);
    }

    private async ValueTask RunAsync(DropletLedger ledger, HashSet<DateTimeOffset> listed, DateTimeOffset now, CancellationToken ct)
    {
        var name = ledger.Droplet?.Name ?? ledger.DropletId.ToString();
        try
        {
            await GoOnAsync(ledger, now, ct);
            if (ledger.Plan is not null)
            {
                await new DropletPass(context, ledger.DropletId, name, listed, now).RunAsync(ct);
            }
        }
#pragma warning disable CA1031 // Whatever it was, it was about this droplet; the others have their turn.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            context.Logger.DropletFailed(name, e is DigitalOceanException ? e.Message : e.ToString());
            context.Tally.CountFailure();
        }
    }

    /// <summary>Has done what an earlier pass has decided and did not come to, or what failed then and may be tried again now.</summary>
    private async Task GoOnAsync(DropletLedger ledger, DateTimeOffset now, CancellationToken ct)
    {
        var worker = new Worker(context, ledger.DropletId, now);
        // What was asked for an occurrence that is long past is given up first, and not made under an old name.
        await context.Log.DecideAsync(
            ledger.DropletId, known => [.. Planning.Decide(known, now, mayRequest: false).Where(e => e.Data is SnapshotFailed)], ct);
        var current = (await context.Log.LoadLedgersAsync([ledger.DropletId], ct))[0];
        foreach (var waiting in Sweeping.Waiting(current).Where(w => w.NotBefore is null || w.NotBefore <= now))
        {
            var stream = await context.Past.ReadStreamAsync(Streams.OfSnapshot(waiting.SnapshotId), ct);
            switch (stream.LastOrDefault(e => waiting.Is(e.Data))?.Data)
            {
                case SnapshotRequested request:
                    await worker.TakeAsync(request, ct);
                    break;
                case SnapshotExpired expiry:
                    await worker.PruneLateAsync(expiry, ct);
                    break;
                case TransferRequested request:
                    await worker.TransferAsync(request, ct);
                    break;
                default:
                    break;
            }
        }
    }

    private void Fail(AggregateException e)
    {
        foreach (var one in e.Flatten().InnerExceptions)
        {
            context.Logger.CannotList(one.Message);
            context.Tally.CountFailure();
        }
    }
}
