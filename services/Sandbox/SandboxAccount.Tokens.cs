namespace DoSnapshot.Sandbox;

/// <content>The tokens that were given out.</content>
public sealed partial class SandboxAccount
{
    private readonly SortedDictionary<string, SandboxToken> _tokens = new(StringComparer.Ordinal);

    /// <summary>The tokens that were given out, revoked ones included, by name.</summary>
    public IReadOnlyList<SandboxToken> Tokens()
    {
        lock (_gate)
            return [.. _tokens.Values];
    }

    /// <summary>Gives out a token, or changes the one with that name. From the first one on, only those given out are accepted.</summary>
    public SandboxResult<SandboxToken> SetToken(NewToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Mistake() is { } mistake)
            return mistake;
        var hash = SandboxToken.HashOf(token.Token);
        lock (_gate)
        {
            if (_tokens.Values.Any(other => IsOf(other, hash) && !string.Equals(other.Name, token.Name, StringComparison.Ordinal)))
                return SandboxError.Unprocessable("This token has another name already.");
            Changed();
            return _tokens[token.Name] = new SandboxToken { Name = token.Name, Hash = hash, Scopes = token.Scopes, Team = token.Team };
        }
    }

    /// <summary>Revokes a token. It is remembered, so that it is not taken for any token that nobody has heard of.</summary>
    /// <returns>Whether there is such a token.</returns>
    public bool RevokeToken(string name)
    {
        lock (_gate)
        {
            if (!_tokens.TryGetValue(name, out var token))
                return false;
            Changed();
            _tokens[name] = token with { IsRevoked = true };
            return true;
        }
    }

    /// <summary>What a token may do; none if it is not accepted. While none was given out, the one of the settings is, or any if they say none.</summary>
    internal SandboxGrant? GrantOf(string? token)
    {
        if (token is null)
            return null;
        lock (_gate)
        {
            if (_tokens.Count > 0 && SandboxToken.HashOf(token) is var hash && _tokens.Values.FirstOrDefault(given => IsOf(given, hash)) is { } found)
                return found.IsRevoked ? null : found.Grant;
            var isAccepted = Settings.Token is { } only ? string.Equals(token, only, StringComparison.Ordinal) : _tokens.Count == 0;
            return isAccepted ? SandboxGrant.Full : null;
        }
    }

    /// <summary>The account of another team, which is empty. No number of this account's is one of that one's.</summary>
    /// <param name="team">The team's uuid.</param>
    /// <param name="number">Which of the other teams it is, from 1.</param>
    internal SandboxAccount OfOtherTeam(string team, int number)
    {
        const long Apart = 1_000_000_000_000;
        var other = new SandboxAccount(_clock, Settings with { Owner = Settings.Owner with { Uuid = team } });
        other._lastDropletId += number * Apart;
        other._lastImageId += number * Apart;
        other._lastActionId += number * Apart;
        other._lastVolumeId += number * Apart;
        return other;
    }

    private static bool IsOf(SandboxToken token, string hash) => string.Equals(token.Hash, hash, StringComparison.Ordinal);
}
