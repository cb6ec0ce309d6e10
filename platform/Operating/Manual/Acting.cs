using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Operating.Manual;

/// <summary>Carries out what a person commands: all of it, or nothing where any of it is refused.</summary>
internal static class Acting
{
    /// <summary>Carries it out.</summary>
    /// <param name="log">The log.</param>
    /// <param name="acts">What is commanded.</param>
    /// <param name="ct">Ends it between two of them; what is in the log stays.</param>
    /// <returns>What was done, and what was refused and why. Both only where somebody else was quicker between the look and the deed.</returns>
    public static async Task<ActsDone> RunAsync(IEventLog log, IReadOnlyList<ManualAct> acts, CancellationToken ct)
    {
        var refusals = new List<(ManualAct Act, string Why)>();
        foreach (var act in acts)
        {
            if ((await TryAsync(log, act, ct)).Refusal is { } why)
            {
                refusals.Add((act, why));
            }
        }

        var done = new List<ManualAct>();
        if (refusals.Count == 0)
        {
            foreach (var act in acts)
            {
                if (await AppendAsync(log, act, ct) is { } why)
                {
                    // Somebody else was quicker since a moment ago.
                    refusals.Add((act, why));
                }
                else
                {
                    done.Add(act);
                }
            }
        }

        return new ActsDone(done, refusals);
    }

    /// <summary>Whether any of it is in the log already, of the same command.</summary>
    public static async Task<bool> HasBegunAsync(IEventLog log, IReadOnlyList<ManualAct> acts, CancellationToken ct)
    {
        foreach (var act in acts)
        {
            if (await IsDoneAsync(log, act, ct))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes on with what an attempt at the same command may have begun: what is in the log already counts as done.</summary>
    public static async Task<ActsDone> ResumeAsync(IEventLog log, IReadOnlyList<ManualAct> acts, CancellationToken ct)
    {
        var before = new List<ManualAct>();
        foreach (var act in acts)
        {
            if (await IsDoneAsync(log, act, ct))
            {
                before.Add(act);
            }
        }

        var rest = await RunAsync(log, [.. acts.Except(before)], ct);
        return rest with { Done = [.. acts.Where(a => before.Contains(a) || rest.Done.Contains(a))] };
    }

    private static async Task<bool> IsDoneAsync(IEventLog log, ManualAct act, CancellationToken ct) =>
        (await log.ReadStreamAsync(act.Stream, ct)).Any(e => act.IsIts!(e.Data));

    private static async Task<Commanded> TryAsync(IEventLog log, ManualAct act, CancellationToken ct) => act.DropletId is { } droplet
        ? act.OnDroplet!((await log.LoadLedgersAsync([droplet], ct))[0])
        : act.OnFleet!(await log.LoadFleetFactsAsync(ct));

    private static async Task<string?> AppendAsync(IEventLog log, ManualAct act, CancellationToken ct)
    {
        string? refusal = null;
        _ = act.DropletId is { } droplet
            ? await log.DecideAsync(droplet, ledger => Noted(act.OnDroplet!(ledger)), ct)
            : await log.DecideFleetAsync(facts => Noted(act.OnFleet!(facts)), ct);
        return refusal;

        IReadOnlyList<NewEvent> Noted(Commanded commanded)
        {
            refusal = commanded.Refusal;
            return commanded.Events;
        }
    }
}

/// <summary>What came of a command at once.</summary>
/// <param name="Done">What is in the log.</param>
/// <param name="Refusals">What is not, and why.</param>
internal sealed record ActsDone(IReadOnlyList<ManualAct> Done, IReadOnlyList<(ManualAct Act, string Why)> Refusals);
