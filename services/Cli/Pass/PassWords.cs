using DoSnapshot.Cli.Arguments;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Cli.Pass;

/// <summary>What every pass says at its beginning and at its end.</summary>
internal static class PassWords
{
    /// <summary>How many droplets the plan has. None at all is a mistake more often than not.</summary>
    public static void SayHowMany(PassContext context, int droplets)
    {
        context.Logger.DropletsFound(droplets, context.Plan.Tag);
        if (droplets == 0)
        {
            context.Logger.NoDroplets(context.Plan.Tag);
        }
    }

    /// <summary>The policy, as do-snapshot.py states it.</summary>
    public static void SayWhatIsMeant(PassContext context)
    {
        var plan = context.Plan;
        if (plan.Timing is PlanTiming.Anchored)
        {
            context.Logger.WillSnapshotAt(plan.Every.ToString(), plan.At.ToString("HH:mm"));
        }
        else
        {
            context.Logger.WillSnapshot(plan.Every.ToString());
        }

        if (BrakeForecast.Describe(plan) is { } held)
        {
            context.Logger.CourseIsHeld(held);
        }

        foreach (var rule in plan.Keep.Rules.Reverse())
        {
            if (rule.KeepsNone)
            {
                context.Logger.KeepingNone(rule.Age.ToString());
            }
            else
            {
                context.Logger.Keeping(rule.Interval.ToString(), rule.Age.ToString());
            }

            if (rule.Age.Duration < plan.Every.Duration)
            {
                context.Logger.RuleYoungerThanSnapshots(rule.ToString(), plan.Every.ToString());
            }
        }
    }

    /// <summary>Refuses a region that there is not.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void RefuseUnknownRegion(Plan plan, IReadOnlySet<string> there)
    {
        if (plan.Regions.FirstOrDefault(r => !there.Contains(r)) is { } unknown)
        {
            throw UsageException.For(CommandOptions.Region, unknown, $"DigitalOcean has no such region; it has {string.Join(", ", there.Order(StringComparer.Ordinal))}");
        }
    }

    /// <summary>What was done.</summary>
    public static void Sum(PassContext context, TimeSpan passed)
    {
        var tally = context.Tally;
        if (context.Options.DryRun)
        {
            context.Logger.DryRunDone(tally.Begun, tally.Transfers, tally.Deleted, tally.Held, tally.Failures);
        }
        else
        {
            context.Logger.Done(Words.Of(passed), tally.Begun, tally.Transfers, tally.Deleted, tally.Held, tally.Failures);
        }
    }
}
