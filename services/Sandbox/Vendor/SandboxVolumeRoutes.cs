namespace DoSnapshot.Sandbox;

/// <summary>Volumes and their snapshots.</summary>
internal sealed class SandboxVolumeRoutes(SandboxAccount account)
{
    /// <summary>
    /// The vendor's description asks for <c>api:read</c> and <c>api:write</c> as well on some of these, which no token can be given: a mistake of it.
    /// </summary>
    public IReadOnlyList<SandboxRoute> All =>
    [
        new("GET", "/v2/volumes", "block_storage:read", List),
        new("POST", "/v2/volumes", "block_storage:create", call => call.With<NewVolume>(volume => Create(call, volume))),
        new("DELETE", "/v2/volumes", "block_storage:delete", DeleteByName),
        new("GET", "/v2/volumes/snapshots/{snapshot_id}", "block_storage_snapshot:read", OneSnapshot),
        new("DELETE", "/v2/volumes/snapshots/{snapshot_id}", "block_storage_snapshot:delete", call => Gone(call, account.DeleteVolumeSnapshot(call.Values[0]))),
        new("GET", "/v2/volumes/{volume_id}", "block_storage:read", One),
        new("DELETE", "/v2/volumes/{volume_id}", "block_storage:delete", call => Gone(call, account.DeleteVolume(call.Values[0]))),
        new("GET", "/v2/volumes/{volume_id}/snapshots", "block_storage_snapshot:read", Snapshots),
        new("POST", "/v2/volumes/{volume_id}/snapshots", "block_storage_snapshot:create", call => call.With<NewSnapshotOfVolume>(body => Snapshot(call, body))),
    ];

    private SandboxVolume? Volume(SandboxVendorCall call) =>
        account.Volumes().FirstOrDefault(volume => string.Equals(volume.Id, call.Values[0], StringComparison.Ordinal));

    private SandboxResponse List(SandboxVendorCall call)
    {
        var (name, region) = (call.Query("name"), call.Query("region"));
        var volumes = account.Volumes().Where(volume =>
            (name is null || string.Equals(volume.Name, name, StringComparison.Ordinal))
            && (region is null || string.Equals(volume.Region, region, StringComparison.Ordinal)));
        return call.List("volumes", [.. volumes], volume => Shape(volume, call));
    }

    private SandboxResponse One(SandboxVendorCall call) =>
        Volume(call) is { } volume ? SandboxJson.Ok(new { Volume = Shape(volume, call) }) : call.Refuse(SandboxError.NotFound);

    private SandboxResponse Create(SandboxVendorCall call, NewVolume volume)
    {
        if (volume.Tags is { Count: > 0 } && !call.Grant.Allows("tag:create"))
            return call.Refuse(SandboxError.MissingScope);
        var result = account.AddVolume(volume);
        return result.Value is { } added ? SandboxJson.Ok(new { Volume = Shape(added, call) }, status: 201) : call.Refuse(result.Error!);
    }

    private SandboxResponse DeleteByName(SandboxVendorCall call) =>
        call.Query("name") is { } name && call.Query("region") is { } region
            ? Gone(call, account.DeleteVolume(name, region))
            : call.Refuse(SandboxError.Unprocessable("name and region are required."));

    private SandboxResponse Snapshots(SandboxVendorCall call) =>
        Volume(call) is not { } volume
            ? call.Refuse(SandboxError.NotFound)
            : call.List(
                "snapshots",
                [.. account.VolumeSnapshots().Where(snapshot => string.Equals(snapshot.VolumeId, volume.Id, StringComparison.Ordinal))],
                snapshot => SandboxShapes.Snapshot(snapshot, call.Grant));

    private SandboxResponse Snapshot(SandboxVendorCall call, NewSnapshotOfVolume body)
    {
        if (body.Tags is { Count: > 0 } && !call.Grant.Allows("tag:create"))
            return call.Refuse(SandboxError.MissingScope);
        var result = account.SnapshotVolume(call.Values[0], body.Name, body.Tags);
        return result.Value is { } taken
            ? SandboxJson.Ok(new { Snapshot = SandboxShapes.Snapshot(taken, call.Grant) }, status: 201)
            : call.Refuse(result.Error!);
    }

    private SandboxResponse OneSnapshot(SandboxVendorCall call) =>
        account.VolumeSnapshots().FirstOrDefault(snapshot => string.Equals(snapshot.Id, call.Values[0], StringComparison.Ordinal)) is { } snapshot
            ? SandboxJson.Ok(new { Snapshot = SandboxShapes.Snapshot(snapshot, call.Grant) })
            : call.Refuse(SandboxError.NotFound);

    private object Shape(SandboxVolume volume, SandboxVendorCall call) => SandboxShapes.Volume(volume, account.Settings, call.Grant);

    private static SandboxResponse Gone(SandboxVendorCall call, bool wasThere) => call.Done(wasThere ? null : SandboxError.NotFound);

    private sealed record NewSnapshotOfVolume(string? Name = null, IReadOnlyList<string>? Tags = null);
}
