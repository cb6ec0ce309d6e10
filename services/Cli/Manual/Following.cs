using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Cli.Manual;

/// <summary>Stays until it is known what came of each thing that was commanded, and tells it.</summary>
internal static class Following
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Looks every second.</summary>
    /// <param name="followed">What is followed.</param>
    /// <param name="what">What one is, for people.</param>
    /// <param name="look">What came of those that are still open, each; null where that is still open.</param>
    /// <param name="output">Takes what went well.</param>
    /// <param name="errors">Takes what did not.</param>
    /// <param name="clock">Waits.</param>
    /// <param name="ct">Ends the waiting; what was asked for stays asked for.</param>
    /// <returns>Whether all went well.</returns>
    public static async Task<bool> RunAsync<T>(
        IEnumerable<T> followed,
        Func<T, string> what,
        Func<IReadOnlyList<T>, Task<IReadOnlyList<ManualOutcome?>>> look,
        TextWriter output,
        TextWriter errors,
        TimeProvider clock,
        CancellationToken ct)
    {
        var good = true;
        var open = followed.ToList();
        while (open.Count > 0)
        {
            var seen = open.Zip(await look(open)).ToList();
            foreach (var (one, outcome) in seen)
            {
                if (outcome is not null)
                {
                    good &= outcome.IsGood;
                    await (outcome.IsGood ? output : errors).WriteLineAsync(ShownText.Of($"{what(one)}: {outcome.Words}"));
                }
            }

            open = [.. seen.Where(s => s.Second is null).Select(s => s.First)];
            if (open.Count > 0)
            {
                await Task.Delay(LookEvery, clock, ct);
            }
        }

        return good;
    }
}
