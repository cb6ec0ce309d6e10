using DoSnapshot.Cli.Arguments;
using DoSnapshot.EventLog;
using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Cli.Manual;

/// <summary>Carries out what a person commands: all of it, or nothing where any of it is refused.</summary>
internal static class ManualRun
{
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
        await TellAsync(done.Select(a => a.Done), refusals.Select(r => (r.Act.What, r.Why)), output, errors);
        return refusals.Count == 0 && (!wait || await FollowAsync(log, acts, output, errors, clock, ct)) ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Tells what was done, and what was refused and why.</summary>
    public static async Task TellAsync(IEnumerable<string> done, IEnumerable<(string What, string Why)> refused, TextWriter output, TextWriter errors)
    {
        foreach (var says in done)
        {
            await output.WriteLineAsync(ShownText.Of($"{says}."));
        }

        foreach (var (what, why) in refused)
        {
            await errors.WriteLineAsync(ShownText.Of($"{Usage.Program}: cannot {what}: {why}"));
        }
    }

    private static Task<bool> FollowAsync(
        IEventLog log, IReadOnlyList<ManualAct> acts, TextWriter output, TextWriter errors, TimeProvider clock, CancellationToken ct) => Following.RunAsync(
        acts.Where(a => a.Outcome is not null),
        act => act.What,
        async open =>
        {
            var ledgers = (await log.LoadLedgersAsync([.. open.Select(a => a.DropletId!.Value)], ct)).ToDictionary(l => l.DropletId);
            return [.. open.Select(a => a.Outcome!(ledgers[a.DropletId!.Value]))];
        },
        output,
        errors,
        clock,
        ct);
}
