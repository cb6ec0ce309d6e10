using DoSnapshot.Cli.Arguments;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Cli.Pass;

/// <summary>The brake in a pass: off unless it was asked for, or a log's own plan has it.</summary>
internal static class PassBrake
{
    /// <summary>Checks the plan as a whole before anything of it expires.</summary>
    public static async Task CheckAsync(PassContext context, IReadOnlyList<DropletLedger> fleet, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            var (clearance, found) = Braking.Check(fleet, now);
            await context.Log.DecideFleetAsync(facts => Braking.Apply(facts, found), ct);
            context.Clearance = clearance;
        }
#pragma warning disable CA1031 // What was not checked is not deleted; the rest of the pass goes on.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            context.Logger.NotCounted(e.ToString());
            context.Clearance = Clearance.None;
            context.Tally.CountFailure();
        }
    }

    /// <summary>Tells which brakes are on. What they hold was to go and did not, so that each is a failure: whoever runs this from cron must hear of it.</summary>
    /// <param name="context">What the pass works with.</param>
    /// <param name="plan">The plan that it is about.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task TellAsync(PassContext context, string plan, CancellationToken ct)
    {
        var now = context.Clock.GetUtcNow();
        var isTried = context.KeepsLog && context.Options.DryRun;
        var real = isTried ? Braking.InForce(await context.Past.LoadLedgersAsync(null, ct), now) : [];
        var brakes = Braking.InForce(await context.Log.LoadLedgersAsync(null, ct), now);
        foreach (var brake in brakes.Where(b => string.Equals(b.Plan, plan, StringComparison.Ordinal)))
        {
            if (isTried && !real.Any(r => string.Equals(r.Plan, brake.Plan, StringComparison.Ordinal) && r.DropletId == brake.DropletId))
            {
                context.Logger.BrakeWouldBeOn(brake.Brake.Detail);
            }
            else
            {
                context.Logger.BrakeIsOn(brake.Describe(), context.KeepsLog
                    ? $"do-snapshot release-brake {brake.Arguments}{context.Options.Log?.AsOption} --reason TEXT"
                    : $"a run without {CommandOptions.Brake.Display}");
            }

            context.Tally.CountFailure();
        }
    }
}
