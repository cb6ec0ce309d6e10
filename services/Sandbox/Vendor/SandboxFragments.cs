using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DoSnapshot.Sandbox;

/// <summary>JSON that is written already.</summary>
internal sealed record SandboxFragment(ReadOnlyMemory<byte> Json);

/// <summary>
/// What was written last of things that never change, being replaced where something happens to them. Clients ask for the same actions and snapshots again
/// and again, and most of an answer's time goes into telling them.
/// </summary>
internal sealed class SandboxFragments
{
    // Of what was replaced, the fragments are of no more use; all are forgotten then.
    private const int Most = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, Known> _known = [];

    /// <summary>The JSON of a thing.</summary>
    /// <param name="kind">What it is shown as: the same thing looks different in different places.</param>
    /// <param name="thing">What never changes, but by being replaced.</param>
    /// <param name="settings">On which the shape depends besides.</param>
    /// <param name="grant">Who looks.</param>
    /// <param name="shape">Its shape, which depends on nothing else.</param>
    public SandboxFragment Of<T>(string kind, T thing, SandboxSettings settings, SandboxGrant grant, Func<T, object?> shape)
        where T : class
    {
        var key = new Key(kind, thing);
        lock (_gate)
        {
            if (_known.TryGetValue(key, out var known) && ReferenceEquals(known.Settings, settings) && ReferenceEquals(known.Grant, grant))
                return known.Fragment;
        }

        var fragment = new SandboxFragment(JsonSerializer.SerializeToUtf8Bytes(shape(thing), SandboxJson.Vendor));
        lock (_gate)
        {
            if (_known.Count >= Most)
                _known.Clear();
            _known[key] = new Known(settings, grant, fragment);
        }

        return fragment;
    }

    /// <summary>The very thing, and not one that is equal to it.</summary>
    private readonly struct Key(string kind, object thing) : IEquatable<Key>
    {
        private readonly string _kind = kind;
        private readonly object _thing = thing;

        public bool Equals(Key other) => ReferenceEquals(_thing, other._thing) && string.Equals(_kind, other._kind, StringComparison.Ordinal);

        public override bool Equals([NotNullWhen(true)] object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(_thing);
    }

    private sealed record Known(SandboxSettings Settings, SandboxGrant Grant, SandboxFragment Fragment);
}
