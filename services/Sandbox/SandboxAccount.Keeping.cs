namespace DoSnapshot.Sandbox;

/// <content>How an account is written down, and goes on from that.</content>
public sealed partial class SandboxAccount
{
    /// <summary>An account that goes on from where another was written down. What was due since then happens with the first call.</summary>
    internal SandboxAccount(TimeProvider clock, SandboxSettings settings, SandboxRecord record)
        : this(clock, settings)
    {
        (_lastDropletId, _lastImageId, _lastActionId, _lastVolumeId) = record.Last;
        foreach (var token in record.Tokens)
            _tokens.Add(token.Name, token);
        foreach (var droplet in record.Droplets)
            _droplets.Add(droplet.Id, droplet);
        foreach (var image in record.Images)
            _images.Add(image.Id, image);
        foreach (var action in record.Actions)
            _actions.Put(action);
        foreach (var due in record.Agenda)
            _agenda.Add(due.At, due.Change);
        foreach (var tag in record.Tags)
            _tags.Add(tag.Name, tag);
        foreach (var volume in record.Volumes)
            _volumes.Add(volume.Id, volume);
        foreach (var snapshot in record.VolumeSnapshots)
            _volumeSnapshots.Add(snapshot.Id, snapshot);
        _destroyed.AddRange(record.Destroyed);
        _deleted.AddRange(record.Deleted);
    }

    /// <summary>Grows with every change of what the account holds.</summary>
    internal long Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    /// <summary>The account as it is now, and the version that this is.</summary>
    internal (SandboxRecord Record, long Version) WriteDown()
    {
        lock (_gate)
        {
            Advance();
            var record = new SandboxRecord
            {
                Last = new SandboxLastNumbers(_lastDropletId, _lastImageId, _lastActionId, _lastVolumeId),
                Tokens = [.. _tokens.Values],
                Droplets = [.. _droplets.Values],
                Destroyed = [.. _destroyed],
                Images = [.. _images.Values],
                Deleted = [.. _deleted],
                Actions = [.. _actions.Newest(0, int.MaxValue).Items.Reverse()],
                Agenda = _agenda.All(),
                Tags = [.. _tags.Values],
                Volumes = [.. _volumes.Values],
                VolumeSnapshots = [.. _volumeSnapshots.Values],
            };
            return (record, _version);
        }
    }
}
