using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.Cli.Manual;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Operating.Answers;
using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Cli.Brakes;

/// <summary><c>release-brake</c>: which brakes are on in a log, and an operator's word that what they hold may go.</summary>
internal static class ReleaseBrakeCommand
{
    /// <summary>Runs it.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="output">Takes what was found or done.</param>
    /// <param name="errors">Takes what went wrong.</param>
    /// <param name="clock">The log's.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The exit code: 0 done, 1 the log cannot be used or the brake changed meanwhile, 2 wrong usage.</returns>
    public static Task<int> RunAsync(ReleaseBrakeOptions options, TextWriter output, TextWriter errors, TimeProvider clock, CancellationToken ct) =>
        LogUse.RunAsync("release-brake", options.Log, (opened, now) => RunAsync(opened.Log, options, output, errors, now, ct), errors, clock, ct);

    /// <summary>Runs it on a log that is open.</summary>
    /// <exception cref="UsageException">There is no such brake, or no reason was given; nothing was done.</exception>
    public static async Task<int> RunAsync(
        IEventLog log, ReleaseBrakeOptions options, TextWriter output, TextWriter errors, DateTimeOffset now, CancellationToken ct)
    {
        if (options.Lists)
        {
            await BrakesAnswer.WriteAsync(log, now, options.Json, output, ct, options.Log?.AsOption ?? "");
            return ExitCodes.Done;
        }

        var (meant, reason) = Meant(options);
        var actor = LogUse.Line(options.Actor, "--by", "who says so; the log keeps it");
        try
        {
            var acts = await BrakeActs.ReleaseAsync(log, meant, new CommandedBy(actor, reason, now), ct);
            return await ManualRun.RunAsync(log, acts, wait: false, output, errors, TimeProvider.System, ct);
        }
        catch (SubjectException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>What is to be released, and why.</summary>
    /// <exception cref="UsageException">That is not said, or not in a way that can be understood.</exception>
    public static (BrakeMeant Meant, string Reason) Meant(ReleaseBrakeOptions options)
    {
        if (options.Plan is not { } plan)
        {
            throw new UsageException("PLAN is required: the plan whose brake is released; without any argument, release-brake says which brakes are on");
        }

        if (options.Json)
        {
            throw new UsageException("--json is for the list of brakes, without PLAN");
        }

        var reason = LogUse.Line(options.Reason, "--reason", "why what the brake holds may go; the log keeps it");
        return options is { Droplet: not null, AllDroplets: true }
            ? throw new UsageException("--droplet and --all-droplets exclude each other")
            : (new BrakeMeant(plan, options.Droplet, options.AllDroplets), reason);
    }
}
