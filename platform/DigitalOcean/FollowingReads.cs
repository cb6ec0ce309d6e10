namespace DoSnapshot.DigitalOcean;

/// <summary>Reads for what most of them are for: to see how what was begun goes on.</summary>
public static class FollowingReads
{
    /// <inheritdoc cref="IDigitalOcean.FindDropletAsync"/>
    public static Task<Droplet?> FindDropletAsync(this IDigitalOcean api, long dropletId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(api);
        return api.FindDropletAsync(dropletId, RequestPurpose.Following, ct);
    }

    /// <inheritdoc cref="IDigitalOcean.ListSnapshotsOfDropletAsync"/>
    public static Task<IReadOnlyList<DropletSnapshot>> ListSnapshotsOfDropletAsync(this IDigitalOcean api, long dropletId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(api);
        return api.ListSnapshotsOfDropletAsync(dropletId, RequestPurpose.Following, ct);
    }

    /// <inheritdoc cref="IDigitalOcean.FindSnapshotAsync"/>
    public static Task<DropletSnapshot?> FindSnapshotAsync(this IDigitalOcean api, long snapshotId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(api);
        return api.FindSnapshotAsync(snapshotId, RequestPurpose.Following, ct);
    }
}
