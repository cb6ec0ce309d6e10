namespace DoSnapshot.Sandbox;

/// <content>How an action begins and ends, whatever it is about.</content>
public sealed partial class SandboxAccount
{
    private SandboxAction Start(
        DateTimeOffset now,
        SandboxResource resource,
        string type,
        string region,
        SandboxDuration duration,
        double gigabytes,
        long? imageId = null,
        SandboxDropletEdit? edit = null)
    {
        _lastActionId = SandboxNumbers.After(_lastActionId);
        var action = new SandboxAction
        {
            Id = _lastActionId,
            Type = type,
            StartedAt = Stamp(now),
            ResourceId = resource.Id,
            ResourceType = resource.Type,
            Region = region,
            ImageId = imageId,
            Edit = edit,
            EndsAt = now + (duration.Of(gigabytes) * SandboxNumbers.Around(_lastActionId, Settings.Variation)),
        };
        Remember<SandboxAction>(action.Id, was: null);
        _actions.Put(action);
        Changed();
        _agenda.Add(action.EndsAt, new ActionEnds(action.Id));
        return action;
    }

    private SandboxAction End(SandboxAction action, SandboxActionStatus status, DateTimeOffset at)
    {
        var ended = action with { Status = status, CompletedAt = Stamp(at) };
        Remember(action.Id, action);
        _actions.Put(ended);
        Changed();
        return ended;
    }

    private void Complete(long actionId, DateTimeOffset at)
    {
        // It may have been cut short: then its end was entered before and means nothing now.
        if (_actions.Find(actionId) is not { Status: SandboxActionStatus.InProgress } running)
            return;

        var action = End(running, SandboxActionStatus.Completed, at);
        if (action.ImageId is { } imageId && _images.TryGetValue(imageId, out var image))
            Complete(action, image, at);
        if (action.Edit is { } edit && _droplets.TryGetValue(action.ResourceId, out var droplet))
        {
            Put(edit.Of(droplet));
            if (edit.Status is { } status)
                _agenda.Add(at + Settings.PowerLag, new PowerShows(droplet.Id, status));
        }
    }

    private void Complete(SandboxAction action, SandboxImage image, DateTimeOffset at)
    {
        switch (action.Type)
        {
            case "snapshot":
                Put(image with { Phase = SandboxImagePhase.Unlisted });
                _agenda.Add(at + Settings.ListingLag, new ImageAppears(image.Id));
                break;
            case "transfer":
                Put(image with { Regions = [.. image.Regions.Union([action.Region], StringComparer.Ordinal)] });
                break;
            case "convert":
                Put(image with { Type = SandboxImageType.Snapshot });
                break;
        }
    }
}
