namespace DoSnapshot.Sandbox;

/// <summary>What a token may do and see.</summary>
/// <param name="Scopes">The vendor's names, such as <c>droplet:read</c>; none is full access.</param>
public sealed record SandboxGrant(IReadOnlySet<string>? Scopes = null)
{
    /// <summary>Everything.</summary>
    public static SandboxGrant Full { get; } = new();

    /// <summary>Whether it may do everything.</summary>
    public bool IsFull => Scopes is null;

    /// <summary>Whether it has this scope.</summary>
    public bool Allows(string scope) => Scopes?.Contains(scope) ?? true;

    /// <summary>Whether it has all of these scopes.</summary>
    public bool Allows(IEnumerable<string> scopes) => Scopes is null || scopes.All(Scopes.Contains);
}
