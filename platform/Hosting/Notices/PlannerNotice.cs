namespace DoSnapshot.Hosting.Notices;

/// <summary>What the planner that leads notes for whoever looks at the log.</summary>
public static class PlannerNotice
{
    /// <summary>Under which channel: nobody is told by it, it is read.</summary>
    public const string Channel = "planner";

    /// <summary>That the log cannot be compared with DigitalOcean.</summary>
    public const string NotCompared = "not-compared";
}
