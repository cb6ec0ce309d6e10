using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Hosting;

/// <summary>
/// What DigitalOcean shows of one droplet. A droplet that was destroyed has no lists of its own any more (404); its snapshots and actions live on
/// in the account's.
/// </summary>
public static class DropletLook
{
    /// <summary>The listed snapshots of the droplet, to see how what was begun goes on.</summary>
    /// <exception cref="DigitalOceanException">They cannot be read.</exception>
    public static Task<IReadOnlyList<ObservedSnapshot>> ListSnapshotsWhereverAsync(this IDigitalOcean api, long dropletId, CancellationToken ct) =>
        api.ListSnapshotsWhereverAsync(dropletId, RequestPurpose.Following, ct);

    /// <summary>The listed snapshots of the droplet.</summary>
    /// <exception cref="DigitalOceanException">They cannot be read.</exception>
    public static async Task<IReadOnlyList<ObservedSnapshot>> ListSnapshotsWhereverAsync(
        this IDigitalOcean api, long dropletId, RequestPurpose purpose, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(api);
        try
        {
            // A droplet's own list does not say whose the snapshots are; they are the droplet's that was asked for.
            return [.. (await api.ListSnapshotsOfDropletAsync(dropletId, purpose, ct)).Select(s => s.Observed() with { DropletId = dropletId })];
        }
        catch (DigitalOceanException e) when (e.IsNotFound)
        {
            return [.. (await api.ListSnapshotsAsync(ct)).Where(s => s.DropletId == dropletId).Select(s => s.Observed())];
        }
    }

    /// <summary>The droplet's snapshot actions that started at or after a moment of DigitalOcean's clock.</summary>
    /// <exception cref="DigitalOceanException">They cannot be read.</exception>
    public static async Task<IReadOnlyList<ObservedAction>> ListSnapshotActionsAsync(
        this IDigitalOcean api, long dropletId, DateTimeOffset since, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(api);
        return
        [
            .. (await ActionsAsync(api, dropletId, since, ct))
                .Where(a => string.Equals(a.Type, "snapshot", StringComparison.Ordinal))
                .Select(a => a.Observed(since)),
        ];
    }

    private static async Task<IEnumerable<CloudAction>> ActionsAsync(
        IDigitalOcean api, long dropletId, DateTimeOffset since, CancellationToken ct)
    {
        try
        {
            return await api.ListDropletActionsAsync(dropletId, since, ct);
        }
        catch (DigitalOceanException e) when (e.IsNotFound)
        {
            return (await api.ListActionsAsync(since, ct))
                .Where(a => a.ResourceId == dropletId && string.Equals(a.ResourceType, "droplet", StringComparison.Ordinal));
        }
    }
}
