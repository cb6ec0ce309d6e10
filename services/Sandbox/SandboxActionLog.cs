using System.Runtime.InteropServices;

namespace DoSnapshot.Sandbox;

/// <summary>What an action is about.</summary>
/// <param name="Type"><c>droplet</c> or <c>image</c>.</param>
/// <param name="Id">Its number.</param>
public readonly record struct SandboxResource(string Type, long Id)
{
    /// <summary>A droplet.</summary>
    public static SandboxResource Droplet(long id) => new("droplet", id);

    /// <summary>An image.</summary>
    public static SandboxResource Image(long id) => new("image", id);
}

/// <summary>All actions ever taken (documented: the entire list is kept), in the order in which they were started.</summary>
internal sealed class SandboxActionLog
{
    private readonly List<SandboxAction> _actions = [];
    private readonly Dictionary<long, int> _positions = [];
    private readonly Dictionary<SandboxResource, List<int>> _byResource = [];

    public void Put(SandboxAction action)
    {
        ref var position = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, action.Id, out var known);
        if (known)
        {
            _actions[position] = action;
            return;
        }

        position = _actions.Count;
        _actions.Add(action);
        var resource = new SandboxResource(action.ResourceType, action.ResourceId);
        if (!_byResource.TryGetValue(resource, out var positions))
            _byResource[resource] = positions = [];
        positions.Add(position);
    }

    public SandboxAction? Find(long id) => _positions.TryGetValue(id, out var position) ? _actions[position] : null;

    /// <summary>Those about a resource that are under way.</summary>
    public IEnumerable<SandboxAction> InProgress(SandboxResource resource) =>
        _byResource.GetValueOrDefault(resource, [])
            .Select(position => _actions[position])
            .Where(action => action.Status == SandboxActionStatus.InProgress);

    public (IReadOnlyList<SandboxAction> Items, int Total) Newest(int skip, int take, SandboxResource? resource = null)
    {
        var positions = resource is { } about ? _byResource.GetValueOrDefault(about, []) : null;
        var total = positions?.Count ?? _actions.Count;
        var items = new List<SandboxAction>();
        for (var i = total - 1 - skip; i >= 0 && items.Count < take; i--)
            items.Add(_actions[positions?[i] ?? i]);
        return (items, total);
    }
}
