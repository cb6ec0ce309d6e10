using System.Globalization;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>A release of a brake that is in force: what the brake held goes, and is not braked again.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="DropletId">The droplet; null for the whole plan.</param>
/// <param name="DropletName">Its name.</param>
/// <param name="Until">When it ends by itself, UTC.</param>
public sealed record ReleaseInForce(string Plan, long? DropletId, string? DropletName, DateTimeOffset Until)
{
    /// <summary>What is released, and until when.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(DropletId is null ? $"plan '{Plan}'" : $"droplet '{DropletName}' in plan '{Plan}'")} until {Until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
}
