using DoSnapshot.Contracts;

namespace DoSnapshot.Cli.Pass;

/// <summary>What every pass says at its beginning and at its end.</summary>
internal static class PassWords
{
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
