namespace DoSnapshot.Planner;

/// <summary>How the planner goes about its work. Section <c>Planner</c> of the configuration.</summary>
public sealed class PlannerOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Planner";

    /// <summary>How often it decides from the log; facts that arrive are decided on at once besides.</summary>
    public TimeSpan DecideEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often it compares the log with DigitalOcean.</summary>
    public TimeSpan ReconcileEvery { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How many snapshots may be asked for or at work at once, and how many may be on their way out by rule.</summary>
    public int InFlightLimit { get; set; } = 100;

    /// <summary>What is wrong with these options, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (DecideEvery < TimeSpan.FromMilliseconds(100) || DecideEvery > TimeSpan.FromHours(1))
        {
            yield return $"Planner:DecideEvery '{DecideEvery}' must be between 100 ms and 1 h.";
        }

        if (ReconcileEvery < TimeSpan.FromSeconds(1) || ReconcileEvery > TimeSpan.FromDays(1))
        {
            yield return $"Planner:ReconcileEvery '{ReconcileEvery}' must be between 1 s and 1 d.";
        }

        if (InFlightLimit < 1)
        {
            yield return $"Planner:InFlightLimit '{InFlightLimit}' must be at least 1.";
        }
    }
}
