using DoSnapshot.Retention;

namespace DoSnapshot.Planner.Plans;

/// <summary>What a plan says where its configuration does not.</summary>
internal static class PlanDefaults
{
    public const string At = "03:00";

    public const int KeepAtLeast = 1;

    private static readonly TimeSpan UsualSpread = TimeSpan.FromHours(2);

    /// <summary>Two hours, where the interval leaves room for that.</summary>
    public static string Spread(string every) => Period.TryParse(every, out var period) && period.Duration <= UsualSpread ? "0h" : "2h";
}
