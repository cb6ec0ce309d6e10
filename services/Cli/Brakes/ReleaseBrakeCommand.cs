using System.Globalization;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.LocalServers;
using Npgsql;

namespace DoSnapshot.Cli.Brakes;

/// <summary><c>release-brake</c>: which brakes are on in a log, and an operator's word that what they hold may go.</summary>
internal static class ReleaseBrakeCommand
{
    /// <summary>Runs it.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="output">Takes what was found or done.</param>
    /// <param name="errors">Takes what went wrong.</param>
    /// <param name="clock">Tells when it was released.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The exit code: 0 done, 1 the log cannot be used or the brake changed meanwhile, 2 wrong usage.</returns>
    public static async Task<int> RunAsync(ReleaseBrakeOptions options, TextWriter output, TextWriter errors, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            var place = options.Log ?? throw new UsageException(
                $"release-brake needs the log: {CommandOptions.Store.Display} CONNECTION, {LogPlace.Variable} in the environment, or {CommandOptions.Data.Display} DIR");
            await using var opened = await OpenedLog.ReadAsync(place, clock, ct);
            return await RunAsync(opened.Log, options, output, errors, clock, ct);
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, errors);
        }
        catch (DirectoryUnusableException e)
        {
            return ExitCodes.Refuse(UsageException.For(CommandOptions.Data, options.Log!.Directory, e.Message), errors);
        }
        catch (Exception e) when (e is LocalServerException || e.GetBaseException() is NpgsqlException or TimeoutException or IOException)
        {
            await errors.WriteLineAsync($"{Usage.Program}: the log in {options.Log} cannot be used: {e.GetBaseException().Message}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>Runs it on a log that is open.</summary>
    /// <exception cref="UsageException">There is no such brake, or no reason was given; nothing was done.</exception>
    public static async Task<int> RunAsync(
        IEventLog log, ReleaseBrakeOptions options, TextWriter output, TextWriter errors, TimeProvider clock, CancellationToken ct)
    {
        var brakes = Braking.InForce(await log.LoadLedgersAsync(null, ct));
        if (options is { Plan: null, Droplet: null, Reason: null })
        {
            await ListAsync(brakes, output);
            return ExitCodes.Done;
        }

        var seen = Find(brakes, options);
        var reason = string.IsNullOrWhiteSpace(options.Reason)
            ? throw new UsageException("--reason is required: why what the brake holds may go; the log keeps it")
            : options.Reason.Trim();
        var now = clock.GetUtcNow();
        var released = options.Droplet is null
            ? await log.DecideFleetAsync(fleet => Releasing.Plan(fleet, seen, options.Actor, reason, now), ct)
            : await log.DecideAsync(seen.DropletId!.Value, ledger => Releasing.Droplet(ledger, seen, options.Actor, reason, now), ct);
        if (released.Count == 0)
        {
            await errors.WriteLineAsync($"{Usage.Program}: the plan says something else since a moment ago: nothing was released; look again");
            return ExitCodes.Failed;
        }

        var whose = options.Droplet is null ? $"plan '{seen.Plan}'" : $"droplet {seen.DropletId} ('{seen.DropletName}') in plan '{seen.Plan}'";
        await output.WriteLineAsync($"Released for a day: {whose}. What its rules let go expires at the next decision.");
        return ExitCodes.Done;
    }

    private static async Task ListAsync(IReadOnlyList<BrakeInForce> brakes, TextWriter output)
    {
        if (brakes.Count == 0)
        {
            await output.WriteLineAsync("No brake is on.");
        }

        foreach (var brake in brakes)
        {
            await output.WriteLineAsync($"On: {brake.Describe()}.");
            var droplet = brake.DropletId is { } id ? $" --droplet {id}" : "";
            await output.WriteLineAsync($"    to let go: {Usage.Program} release-brake {brake.Plan}{droplet} --reason TEXT");
        }
    }

    private static BrakeInForce Find(IReadOnlyList<BrakeInForce> brakes, ReleaseBrakeOptions options)
    {
        if (options.Plan is not { } plan)
        {
            throw new UsageException("PLAN is required: the plan whose brake is released; without any argument, release-brake says which brakes are on");
        }

        var ofPlan = brakes.Where(b => string.Equals(b.Plan, plan, StringComparison.Ordinal)).ToList();
        if (ofPlan.Count == 0)
        {
            var on = brakes.Select(b => $"'{b.Plan}'").Distinct(StringComparer.Ordinal).ToList();
            throw new UsageException($"PLAN '{plan}': no brake is on there{(on.Count == 0 ? ", nor anywhere" : $"; one is on in {string.Join(", ", on)}")}");
        }

        if (options.Droplet is not { } droplet)
        {
            return ofPlan[0];
        }

        var found = ofPlan.Where(b => b.DropletId is { } id
            && (string.Equals(id.ToString(CultureInfo.InvariantCulture), droplet, StringComparison.Ordinal) || string.Equals(b.DropletName, droplet, StringComparison.Ordinal))).ToList();
        return found switch
        {
            [var one] => one,
            [] when ofPlan.Exists(b => b.DropletId is null) => throw new UsageException($"--droplet '{droplet}': the brake is on the whole plan '{plan}'; it is released as a whole"),
            [] => throw new UsageException($"--droplet '{droplet}': no brake is on there; one is on for {string.Join(", ", ofPlan.Select(b => $"{b.DropletId} ('{b.DropletName}')"))}"),
            _ => throw new UsageException($"--droplet '{droplet}' is the name of several: {string.Join(", ", found.Select(b => b.DropletId))}; give the id"),
        };
    }
}
