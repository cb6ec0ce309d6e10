namespace DoSnapshot.Sandbox;

/// <content>What clients can have done: snapshots, power, transfers, deletes.</content>
public sealed partial class SandboxAccount
{
    /// <summary>Starts an action on a droplet.</summary>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="type"><c>snapshot</c>, <c>shutdown</c>, <c>power_off</c> or <c>power_on</c>.</param>
    /// <param name="name">Name of the snapshot. Without one it is the droplet's name and a number, as the vendor's examples have it (chosen).</param>
    /// <returns>The action, in progress even if it takes no time at all.</returns>
    public SandboxResult<SandboxAction> StartDropletAction(long dropletId, string? type, string? name = null)
    {
        lock (_gate)
        {
            var now = Advance();
            if (!_droplets.TryGetValue(dropletId, out var droplet))
                return SandboxError.NotFound;
            if (type is not ("snapshot" or "shutdown" or "power_off" or "power_on"))
                return SandboxError.Unprocessable(type is null ? "The action's type is missing." : $"The action type '{type}' is not available.");
            if (_actions.InProgress(SandboxResource.Droplet(dropletId)).Any())
                return SandboxError.PendingEvent;

            return string.Equals(type, "snapshot", StringComparison.Ordinal)
                ? StartSnapshot(now, droplet, name)
                : Start(now, SandboxResource.Droplet(dropletId), type, droplet.Region, new SandboxDuration(Settings.PowerDuration), 0);
        }
    }

    /// <summary>
    /// Starts a copy of a snapshot to another region. Several may run side by side (documented by the vendor's staff), also
    /// two to the same region (chosen, as it lets a client that repeats itself be seen).
    /// </summary>
    public SandboxResult<SandboxAction> StartTransfer(long imageId, string? region)
    {
        lock (_gate)
        {
            var now = Advance();
            if (ListedImage(imageId) is not { } image)
                return SandboxError.NotFound;
            if (image.Type != SandboxImageType.Snapshot)
                return SandboxError.Unprocessable("The image is not a snapshot.");
            if (region is null || Settings.Region(region) is null)
                return SandboxError.Unprocessable("The region is not available.");
            if (image.Regions.Contains(region, StringComparer.Ordinal))
                return SandboxError.Unprocessable($"The image is already available in {region}.");

            return Start(
                now, SandboxResource.Image(imageId), "transfer", region, Settings.TransferDuration, image.SizeGigabytes, imageId);
        }
    }

    /// <summary>
    /// Deletes a snapshot, everywhere and for good (documented by absence). One that is being transferred goes too, and the
    /// transfer ends as errored: nobody could say what DigitalOcean does, and this is the more dangerous answer.
    /// </summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="by">Who or what deleted it, for the record.</param>
    /// <returns>Why it was not deleted; none when it was.</returns>
    public SandboxError? DeleteSnapshot(long id, string by = "the sandbox's owner")
    {
        lock (_gate)
        {
            var now = Advance();
            if (ListedImage(id) is not { } image)
                return SandboxError.NotFound;
            if (image.Type != SandboxImageType.Snapshot)
                return SandboxError.NotASnapshot;

            _images.Remove(id);
            ForgetImageListing();
            _deleted.Add(new SandboxDeletion(image, now, by));
            foreach (var transfer in _actions.InProgress(SandboxResource.Image(id)).ToList())
                End(transfer, SandboxActionStatus.Errored, now);
            return null;
        }
    }

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

    private SandboxAction Start(
        DateTimeOffset now, SandboxResource resource, string type, string region, SandboxDuration duration, double gigabytes, long? imageId = null)
    {
        _lastActionId = SandboxNumbers.After(_lastActionId);
        var action = new SandboxAction
        {
            Id = _lastActionId,
            Type = type,
            StartedAt = SandboxNumbers.ToSecond(now),
            ResourceId = resource.Id,
            ResourceType = resource.Type,
            Region = region,
            ImageId = imageId,
            EndsAt = now + (duration.Of(gigabytes) * SandboxNumbers.Around(_lastActionId, Settings.Variation)),
        };
        _actions.Put(action);
        _agenda.Add(action.EndsAt, new ActionEnds(action.Id));
        return action;
    }

    private SandboxAction End(SandboxAction action, SandboxActionStatus status, DateTimeOffset at)
    {
        var ended = action with { Status = status, CompletedAt = SandboxNumbers.ToSecond(at) };
        _actions.Put(ended);
        return ended;
    }

    private void Complete(long actionId, DateTimeOffset at)
    {
        // It may have been cut short: then its end was entered before and means nothing now.
        if (_actions.Find(actionId) is not { Status: SandboxActionStatus.InProgress } running)
            return;

        var action = End(running, SandboxActionStatus.Completed, at);
        switch (action.Type)
        {
            case "snapshot" when _images.TryGetValue(action.ImageId!.Value, out var image):
                Put(image with { Phase = SandboxImagePhase.Unlisted });
                _agenda.Add(at + Settings.ListingLag, new ImageAppears(image.Id));
                break;
            case "transfer" when _images.TryGetValue(action.ImageId!.Value, out var image):
                Put(image with { Regions = [.. image.Regions.Union([action.Region], StringComparer.Ordinal)] });
                break;
            case "shutdown" or "power_off":
                _agenda.Add(at + Settings.PowerLag, new PowerShows(action.ResourceId, SandboxPower.Off));
                break;
            case "power_on":
                _agenda.Add(at + Settings.PowerLag, new PowerShows(action.ResourceId, SandboxPower.Active));
                break;
        }
    }

    private static double SizeOf(SandboxDroplet droplet, long imageId) =>
        Math.Round(droplet.UsedGigabytes * SandboxNumbers.Around(imageId, 0.03), 2);
}
