namespace DoSnapshot.Sandbox;

/// <content>Volumes and their snapshots.</content>
public sealed partial class SandboxAccount
{
    private const int SnapshotsOfOneVolume = 25;

    // A volume's snapshot is far smaller than the volume; nobody looks at how much.
    private const double UsedShareOfVolume = 0.2;

    private static readonly TimeSpan VolumeSnapshotPace = TimeSpan.FromMinutes(10);

    private readonly SortedDictionary<string, SandboxVolume> _volumes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SandboxVolumeSnapshot> _volumeSnapshots = new(StringComparer.Ordinal);
    private long _lastVolumeId;

    /// <summary>The volumes, in an order that means nothing.</summary>
    public IReadOnlyList<SandboxVolume> Volumes()
    {
        lock (_gate)
            return [.. _volumes.Values];
    }

    /// <summary>The snapshots of volumes, in an order that means nothing.</summary>
    public IReadOnlyList<SandboxVolumeSnapshot> VolumeSnapshots()
    {
        lock (_gate)
            return [.. _volumeSnapshots.Values];
    }

    /// <summary>Adds a volume.</summary>
    public SandboxResult<SandboxVolume> AddVolume(NewVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        lock (_gate)
        {
            var now = Advance();
            var source = volume.SnapshotId is null ? null : _volumeSnapshots.GetValueOrDefault(volume.SnapshotId);
            if (volume.Mistake(Settings, source) is { } mistake)
                return mistake;
            if (_volumes.Values.Any(other => IsAt(other, volume.Name!, volume.Region)))
                return SandboxError.Conflict("a volume with this name is in the region already");

            return Put(new SandboxVolume
            {
                Id = NextVolumeId(),
                Name = volume.Name!,
                Region = volume.Region!,
                SizeGigabytes = volume.SizeGigabytes ?? source!.MinDiskSize,
                Description = volume.Description ?? "",
                FilesystemType = volume.FilesystemType ?? "",
                FilesystemLabel = volume.FilesystemLabel ?? "",
                Tags = volume.Tags ?? [],
                CreatedAt = SandboxNumbers.ToSecond(now),
            });
        }
    }

    /// <summary>Deletes a volume; its snapshots stay.</summary>
    /// <returns>Whether there was such a volume.</returns>
    public bool DeleteVolume(string id)
    {
        lock (_gate)
        {
            Changed();
            return _volumes.Remove(id);
        }
    }

    /// <summary>Deletes the volume that has this name there.</summary>
    /// <returns>Whether there was such a volume.</returns>
    public bool DeleteVolume(string name, string region)
    {
        lock (_gate)
            return _volumes.Values.FirstOrDefault(volume => IsAt(volume, name, region)) is { } found && DeleteVolume(found.Id);
    }

    /// <summary>
    /// Takes a snapshot of a volume: one in ten minutes and 25 in all (documented), no two of a name (observed).
    /// </summary>
    public SandboxResult<SandboxVolumeSnapshot> SnapshotVolume(string volumeId, string? name, IReadOnlyList<string>? tags = null)
    {
        lock (_gate)
        {
            var now = Advance();
            if (!_volumes.TryGetValue(volumeId, out var volume))
                return SandboxError.NotFound;
            var taken = _volumeSnapshots.Values.Where(snapshot => string.Equals(snapshot.VolumeId, volumeId, StringComparison.Ordinal)).ToList();
            if (string.IsNullOrWhiteSpace(name))
                return SandboxError.BadRequest("name is missing");
            if (SandboxTag.Mistake(tags) is { } mistake)
                return mistake;
            if (taken.Exists(snapshot => string.Equals(snapshot.Name, name, StringComparison.Ordinal)))
                return SandboxError.Conflict("a snapshot of the volume has this name already");
            if (taken.Exists(snapshot => snapshot.CreatedAt + VolumeSnapshotPace > now))
                return SandboxError.VolumeSnapshotTooSoon;
            if (taken.Count >= SnapshotsOfOneVolume)
                return SandboxError.Unprocessable("volume/snapshot capacity limit exceeded");

            return Put(SnapshotOf(volume, name, now, tags ?? []));
        }
    }

    /// <summary>Plants a snapshot of a volume, of any age and as many as are wanted.</summary>
    public SandboxResult<SandboxVolumeSnapshot> PlantVolumeSnapshot(NewVolumeSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        lock (_gate)
        {
            var now = Advance();
            if (_volumes.Values.FirstOrDefault(volume => string.Equals(volume.Name, snapshot.Volume, StringComparison.Ordinal)) is not { } volume)
                return SandboxError.Unprocessable($"There is no volume '{snapshot.Volume}'.");
            if (string.IsNullOrWhiteSpace(snapshot.Name))
                return SandboxError.Unprocessable("A snapshot needs a name.");
            if (!IsMoment(snapshot.CreatedAt, snapshot.AgeHours))
                return NoMoment;
            return SandboxTag.Mistake(snapshot.Tags) is { } mistake
                ? mistake
                : Put(SnapshotOf(volume, snapshot.Name, Moment(snapshot.CreatedAt, snapshot.AgeHours, now), snapshot.Tags));
        }
    }

    /// <summary>Deletes a snapshot of a volume.</summary>
    /// <returns>Whether there was such a snapshot.</returns>
    public bool DeleteVolumeSnapshot(string id)
    {
        lock (_gate)
        {
            Changed();
            return _volumeSnapshots.Remove(id);
        }
    }

    private static bool IsAt(SandboxVolume volume, string name, string? region) =>
        string.Equals(volume.Name, name, StringComparison.Ordinal) && string.Equals(volume.Region, region, StringComparison.Ordinal);

    private SandboxVolumeSnapshot SnapshotOf(SandboxVolume volume, string name, DateTimeOffset at, IReadOnlyList<string> tags) => new()
    {
        Id = NextVolumeId(),
        Name = name,
        VolumeId = volume.Id,
        Region = volume.Region,
        MinDiskSize = volume.SizeGigabytes,
        SizeGigabytes = Math.Round(volume.SizeGigabytes * UsedShareOfVolume, 2),
        Tags = tags,
        CreatedAt = SandboxNumbers.ToSecond(at),
    };

    private string NextVolumeId() => SandboxNumbers.Uuid(++_lastVolumeId);

    private SandboxVolume Put(SandboxVolume volume)
    {
        var path = $"/v2/volumes/{volume.Id}";
        var tags = Spelt(volume.Tags, _volumes.GetValueOrDefault(volume.Id)?.Tags ?? [], tag => tag with { LastTagged = path, LastVolume = path });
        Changed();
        return _volumes[volume.Id] = volume with { Tags = tags };
    }

    private SandboxVolumeSnapshot Put(SandboxVolumeSnapshot snapshot)
    {
        var path = $"/v2/snapshots/{snapshot.Id}";
        var before = _volumeSnapshots.GetValueOrDefault(snapshot.Id)?.Tags ?? [];
        var tags = Spelt(snapshot.Tags, before, tag => tag with { LastTagged = path, LastVolumeSnapshot = path });
        Changed();
        return _volumeSnapshots[snapshot.Id] = snapshot with { Tags = tags };
    }
}
