using System.Text.Json;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Cli.Pass;

/// <summary>A run on a log on which a planner leads: the planner decides at once, the workers act, and the run tells of it.</summary>
internal sealed class PlannerPass
{
    /// <summary>A planner that has just begun to lead may not listen yet.</summary>
    private const int MostCalls = 6;

    private static readonly TimeSpan TakenWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private readonly PassContext context;
    private readonly string connectionString;
    private readonly HashSet<long> droplets = [];

    /// <summary>A run in this context.</summary>
    public PlannerPass(PassContext context, string connectionString)
    {
        this.context = context;
        this.connectionString = connectionString;
    }

    /// <summary>Checks that the options ask for what a plan of the log says.</summary>
    /// <param name="log">The log.</param>
    /// <param name="options">The options.</param>
    /// <param name="plannerLeads">Whether the planner is at work on it.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="UsageException">They ask for something else; the message names each option that differs.</exception>
    /// <returns>The plan's name.</returns>
    public static async Task<string> CheckAsync(IEventLog log, PassOptions options, bool plannerLeads, CancellationToken ct)
    {
        var whose = plannerLeads ? $"a planner leads on the log in {options.Log}," : $"the log in {options.Log} is a planner's, which is not at work,";
        var plans = (await log.LoadFleetFactsAsync(ct)).InForce.ToList();
        var plan = plans.Find(p => string.Equals(p.Terms!.Tag.Trim(), options.Plan.Tag, StringComparison.Ordinal))
            ?? throw new UsageException(
                $"{CommandOptions.Tag.Display} '{options.Plan.Tag}': {whose} and none of its plans has this tag: "
                + string.Join(", ", plans.Select(p => $"'{p.Name}' has '{p.Terms!.Tag.Trim()}'")));
        var differing = Differences(plan.ToPlan()!, options.Plan).ToList();
        return differing.Count == 0
            ? plan.Name
            : throw new UsageException(
                $"{whose} and its plan '{plan.Name}' says something else: {string.Join("; ", differing)}"
                + (plannerLeads ? "" : ". State the plan anew with its planner, or keep the log of this command in another place"));
    }

    /// <summary>Has the planner decide, and tells what follows; false when no planner answers.</summary>
    /// <exception cref="UsageException">The options differ from the plan's; the planner was not asked.</exception>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        var plan = await CheckAsync(context.Log, context.Options, plannerLeads: true, ct);
        var seen = await context.Log.HeadAsync(ct);
        context.Logger.AskingPlanner();
        if (await AskAsync(ct) is not { } answer)
        {
            return false;
        }

        if (answer.Failure is { } failure)
        {
            context.Logger.PlannerFailed(failure);
            context.Tally.CountFailure();
            return true;
        }

        var began = context.Clock.GetTimestamp();
        seen = await TellAsync(seen, ct);
        await PassBrake.TellAsync(context, plan, ct);
        if (context.Options.Wait)
        {
            await WaitAsync(seen, ct);
        }

