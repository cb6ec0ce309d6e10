namespace DoSnapshot.Cli.Demo;

/// <summary>What the demo's services are told: one plan, and paces that suit a clock which jumps.</summary>
internal static class DemoPlan
{
    public const string Region = "lon1";

    public const string Every = "1d";

    public const string At = "03:00";

    public const string Keep = "3d:3d 1w:2w 0d:4w";

    public static Dictionary<string, string?> Settings(string connectionString) => new(StringComparer.Ordinal)
    {
        ["Platform:LogConnectionString"] = connectionString,
        // Whatever the environment names: it would go before.
        ["Platform:LogConnectionStringFile"] = "",
        ["Platform:FollowEvery"] = "00:05:00",
        ["DigitalOcean:ApiUrl"] = "http://localhost",
        ["DigitalOcean:Token"] = "sandbox",
        ["Planner:DecideEvery"] = "00:10:00",
        ["Planner:ReconcileEvery"] = "01:00:00",
        ["Plan:Tag"] = Sandbox.SandboxSeeds.Tag,
        ["Plan:Every"] = Every,
        ["Plan:At"] = At,
        ["Plan:Spread"] = "2h",
        ["Plan:Keep"] = Keep,
        ["Plan:Regions"] = Region,
    };
}
