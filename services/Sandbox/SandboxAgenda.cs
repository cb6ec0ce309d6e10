using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace DoSnapshot.Sandbox;

/// <summary>Something that is to happen to the account by itself.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ActionEnds), "action-ends")]
[JsonDerivedType(typeof(ImageAppears), "image-appears")]
[JsonDerivedType(typeof(ImageIsImported), "image-is-imported")]
[JsonDerivedType(typeof(PowerShows), "power-shows")]
internal abstract record SandboxChange;

/// <summary>An action reaches its end.</summary>
internal sealed record ActionEnds(long ActionId) : SandboxChange;

/// <summary>A finished snapshot appears in the lists.</summary>
internal sealed record ImageAppears(long ImageId) : SandboxChange;

/// <summary>A custom image has been fetched.</summary>
internal sealed record ImageIsImported(long ImageId) : SandboxChange;

/// <summary>A droplet shows that it was switched on or off.</summary>
internal sealed record PowerShows(long DropletId, SandboxPower Status) : SandboxChange;

/// <summary>When something is to happen, and what.</summary>
internal sealed record SandboxDue(DateTimeOffset At, SandboxChange Change);

/// <summary>What is to happen, by time; things due at the same time happen in the order in which they were entered.</summary>
internal sealed class SandboxAgenda
{
    private readonly PriorityQueue<SandboxChange, (DateTimeOffset At, long Entry)> _queue = new();
    private long _entries;

    public DateTimeOffset? Next => _queue.TryPeek(out _, out var due) ? due.At : null;

    public void Add(DateTimeOffset at, SandboxChange change) => _queue.Enqueue(change, (at, _entries++));

    /// <summary>All of it, in the order in which it will happen.</summary>
    public IReadOnlyList<SandboxDue> All() =>
        [.. _queue.UnorderedItems.OrderBy(item => item.Priority).Select(item => new SandboxDue(item.Priority.At, item.Element))];

    public bool TakeDue(DateTimeOffset now, [NotNullWhen(true)] out SandboxChange? change, out DateTimeOffset at)
    {
        (change, at) = (null, default);
        if (!_queue.TryPeek(out _, out var due) || due.At > now)
            return false;
        change = _queue.Dequeue();
        at = due.At;
        return true;
    }
}
