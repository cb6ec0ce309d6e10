using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Api;

/// <summary>Who may call, by their tokens. Only the tokens' digests are kept.</summary>
internal sealed class Callers
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";

    private const int ShortestToken = 16;
    private const int LongestName = 60;

    private readonly List<(Caller Caller, byte[] Digest)> known = [];

    /// <summary>Whether nobody needs a token, so that whoever reaches this process may do everything.</summary>
    public bool IsOpen => known.Count == 0 && !HasIssuer;

    /// <summary>Whether an issuer's tokens tell who calls as well.</summary>
    private bool HasIssuer { get; init; }

    /// <summary>Reads them.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="hasIssuer">Whether an issuer's tokens tell who calls as well.</param>
    /// <exception cref="OptionsValidationException">A file or a line cannot be used; no message quotes a token.</exception>
    public static Callers Read(ApiOptions options, bool hasIssuer = false)
    {
        var callers = new Callers { HasIssuer = hasIssuer };
        var problems = new List<string>();
        foreach (var (name, role, text, file) in ((string, string, string?, string?)[])
        [
            (nameof(ApiOptions.ViewerToken), Viewer, options.ViewerToken, options.ViewerTokenFile),
            (nameof(ApiOptions.OperatorToken), Operator, options.OperatorToken, options.OperatorTokenFile),
        ])
        {
            callers.Add($"{ApiOptions.Section}:{name}", role, text, problems);
            // A variable that is empty is as good as unset.
            if (!string.IsNullOrEmpty(file))
            {
                callers.AddFile($"{ApiOptions.Section}:{name}File", role, file, problems);
            }
        }

        // Left empty by whoever was to fill it in: that must not open the door.
        if (callers.IsOpen && problems.Count == 0 && Empty(options) is { } empty)
        {
            problems.Add($"{ApiOptions.Section}:{empty}.");
        }

        if (callers.known.GroupBy(c => Convert.ToHexString(c.Digest), StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            problems.Add($"{ApiOptions.Section}: {string.Join(" and ", twice.Select(c => $"{c.Caller.Role} '{c.Caller.Name}'"))} have the same token.");
        }

        return problems.Count == 0 ? callers : throw new OptionsValidationException(ApiOptions.Section, typeof(ApiOptions), problems);
    }

    /// <summary>Whose token it is; null for nobody's. Takes as long whoever it is.</summary>
    public Caller? Find(string token)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        Caller? found = null;
        foreach (var (caller, own) in known)
        {
            if (CryptographicOperations.FixedTimeEquals(own, digest))
            {
                found = caller;
            }
        }

        return found;
    }

    private static string? Empty(ApiOptions options) => options switch
    {
        { OperatorTokenFile: "" } => $"{nameof(ApiOptions.OperatorTokenFile)} names no file",
        { ViewerTokenFile: "" } => $"{nameof(ApiOptions.ViewerTokenFile)} names no file",
        { OperatorToken: "" } => $"{nameof(ApiOptions.OperatorToken)} has no token",
        { ViewerToken: "" } => $"{nameof(ApiOptions.ViewerToken)} has no token",
        _ => null,
    };

    private void AddFile(string setting, string role, string file, List<string> problems)
    {
        try
        {
            var before = known.Count;
            Add(setting, role, File.ReadAllText(file), problems);
            if (known.Count == before && problems.Count == 0)
            {
                // An empty file must not open the door.
                problems.Add($"{setting} '{file}' has no token.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{setting} '{file}' cannot be read: {e.Message}");
        }
    }

    private void Add(string setting, string role, string? text, List<string> problems)
    {
        var number = 0;
        foreach (var line in (text ?? "").Split(['\n', ','], StringSplitOptions.TrimEntries))
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            if (line.Split(':', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 and <= LongestName } name, { Length: >= ShortestToken } token]
                && !name.Any(char.IsControl) && !token.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            {
                known.Add((new Caller(name, role), SHA256.HashData(Encoding.UTF8.GetBytes(token))));
            }
            else
            {
                problems.Add($"{setting}, entry {number}: name:token is wanted, a name of at most {LongestName} characters and a token of at least {ShortestToken}.");
            }
        }
    }
}

/// <summary>Who calls.</summary>
/// <param name="Name">Its name, for the log.</param>
/// <param name="Role">What it may do.</param>
internal sealed record Caller(string Name, string Role);
