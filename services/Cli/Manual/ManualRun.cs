using DoSnapshot.Cli.Arguments;
using DoSnapshot.EventLog;
using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Cli.Manual;

/// <summary>Carries out what a person commands: all of it, or nothing where any of it is refused.</summary>
internal static class ManualRun
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Carries it out.</summary>
    /// <param name="log">The log.</param>
    /// <param name="acts">What is commanded.</param>
    /// <param name="wait">Whether to stay until it is known what came of it.</param>
    /// <param name="output">Takes what was done.</param>
    /// <param name="errors">Takes what was refused.</param>
    /// <param name="clock">Waits.</param>
    /// <param name="ct">Ends the waiting; what was asked for stays asked for.</param>
    /// <returns>The exit code: 0 done, 1 refused or ended badly.</returns>
    public static async Task<int> RunAsync(
        IEventLog log, IReadOnlyList<ManualAct> acts, bool wait, TextWriter output, TextWriter errors, TimeProvider clock, CancellationToken ct)
    {
        var (done, refusals) = await Acting.RunAsync(log, acts, ct);
        foreach (var act in done)
        {
            await output.WriteLineAsync(ShownText.Of($"{act.Done}."));
        }

        foreach (var (act, why) in refusals)
        {
            await errors.WriteLineAsync(ShownText.Of($"{Usage.Program}: cannot {act.What}: {why}"));
        }

        return refusals.Count > 0
            ? ExitCodes.Failed
            : wait && !await FollowAsync(log, acts, output, errors, clock, ct) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static async Task<bool> FollowAsync(
        IEventLog log, IReadOnlyList<ManualAct> acts, TextWriter output, TextWriter errors, TimeProvider clock, CancellationToken ct)
    {
        var good = true;
        var open = acts.Where(a => a.Outcome is not null).ToList();
        while (open.Count > 0)
        {
            var ledgers = (await log.LoadLedgersAsync([.. open.Select(a => a.DropletId!.Value)], ct)).ToDictionary(l => l.DropletId);
            foreach (var act in open.ToList())
            {
                if (act.Outcome!(ledgers[act.DropletId!.Value]) is { } outcome)
                {
                    open.Remove(act);
                    good &= outcome.IsGood;
                    await (outcome.IsGood ? output : errors).WriteLineAsync(ShownText.Of($"{act.What}: {outcome.Words}"));
                }
            }

            if (open.Count > 0)
            {
                await Task.Delay(LookEvery, clock, ct);
            }
        }

        return good;
    }
}