        context.Logger.PlannerDone(Words.Of(context.Clock.GetElapsedTime(began)), context.Tally.Failures);
        return true;
    }

    private async Task<PlannerAnswer?> AskAsync(CancellationToken ct)
    {
        for (var call = 1; call <= MostCalls; call++)
        {
            if (await PlannerCalls.AskAsync(connectionString, TakenWithin, ct) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }

    /// <summary>Waits until the workers are done with what is on its way.</summary>
    private async Task WaitAsync(long seen, CancellationToken ct)
    {
        var began = context.Clock.GetTimestamp();
        TimeSpan? toldAt = null;
        droplets.UnionWith((await context.Log.FindWorkingAsync(ct)).Select(s => s.DropletId));
        while ((await context.Log.LoadLedgersAsync(droplets, ct)).Where(IsBusy).SelectMany(l => l.Snapshots).ToList() is { Count: > 0 } working)
        {
            var passed = context.Clock.GetElapsedTime(began);
            if (toldAt is null || passed - toldAt >= TellEvery)
            {
                toldAt = passed;
                context.Logger.Waiting(
                    Words.Of(passed), working.Count(s => s.InFlight), working.Sum(s => s.Transfers.Values.Count(t => t.InFlight)));
            }

            await Task.Delay(LookEvery, context.Clock, ct);
            seen = await TellAsync(seen, ct);
        }
    }

    /// <summary>Whether anything of a droplet is at work or asked for. What waits for a later attempt is not stayed for.</summary>
    private static bool IsBusy(DropletLedger ledger) =>
        ledger.Snapshots.Any(s => s.Working)
        || Sweeping.Waiting(ledger).Any(w => w.NotBefore is null)
        || (!ledger.Paused && ledger.Plan is { } plan
            && ledger.Snapshots.AwaitingRegions(plan).Any(a => a.Snapshot.HeldBy is not Guard.Brake && a.Missing.Any(region => !a.Snapshot.Transfers.ContainsKey(region))));

    private async Task<long> TellAsync(long after, CancellationToken ct)
    {
        var found = await new EventTeller(context).TellAsync(after, ct);
        droplets.UnionWith(found.Select(e => EventTypes.DropletOf(e.Data)).OfType<long>());
        foreach (var e in found)
        {
            switch (e.Data)
            {
                case SnapshotRequested request:
                    context.Logger.Snapshotting("asked for a snapshot of", request.DropletName, request.SnapshotName);
                    break;
                case TransferRequested request:
                    context.Logger.Transferring("asked for the transfer of", await NameAsync(request.DropletId, request.SnapshotId, ct), request.Region);
                    break;
                case SnapshotExpired expiry:
                    context.Logger.Deleting("asked for the deletion of", await NameAsync(expiry.DropletId, expiry.SnapshotId, ct), expiry.Rule ?? expiry.Reason ?? "");
                    break;
                case ExpiryHeld hold:
                    context.Logger.Held(await NameAsync(hold.DropletId, hold.SnapshotId, ct), hold.Guard, hold.Detail);
                    break;
                default:
                    break;
            }
        }

        return found.Count == 0 ? after : found.Max(e => e.Sequence);
    }

    private async Task<string> NameAsync(long dropletId, Guid snapshotId, CancellationToken ct) =>
        (await context.Log.LoadLedgersAsync([dropletId], ct))[0].Find(snapshotId)?.Name ?? snapshotId.ToString();

    private static IEnumerable<string> Differences(Plan plan, Plan asked)
    {
        var anchored = plan.Timing is PlanTiming.Anchored && asked.Timing is PlanTiming.Anchored;
        (OptionSpec Option, string Theirs, string Ours)[] terms =
        [
            (CommandOptions.Prefix, plan.Prefix, asked.Prefix),
            (CommandOptions.Snapshot, plan.Every.ToString(), asked.Every.ToString()),
            (CommandOptions.Timing, Text(plan.Timing), Text(asked.Timing)),
            (CommandOptions.At, anchored ? plan.At.ToString("HH:mm", null) : "", anchored ? asked.At.ToString("HH:mm", null) : ""),
            (CommandOptions.Keep, string.Join(' ', plan.Keep.Rules), string.Join(' ', asked.Keep.Rules)),
            (CommandOptions.Region, Text(plan.Regions), Text(asked.Regions)),
            // Not given, it asks for nothing: whether a planner brakes is for its plan to say.
            (CommandOptions.Brake, plan.Brakes ? "on" : "off", asked.Brakes || plan.Brakes ? "on" : "off"),
        ];
        return terms
            .Where(t => !string.Equals(t.Theirs, t.Ours, StringComparison.Ordinal))
            .Select(t => $"{t.Option.Display} '{t.Ours}', and the plan '{t.Theirs}'");
    }

    private static string Text(PlanTiming timing) => JsonNamingPolicy.CamelCase.ConvertName(timing.ToString());

    private static string Text(IEnumerable<string> regions) => string.Join(' ', regions.Order(StringComparer.Ordinal));
}
