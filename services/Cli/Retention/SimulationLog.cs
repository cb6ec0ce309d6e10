using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Cli.Retention;

/// <summary>What a simulation logs, as the runs of the tool would.</summary>
internal static class SimulationLog
{
    /// <summary>Logs the sum, and before it, where asked for, every snapshot taken or deleted, in the order of the runs.</summary>
    public static void Write(SimulationResult result, Func<SimulatedSnapshot, string> name, bool verbose, TextWriter errors)
    {
        if (verbose)
        {
            foreach (var (at, text) in Entries(result, name))
            {
                errors.WriteLine($"{Stamp.Of(at)} {text}");
            }
        }

        var left = result.Left.Count();
        errors.WriteLine(
            $"simulated {result.Runs} {(result.Runs == 1 ? "run" : "runs")} {Span(result)}: {result.Snapshots.Length} taken, "
            + $"{result.Snapshots.Length - left} deleted, {left} left");
    }

    // A run deletes before it takes.
    private static IEnumerable<(DateTimeOffset At, string Text)> Entries(SimulationResult result, Func<SimulatedSnapshot, string> name) =>
        result.Snapshots
            .Where(snapshot => snapshot.Deletion is not null)
            .Select(snapshot => (snapshot.Deletion!.At, IsTaken: false, Text: $"{name(snapshot)} {snapshot.Deletion.Reason}"))
            .Concat(result.Snapshots.Select(snapshot => (At: snapshot.TakenAt, IsTaken: true, Text: $"{name(snapshot)} taken")))
            .OrderBy(entry => entry.At)
            .ThenBy(entry => entry.IsTaken)
            .Select(entry => (entry.At, entry.Text));

    private static string Span(SimulationResult result) => result.LastRun is { } last
        ? $"every {result.Terms.Interval} from {Stamp.Of(result.Terms.Start)} to {Stamp.Of(last)}"
        : $"from {Stamp.Of(result.Terms.Start)}";
}
