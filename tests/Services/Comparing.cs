using DoSnapshot.Planner;

namespace DoSnapshot.Services.Tests;

/// <summary>A comparison as the planner makes it: what it found is looked through afterwards.</summary>
internal static class Comparing
{
    public static async Task CompareAndLookAsync(this Reconciler reconciler)
    {
        await reconciler.RunAsync(World.Ct);
        await reconciler.LookForUncoveredAsync(World.Ct);
    }
}
