namespace DoSnapshot.Sandbox;

/// <summary>Snapshots.</summary>
internal sealed class SandboxSnapshotRoutes(SandboxAccount account)
{
    public IReadOnlyList<SandboxRoute> All =>
    [
        new("GET", "/v2/snapshots", "snapshot:read", List),
        new("GET", "/v2/snapshots/{snapshot_id}", "snapshot:read block_storage_snapshot:read", One),
        new("DELETE", "/v2/snapshots/{snapshot_id}", "image:delete snapshot:delete", Delete),
    ];

    /// <summary>Those of droplets and those of volumes, unless it is said which (documented).</summary>
    private SandboxResponse List(SandboxVendorCall call)
    {
        var type = call.Query("resource_type");
        if (type is not (null or "droplet" or "volume"))
            return call.Refuse(SandboxError.Unprocessable("resource_type must be droplet or volume."));
        IEnumerable<object> droplets = type is "volume" ? [] : account.Images().Where(image => image.Type == SandboxImageType.Snapshot);
        IEnumerable<object> volumes = type is "droplet" ? [] : account.VolumeSnapshots();
        return call.List("snapshots", [.. droplets, .. volumes], snapshot => Shape(snapshot, call));
    }

    private SandboxResponse One(SandboxVendorCall call)
    {
        var snapshot = SandboxVendorCall.TryId(call.Values[0], out var id) ? account.Image(id) : VolumeSnapshot(call.Values[0]) as object;
        return snapshot switch
        {
            null => call.Refuse(SandboxError.NotFound),
            SandboxImage { Type: not SandboxImageType.Snapshot } => call.Refuse(SandboxError.NotASnapshot),
            _ => SandboxJson.Ok(new { Snapshot = Shape(snapshot, call) }),
        };
    }

    private SandboxResponse Delete(SandboxVendorCall call)
    {
        if (SandboxVendorCall.TryId(call.Values[0], out var id))
            return call.Done(account.DeleteSnapshot(id, by: $"DELETE {call.Request.Uri.AbsolutePath}"));
        return call.Done(account.DeleteVolumeSnapshot(call.Values[0]) ? null : SandboxError.NotFound);
    }

    private SandboxVolumeSnapshot? VolumeSnapshot(string id) =>
        account.VolumeSnapshots().FirstOrDefault(snapshot => string.Equals(snapshot.Id, id, StringComparison.Ordinal));

    private object Shape(object snapshot, SandboxVendorCall call) => snapshot is SandboxVolumeSnapshot ofVolume
        ? SandboxShapes.Snapshot(ofVolume, call.Grant)
        : call.Fragments.Of("snapshot", (SandboxImage)snapshot, account.Settings, call.Grant, image => SandboxShapes.Snapshot(image, call.Grant));
}
