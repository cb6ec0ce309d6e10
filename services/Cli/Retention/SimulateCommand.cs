using DoSnapshot.Cli.Arguments;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Cli.Retention;

/// <summary>
/// <c>--simulate</c>: runs of the tool under a policy, and what they leave. The table on the output is do-snapshot.py's to the letter.
/// </summary>
internal static class SimulateCommand
{
    private const string Droplet = "simulated";

    /// <summary>Simulates.</summary>
    /// <param name="options">What to simulate.</param>
    /// <param name="output">Takes the table, the chart or JSON.</param>
    /// <param name="errors">Takes the log and what is wrong with the options.</param>
    /// <param name="clock">Tells when the first run is, where the options do not.</param>
    /// <returns>The exit code: 0 done, 2 wrong usage.</returns>
    public static int Run(SimulateOptions options, TextWriter output, TextWriter errors, TimeProvider clock)
    {
        try
        {
            Run(Read(options, clock), options, output, errors);
            return ExitCodes.Done;
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, errors);
        }
    }

    private static void Run(SimulationTerms terms, SimulateOptions options, TextWriter output, TextWriter errors)
    {
        var result = Simulator.Run(terms);
        var start = NameStart(options);
        string Name(SimulatedSnapshot snapshot) => start + Stamp.Compact(snapshot.TakenAt);
        SimulationLog.Write(result, Name, options.Verbose, errors);
        if (options.Json)
        {
            SimulationJson.Write(result, Name, output);
            return;
        }

        WriteTable(result, Name, output);
        if (options.Chart)
        {
            output.WriteLine();
            SimulationChart.Write(result, options.ChartWidth(), output);
        }
    }

    private static void WriteTable(SimulationResult result, Func<SimulatedSnapshot, string> name, TextWriter output)
    {
        output.WriteLine("Time                    Name");
        output.WriteLine($"{new string('-', 23)} {new string('-', 50)}");
        foreach (var snapshot in result.Left)
        {
            output.WriteLine($"{Stamp.Of(snapshot.Point.CreatedAt),-23} {name(snapshot)}");
        }
    }

    private static SimulationTerms Read(SimulateOptions options, TimeProvider clock)
    {
        var (interval, duration) = OptionText.Simulation(options.Simulate);
        var timing = OptionText.Timing(options.Timing);
        var start = options.From is { } from ? OptionText.Moment("--from", from) : clock.GetUtcNow();
        var lag = options.Lag is { } text ? OptionText.Lag(text) : TimeSpan.Zero;
        if (string.IsNullOrWhiteSpace(options.Prefix))
        {
            throw UsageException.For("-p/--prefix", options.Prefix, "an empty prefix would claim every snapshot");
        }

        if (options is { Chart: true, Json: true })
        {
            throw UsageException.For("--chart", null, "it cannot be drawn in --json, which has the numbers for it");
        }

        if (options.At is { } at && timing is SimulationTiming.Elapsed)
        {
            throw UsageException.For("--at", at, "it needs --timing anchored, which has a time of day");
        }

        if (DateTimeOffset.MaxValue - start < duration.Duration + lag)
        {
            throw UsageException.For("--from", options.From ?? Stamp.Of(start), "the simulation would run past the year 9999");
        }

        return new SimulationTerms
        {
            Every = timing is SimulationTiming.Anchored
                ? OptionText.Period(OptionText.Every, options.Every)
                : OptionText.EveryOrAlways(options.Every),
            Policy = OptionText.Policy(options.Keep),
            Start = start,
            Interval = interval,
            Duration = duration,
            Timing = timing,
            Anchor = options.At is { } time ? DateTimeOffset.UnixEpoch + OptionText.TimeOfDay("--at", time).ToTimeSpan() : null,
            Lag = lag,
        };
    }

    private static string NameStart(SimulateOptions options) => options.Prefix.Trim()
        .Replace("$droplet", Droplet, StringComparison.Ordinal)
        .Replace("$tag", options.Tag, StringComparison.Ordinal);
}
