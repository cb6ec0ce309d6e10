using System.Collections.Immutable;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>A brake that is on.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="DropletId">The droplet; null for the whole plan.</param>
/// <param name="DropletName">Its name.</param>
/// <param name="Brake">The brake.</param>
/// <param name="Held">The snapshots that would go without it at this moment.</param>
public sealed record BrakeInForce(string Plan, long? DropletId, string? DropletName, Brake Brake, ImmutableArray<Snapshot> Held)
{
    /// <summary>What it is on.</summary>
    public string Whose => DropletId is null ? $"plan '{Plan}'" : $"droplet {DropletId} ('{DropletName}') in plan '{Plan}'";

    /// <summary>How release-brake names it.</summary>
    public string Arguments => DropletId is null ? Plan : $"{Plan} --droplet {DropletId}";

    /// <summary>What is held, why, and since when.</summary>
    public string Describe() => $"nothing of {Whose} expires since {Brake.AppliedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Brake.Detail}";

    /// <summary>What it holds at this moment.</summary>
    public string DescribeHeld() => Held switch
    {
        [] => "nothing would go at this moment",
        [var one] => $"1 snapshot would go, made at {one.CreatedAt:yyyy-MM-dd HH:mm}",
        _ => $"{Held.Length} snapshots of {Droplets(Held.DistinctBy(s => s.DropletId).Count())} would go, made between {Held.Min(s => s.CreatedAt):yyyy-MM-dd HH:mm} and {Held.Max(s => s.CreatedAt):yyyy-MM-dd HH:mm}",
    };

    private static string Droplets(int count) => count == 1 ? "1 droplet" : $"{count} droplets";
}
