using System.Globalization;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Cli.Brakes;

/// <summary><c>release-brake</c>: which brakes are on in a log, and an operator's word that what they hold may go.</summary>
internal static class ReleaseBrakeCommand
{
    private const int MostNamed = 5;

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
        var brakes = Braking.InForce(await log.LoadLedgersAsync(null, ct), now);
        if (options is { Plan: null, Droplet: null, Reason: null })
        {
            await ListAsync(brakes, options, output);
            await ListReleasesAsync(log, output, now, ct);
            return ExitCodes.Done;
        }

        var seen = Find(brakes, options);
        var reason = LogUse.Line(options.Reason, "--reason", "why what the brake holds may go; the log keeps it");
        var actor = LogUse.Line(options.Actor, "--by", "who says so; the log keeps it");
        var released = options.Droplet is null
            ? await log.DecideFleetAsync(fleet => Releasing.Plan(fleet, seen, actor, reason, now), ct)
            : await log.DecideAsync(seen.DropletId!.Value, ledger => Releasing.Droplet(ledger, seen, actor, reason, now), ct);
        if (released.Count == 0)
        {
            await errors.WriteLineAsync($"{Usage.Program}: the plan says something else since a moment ago: nothing was released; look again");
            return ExitCodes.Failed;
        }

        await output.WriteLineAsync($"Released for a day: {(options.Droplet is null ? $"plan '{seen.Plan}'" : seen.Whose)}. {Held(brakes, seen, options)}.");
        return ExitCodes.Done;
    }

    /// <summary>What may go by the release: of a whole plan, that of its droplets which are braked by themselves too.</summary>
    private static string Held(IReadOnlyList<BrakeInForce> brakes, BrakeInForce seen, ReleaseBrakeOptions options)
    {
        var released = options.Droplet is null ? brakes.Where(b => string.Equals(b.Plan, seen.Plan, StringComparison.Ordinal)) : [seen];
        var held = (seen with { Held = [.. released.SelectMany(b => b.Held)] }).DescribeHeld();
        return $"At the next decision {held}";
    }

    private static async Task ListAsync(IReadOnlyList<BrakeInForce> brakes, ReleaseBrakeOptions options, TextWriter output)
    {
        if (brakes.Count == 0)
        {
            await output.WriteLineAsync("No brake is on.");
        }

        foreach (var brake in brakes)
        {
            await output.WriteLineAsync($"On: {brake.Describe()}.");
            await output.WriteLineAsync($"    By now {brake.DescribeHeld()}.");
            await output.WriteLineAsync($"    To release it: {Usage.Program} release-brake {brake.Arguments}{options.Log?.AsOption} --reason TEXT");
        }
    }

    private static async Task ListReleasesAsync(IEventLog log, TextWriter output, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var plan in (await log.LoadFleetFactsAsync(ct)).Plans.Where(p => p.LookedAtUntil > now))
        {
            await TellAsync($"plan '{plan.Name}'", plan.LookedAtUntil, plan.Id);
        }

        foreach (var droplet in (await log.LoadLedgersAsync(null, ct)).Select(l => l.Droplet).OfType<DropletFacts>())
        {
            foreach (var (plan, brake) in droplet.Brakes.Where(b => b.Value.ReleasedAt + Brake.ReleaseLasts > now))
            {
                await TellAsync($"droplet {droplet.DropletId} ('{droplet.Name}') in plan '{plan}'", brake.ReleasedAt + Brake.ReleaseLasts, droplet.Id);
            }
        }

        async Task TellAsync(string whose, DateTimeOffset? until, string stream)
        {
            var release = (await log.ReadStreamAsync(stream, ct)).Select(e => e.Data).OfType<BrakeReleased>().LastOrDefault();
            await output.WriteLineAsync(ShownText.Of($"Released: {whose} until {until:yyyy-MM-dd'T'HH:mm:ss'Z'}, by {release?.Actor}: {release?.Reason}"));
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

        if (options is { Droplet: not null, AllDroplets: true })
        {
            throw new UsageException("--droplet and --all-droplets exclude each other");
        }

        if (options.Droplet is not { } droplet)
        {
            return ofPlan.Find(b => b.DropletId is null) ?? (options.AllDroplets
                // The latest: the release is of a moment after each of them, whatever the clocks say.
                ? ofPlan.MaxBy(b => b.Brake.AppliedAt)!
                : throw new UsageException(
                    $"PLAN '{plan}': the brake is on for {(ofPlan.Count == 1 ? "one droplet" : $"{ofPlan.Count} droplets")} of it alone ({string.Join(", ", ofPlan.Select(b => $"{b.DropletId} '{b.DropletName}'").Take(MostNamed))}): "
                    + "name one with --droplet, or say --all-droplets"));
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
