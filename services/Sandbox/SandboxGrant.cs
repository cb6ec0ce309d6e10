using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace DoSnapshot.Sandbox;

/// <summary>What a token may do and see.</summary>
/// <param name="Scopes">The vendor's names, such as <c>droplet:read</c>, or <c>read</c> for all that read; none is full access.</param>
/// <param name="Team">The team's uuid; none is the team that the account belongs to.</param>
public sealed record SandboxGrant(IReadOnlySet<string>? Scopes = null, string? Team = null)
{
    private const string AllThatRead = "read";

    /// <summary>Everything, in the account's own team.</summary>
    public static SandboxGrant Full { get; } = new();

    /// <summary>Whether it has this scope.</summary>
    public bool Allows(string scope) =>
        Scopes is null || Scopes.Contains(scope) || (Scopes.Contains(AllThatRead) && scope.EndsWith(":read", StringComparison.Ordinal));

    /// <summary>Whether it has all of these scopes.</summary>
    public bool Allows(IEnumerable<string> scopes) => Scopes is null || scopes.All(Allows);
}

/// <summary>A token to be. The body of <c>PUT /sandbox/tokens/{name}</c> and a part of a seed.</summary>
public sealed partial record NewToken
{
    /// <summary>What it is spoken of by.</summary>
    public string Name { get; init; } = "";

    /// <summary>The token itself.</summary>
    public required string Token { get; init; }

    /// <summary>What it may do; everything by default.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The uuid of its team; the account's own by default.</summary>
    public string? Team { get; init; }

    internal SandboxError? Mistake()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Contains('/', StringComparison.Ordinal))
            return SandboxError.Unprocessable("A token needs a name, without a slash.");
        if (Token.Length == 0 || Token.Any(char.IsWhiteSpace))
            return SandboxError.Unprocessable("A token is not empty, and has no blanks in it.");
        if ((Scopes ?? []).Where(scope => scope is null || !Scope().IsMatch(scope)).ToList() is [var wrong, ..])
            return SandboxError.Unprocessable($"'{wrong}' is no scope: they are written as droplet:read, or read for all that read.");
        return Team is not null && string.IsNullOrWhiteSpace(Team) ? SandboxError.Unprocessable("A team has an identity.") : null;
    }

    [GeneratedRegex(@"^([a-z0-9_]+:[a-z_]+|read)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scope();
}

/// <summary>A token that was given out, without the token.</summary>
public sealed record SandboxToken
{
    /// <summary>What it is spoken of by.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of it, which is all that is kept.</summary>
    public required string Hash { get; init; }

    /// <summary>What it may do; everything if none are said.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The uuid of its team; the account's own if not said.</summary>
    public string? Team { get; init; }

    /// <summary>Whether it is none any more.</summary>
    public bool IsRevoked { get; init; }

    internal SandboxGrant Grant => new(Scopes?.ToHashSet(StringComparer.Ordinal), Team);

    internal static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
