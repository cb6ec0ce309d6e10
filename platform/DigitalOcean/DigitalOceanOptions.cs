namespace DoSnapshot.DigitalOcean;

/// <summary>Where the API is and how to speak to it. Shaped for configuration binding; its text never shows the token.</summary>
public sealed class DigitalOceanOptions
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The address before <c>/v2</c>; https, or http to this machine's loopback. Default https://api.digitalocean.com.
    /// Every request goes to this host, whatever addresses the answers contain.
    /// </summary>
    public Uri ApiUrl { get; set; } = new("https://api.digitalocean.com");

    /// <summary>The API token. Any shape is taken as long as a header can hold it; it is sent to <see cref="ApiUrl"/> alone.</summary>
    public string Token { get; set; } = "";

    /// <summary>How long one attempt may take, body included: 1 s to 10 min, default 30 s. A read makes up to four attempts.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Lets <see cref="ApiUrl"/> be plain http to another machine: for a sandbox in a container network. Never with a real account,
    /// whose token anyone between could read.
    /// </summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>What is wrong with these options, one sentence each; empty if nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (!ApiUrl.IsAbsoluteUri || ApiUrl.Scheme is not ("https" or "http"))
            problems.Add($"{nameof(ApiUrl)} '{Shown}' must be an absolute https address, or an http address of this machine.");
        else
            AddAddressProblems(problems);

        if (string.IsNullOrEmpty(Token))
            problems.Add($"{nameof(Token)} is missing.");
        else if (Token.Any(character => character is <= ' ' or > '~'))
            problems.Add($"{nameof(Token)} contains blanks or characters that no token has; look for a line end after it.");

        if (RequestTimeout < ShortestTimeout || RequestTimeout > LongestTimeout)
            problems.Add($"{nameof(RequestTimeout)} must be between 1 second and 10 minutes.");
        return problems;
    }

    /// <summary>Throws <see cref="InvalidOperationException"/> with every problem there is.</summary>
    public void Validate()
    {
        if (Problems() is { Count: > 0 } problems)
            throw new InvalidOperationException("The DigitalOcean options cannot be used. " + string.Join(' ', problems));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        (ApiUrl.IsAbsoluteUri ? Shown : "no address") + $", token {(string.IsNullOrEmpty(Token) ? "missing" : "set")}, timeout {RequestTimeout.TotalSeconds} s";

    /// <summary>The address without a user name and a password that it should not have.</summary>
    private string Shown => ApiUrl.IsAbsoluteUri
        ? ApiUrl.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : ApiUrl.OriginalString;

    private void AddAddressProblems(List<string> problems)
    {
        if (ApiUrl.Scheme is "http" && !ApiUrl.IsLoopback && !AllowPlainHttp)
        {
            problems.Add(
                $"{nameof(ApiUrl)} '{Shown}' is plain http to another machine, which would show the token; "
                + $"for a sandbox set {nameof(AllowPlainHttp)}.");
        }

        // As the vendor writes it in every example.
        if (ApiUrl.AbsolutePath.TrimEnd('/').EndsWith("/v2", StringComparison.Ordinal))
            problems.Add($"{nameof(ApiUrl)} '{Shown}' is wanted without the /v2, which every request adds.");

        if (ApiUrl.UserInfo.Length > 0 || ApiUrl.Query.Length > 0 || ApiUrl.Fragment.Length > 0)
            problems.Add($"{nameof(ApiUrl)} must have no user name, query or fragment.");
    }
}
