namespace DoSnapshot.Sandbox;

/// <content>What clients can have done to droplets.</content>
public sealed partial class SandboxAccount
{
    // Of the actions, those that one call can start on all droplets with a tag (documented).
    private static readonly string[] TypesForMany =
        ["power_cycle", "power_on", "power_off", "shutdown", "enable_ipv6", "enable_backups", "disable_backups", "snapshot"];

    /// <summary>Starts an action on a droplet.</summary>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="type">The kind of action: <c>snapshot</c>, <c>power_off</c> and so on.</param>
    /// <param name="name">Name of the snapshot. Without one it is the droplet's name and a number, as the vendor's examples have it (chosen).</param>
    /// <returns>The action, in progress even if it takes no time at all.</returns>
    public SandboxResult<SandboxAction> StartDropletAction(long dropletId, string? type, string? name = null) =>
        StartDropletAction(dropletId, new SandboxDropletCommand { Type = type, Name = name });

    /// <summary>Starts an action on a droplet.</summary>
    public SandboxResult<SandboxAction> StartDropletAction(long dropletId, SandboxDropletCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        lock (_gate)
        {
            var now = Advance();
            if (!_droplets.TryGetValue(dropletId, out var droplet))
                return SandboxError.NotFound;
            var edit = EditBy(command, droplet);
            if (edit.Value is null)
                return edit.Error!;
            return IsBusy(dropletId) ? SandboxError.PendingEvent : Start(now, droplet, command, edit.Value);
        }
    }

    /// <summary>Starts the same action on every droplet with a tag, or on none when one of them is busy (observed: it refuses as a whole).</summary>
    public SandboxResult<SandboxAction[]> StartDropletActions(string tag, SandboxDropletCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        lock (_gate)
        {
            var now = Advance();
            if (!_tags.ContainsKey(tag))
                return SandboxError.NotFound;
            if (command.Type is not null && !TypesForMany.Contains(command.Type, StringComparer.Ordinal))
                return SandboxError.Unprocessable($"The action type '{command.Type}' is not available for tagged Droplets.");

            var starts = new List<(SandboxDroplet Droplet, SandboxDropletEdit Edit)>();
            foreach (var droplet in _droplets.Values.Where(droplet => HasTag(droplet.Tags, tag)))
            {
                var edit = EditBy(command, droplet);
                if (edit.Value is null)
                    return edit.Error!;
                if (IsBusy(droplet.Id))
                    return SandboxError.BlockingEvents;
                starts.Add((droplet, edit.Value));
            }

            return starts.Select(start => Start(now, start.Droplet, command, start.Edit)).ToArray();
        }
    }

    private bool IsBusy(long dropletId) => _actions.InProgress(SandboxResource.Droplet(dropletId)).Any();

    private SandboxAction Start(DateTimeOffset now, SandboxDroplet droplet, SandboxDropletCommand command, SandboxDropletEdit edit) =>
        string.Equals(command.Type, "snapshot", StringComparison.Ordinal)
            ? StartSnapshot(now, droplet, command.Name)
            : Start(now, SandboxResource.Droplet(droplet.Id), command.Type!, droplet.Region, new SandboxDuration(Settings.PowerDuration), 0, edit: edit);

    private SandboxAction StartSnapshot(DateTimeOffset now, SandboxDroplet droplet, string? name)
    {
        var id = NextImageId();
        var action = Start(
            now, SandboxResource.Droplet(droplet.Id), "snapshot", droplet.Region, Settings.SnapshotDuration, droplet.UsedGigabytes, id);
        Put(new SandboxImage
        {
            Id = id,
            Name = name ?? $"{droplet.Name}-{now.ToUnixTimeMilliseconds()}",
            DropletId = droplet.Id,
            SizeGigabytes = SizeOf(droplet, id),
            MinDiskSize = droplet.Disk,
            Regions = [droplet.Region],
            CreatedAt = action.StartedAt,
            Phase = SandboxImagePhase.InProgress,
        });
        return action;
    }

    /// <summary>What a command makes of a droplet in the end, or why it cannot be obeyed.</summary>
    private SandboxResult<SandboxDropletEdit> EditBy(SandboxDropletCommand command, SandboxDroplet droplet) => command.Type switch
    {
        "snapshot" or "password_reset" => new SandboxDropletEdit(),
        "shutdown" when droplet.IgnoresShutdown => new SandboxDropletEdit(),
        "shutdown" or "power_off" => new SandboxDropletEdit { Status = SandboxPower.Off },
        "power_on" or "power_cycle" or "reboot" => new SandboxDropletEdit { Status = SandboxPower.Active },
        "enable_ipv6" => new SandboxDropletEdit { AddsIpv6 = true },
        "enable_backups" => BackupsBy(command.BackupPolicy ?? new SandboxBackupPolicy()),
        "change_backup_policy" when droplet.Backups is null => SandboxError.Unprocessable("Backups are not enabled."),
        "change_backup_policy" => BackupsBy(command.BackupPolicy),
        "disable_backups" => new SandboxDropletEdit { StopsBackups = true },
        "rename" => IsDropletName(command.Name) ? new SandboxDropletEdit { Name = command.Name } : SandboxError.Unprocessable("Name is not valid."),
        "resize" => ResizeBy(command, droplet),
        "rebuild" => RebuildBy(command.Image, droplet),
        "restore" => RestoreBy(command.Image, droplet),
        "change_kernel" => SandboxError.Unprocessable("The kernel of this Droplet is managed internally."),
        null => SandboxError.Unprocessable("The action's type is missing."),
        _ => SandboxError.Unprocessable($"The action type '{command.Type}' is not available."),
    };

    private static SandboxResult<SandboxDropletEdit> BackupsBy(SandboxBackupPolicy? policy) =>
        policy is { IsValid: true } ? new SandboxDropletEdit { Backups = policy } : SandboxError.Unprocessable("The backup policy is not valid.");

    /// <summary>Only of a droplet that is off (observed), and never to a smaller disk (documented).</summary>
    private static SandboxResult<SandboxDropletEdit> ResizeBy(SandboxDropletCommand command, SandboxDroplet droplet)
    {
        if (SandboxCatalog.Size(command.Size) is not { } size)
            return SandboxError.Unprocessable("You specified an invalid size for Droplet resize.");
        if (droplet.Status != SandboxPower.Off)
            return SandboxError.DropletIsOn;
        if (size.Disk < droplet.Disk)
            return SandboxError.Unprocessable("This size is not available, as its disk is smaller.");
        return new SandboxDropletEdit { Size = size.Slug, Disk = command.Disk ? size.Disk : null };
    }

    private SandboxResult<SandboxDropletEdit> RebuildBy(string? identifier, SandboxDroplet droplet) =>
        UsableImage(identifier, droplet.Region, droplet.Disk) is { } image
            ? new SandboxDropletEdit { Image = image, Status = SandboxPower.Active }
            : SandboxError.InvalidImage;

    /// <summary>From a backup of this very droplet (documented).</summary>
    private SandboxResult<SandboxDropletEdit> RestoreBy(string? identifier, SandboxDroplet droplet) =>
        UsableImage(identifier, droplet.Region, droplet.Disk) is { Type: SandboxImageType.Backup } image && image.DropletId == droplet.Id
            ? new SandboxDropletEdit { Image = image, Status = SandboxPower.Active }
            : SandboxError.InvalidImage;

    private static double SizeOf(SandboxDroplet droplet, long imageId) =>
        Math.Round(droplet.UsedGigabytes * SandboxNumbers.Around(imageId, 0.03), 2);
}
