using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli.Doctor;

/// <summary>What is known about one scope of the token.</summary>
/// <param name="Scope">Its name.</param>
/// <param name="IsThere">Whether the token has it; null where that cannot be told.</param>
/// <param name="Why">Why it cannot be told.</param>
internal sealed record ScopeFound(string Scope, bool? IsThere, string Why = "")
{
    /// <summary>The token has it.</summary>
    public static ScopeFound Has(string scope) => new(scope, IsThere: true);

    /// <summary>The token does not have it.</summary>
    public static ScopeFound Lacks(string scope) => new(scope, IsThere: false);

    /// <summary>It cannot be told.</summary>
    public static ScopeFound Unknown(string scope, string why) => new(scope, IsThere: null, why);

    /// <summary>By a call that needs this scope and, beyond those that are known to be there, no other.</summary>
    public static ScopeFound Of(string scope, ApiReply reply) => reply switch
    {
        { IsForbidden: true } => Lacks(scope),
        { IsSuccess: true } or { IsNotFound: true } => Has(scope),
        _ => Unknown(scope, reply.Said),
    };

    /// <summary>What it comes to: one sentence on those that are there, that are missing, and that cannot be told.</summary>
    /// <param name="scopes">All that were looked for.</param>
    /// <param name="reservation">What to know about those that are there; empty if nothing.</param>
    public static IReadOnlyList<CheckResult> Judge(IReadOnlyList<ScopeFound> scopes, string reservation = "")
    {
        var results = new List<CheckResult>();
        if (scopes.Where(s => s.IsThere is false).Select(s => s.Scope).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
        {
            results.Add(CheckResult.Wrong(
                $"the token lacks {string.Join(", ", missing)}",
                "Give it the scope, or make a new token that has it, at https://cloud.digitalocean.com/account/api/tokens"));
        }

        results.AddRange(scopes.Where(s => s.IsThere is null).Select(s => CheckResult.NotChecked($"{s.Scope} cannot be told: {s.Why}")));
        if (scopes.Where(s => s.IsThere is true).Select(s => s.Scope).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } there)
        {
            results.Add(CheckResult.Fine($"the token has {string.Join(", ", there)}{reservation}"));
        }

        return results;
    }
}
