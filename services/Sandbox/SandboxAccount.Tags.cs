namespace DoSnapshot.Sandbox;

/// <content>Tags, and what bears them.</content>
public sealed partial class SandboxAccount
{
    private readonly SortedDictionary<string, SandboxTag> _tags = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tags, by name.</summary>
    public IReadOnlyList<SandboxTag> Tags()
    {
        lock (_gate)
            return [.. _tags.Values];
    }

    /// <summary>One tag, whatever the case of its name.</summary>
    public SandboxTag? Tag(string name)
    {
        lock (_gate)
            return _tags.GetValueOrDefault(name);
    }

    /// <summary>Makes a tag, or finds the one that is there (chosen).</summary>
    public SandboxResult<SandboxTag> AddTag(string name)
    {
        if (!SandboxTag.IsName(name))
            return SandboxError.Unprocessable($"'{name}' is no name for a tag.");
        lock (_gate)
            return Known(name);
    }

    /// <summary>Deletes a tag and takes it off everything (documented).</summary>
    /// <returns>Whether there was such a tag.</returns>
    public bool DeleteTag(string name)
    {
        lock (_gate)
        {
            Advance();
            if (!_tags.Remove(name))
                return false;
            Changed();
            foreach (var droplet in _droplets.Values.Where(droplet => HasTag(droplet.Tags, name)).ToList())
                Put(droplet with { Tags = Without(droplet.Tags, name) });
            foreach (var image in _images.Values.Where(image => HasTag(image.Tags, name)).ToList())
                Put(image with { Tags = Without(image.Tags, name) });
            foreach (var volume in _volumes.Values.Where(volume => HasTag(volume.Tags, name)).ToList())
                Put(volume with { Tags = Without(volume.Tags, name) });
            foreach (var snapshot in _volumeSnapshots.Values.Where(snapshot => HasTag(snapshot.Tags, name)).ToList())
                Put(snapshot with { Tags = Without(snapshot.Tags, name) });
            return true;
        }
    }

    /// <summary>Puts a tag on things or takes it off: on all of them, or on none if one is not there (chosen).</summary>
    /// <param name="name">The tag, which must exist.</param>
    /// <param name="resources">Droplets, listed images, volumes and their snapshots.</param>
    /// <param name="tagged">Whether they shall have it.</param>
    /// <returns>Why not; none when it was done.</returns>
    public SandboxError? SetTag(string name, IReadOnlyList<SandboxTagged> resources, bool tagged)
    {
        ArgumentNullException.ThrowIfNull(resources);
        lock (_gate)
        {
            Advance();
            if (!_tags.TryGetValue(name, out var tag))
                return SandboxError.NotFound;
            var changes = resources.Select(resource => Retagged(resource, tags => tagged ? With(tags, tag.Name) : Without(tags, name))).ToList();
            if (changes.Contains(null))
                return SandboxError.NotFound;
            changes.ForEach(change => change!());
            return null;
        }
    }

    /// <summary>How many of each kind have a tag.</summary>
    internal SandboxTagCounts BearersOf(string name)
    {
        lock (_gate)
        {
            Advance();
            return new SandboxTagCounts(
                _droplets.Values.Count(droplet => HasTag(droplet.Tags, name)),
                ImageListing().Count(image => HasTag(image.Tags, name)),
                _volumes.Values.Count(volume => HasTag(volume.Tags, name)),
                _volumeSnapshots.Values.Count(snapshot => HasTag(snapshot.Tags, name)));
        }
    }

    internal static bool HasTag(IReadOnlyList<string> tags, string name) => tags.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string[] With(IReadOnlyList<string> tags, string name) => [.. tags.Union([name], StringComparer.OrdinalIgnoreCase)];

    private static string[] Without(IReadOnlyList<string> tags, string name) => [.. tags.Except([name], StringComparer.OrdinalIgnoreCase)];

    /// <summary>How to give a thing other tags; none if it is not there.</summary>
    private Action? Retagged(SandboxTagged resource, Func<IReadOnlyList<string>, string[]> change)
    {
        var hasNumber = SandboxVendorCall.TryId(resource.Id, out var id);
        return resource.Type switch
        {
            "droplet" when hasNumber && _droplets.TryGetValue(id, out var droplet) => () => Put(droplet with { Tags = change(droplet.Tags) }),
            "image" when hasNumber && ListedImage(id) is { } image => () => Put(image with { Tags = change(image.Tags) }),
            "volume" when _volumes.TryGetValue(resource.Id, out var volume) => () => Put(volume with { Tags = change(volume.Tags) }),
            "volume_snapshot" when _volumeSnapshots.TryGetValue(resource.Id, out var snapshot) => () => Put(snapshot with { Tags = change(snapshot.Tags) }),
            _ => null,
        };
    }

    private SandboxTag Known(string name)
    {
        if (_tags.TryGetValue(name, out var tag))
            return tag;
        Changed();
        return _tags[name] = new SandboxTag { Name = name };
    }

    /// <summary>These tags as the account spells them, each once. Those that were not there before are from now on.</summary>
    private string[] Spelt(IEnumerable<string> tags, IReadOnlyList<string> before, Func<SandboxTag, SandboxTag> taggedNow)
    {
        var spelt = tags.Distinct(StringComparer.OrdinalIgnoreCase).Select(tag => Known(tag).Name).ToArray();
        foreach (var added in spelt.Except(before, StringComparer.OrdinalIgnoreCase))
            _tags[added] = taggedNow(_tags[added]);
        return spelt;
    }
}

/// <summary>Something that can have tags.</summary>
/// <param name="Type"><c>droplet</c>, <c>image</c>, <c>volume</c> or <c>volume_snapshot</c>.</param>
/// <param name="Id">Its number or UUID.</param>
public sealed record SandboxTagged(string Type, string Id);

/// <summary>How many of each kind have a tag.</summary>
internal sealed record SandboxTagCounts(int Droplets, int Images, int Volumes, int VolumeSnapshots)
{
    public int All => Droplets + Images + Volumes + VolumeSnapshots;
}
