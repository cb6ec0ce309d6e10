using DoSnapshot.Cli.Arguments;
using DoSnapshot.Retention;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Cli.Retention;

/// <summary><c>retention</c>: what a policy would do to the snapshots that there are, and why. Changes nothing.</summary>
internal static class RetentionCommand
{
    /// <summary>Judges the snapshots of a file.</summary>
    /// <param name="options">What to judge and how.</param>
    /// <param name="input">The standard input, for <c>--snapshots -</c>.</param>
    /// <param name="output">Takes the verdicts.</param>
    /// <param name="errors">Takes what is wrong with the options or the file.</param>
    /// <param name="clock">Tells the moment to judge at, where the options do not.</param>
    /// <returns>The exit code: 0 done, 2 wrong usage.</returns>
    public static int Run(RetentionOptions options, Stream input, TextWriter output, TextWriter errors, TimeProvider clock) =>
        Run(options, () => SnapshotListReader.Read(options.Snapshots, input), output, errors, clock);

    /// <summary>Judges snapshots that were listed elsewhere.</summary>
    /// <param name="options">How to judge.</param>
    /// <param name="droplets">The complete snapshots of each droplet.</param>
    /// <param name="output">Takes the verdicts.</param>
    /// <param name="errors">Takes what is wrong with the options.</param>
    /// <param name="clock">Tells the moment to judge at, where the options do not.</param>
    /// <returns>The exit code: 0 done, 2 wrong usage.</returns>
    public static int Run(
        RetentionOptions options, IReadOnlyList<DropletSnapshots> droplets, TextWriter output, TextWriter errors, TimeProvider clock) =>
        Run(options, () => droplets, output, errors, clock);

    private static int Run(
        RetentionOptions options, Func<IReadOnlyList<DropletSnapshots>> droplets, TextWriter output, TextWriter errors, TimeProvider clock)
    {
        try
        {
            var forecast = Read(options, clock);
            var price = OptionText.Price(options.Price);
            var judged = droplets().Select(forecast.Of).ToList();
            var sum = RetentionSum.Of(judged, price);
            if (options.Json)
            {
                RetentionJson.Write(forecast, judged, sum, output);
            }
            else
            {
                RetentionText.Write(forecast, judged, sum, output);
            }

            return ExitCodes.Done;
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, errors);
        }
    }

    private static RetentionForecast Read(RetentionOptions options, TimeProvider clock)
    {
        var policy = OptionText.Policy(options.Keep);
        // Elapsed timing does not need it; a mistake in it is one all the same.
        var given = options.Every is null ? (Period?)null : OptionText.EveryOrAlways(options.Every);
        var now = options.At is { } at ? OptionText.Moment("--at", at) : clock.GetUtcNow();
        if (OptionText.Timing(options.Timing) is SimulationTiming.Elapsed)
        {
            return options.AtTimeOfDay is { } unused
                ? throw UsageException.For("--at-time-of-day", unused, "it needs --timing anchored, which has a time of day")
                : new RetentionForecast(policy, now, null, null, options.KeepAtLeast);
        }

        Period every = given is null
            ? throw UsageException.For(OptionText.Every, null, "--timing anchored needs the time between snapshots, such as -s 1d")
            : OptionText.Period(OptionText.Every, options.Every);
        DateTimeOffset? anchor = options.AtTimeOfDay is { } time
            ? DateTimeOffset.UnixEpoch + OptionText.TimeOfDay("--at-time-of-day", time).ToTimeSpan()
            : null;
        return new RetentionForecast(policy, now, every, anchor, options.KeepAtLeast);
    }
}
