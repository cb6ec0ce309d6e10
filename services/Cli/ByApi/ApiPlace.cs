using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.ByApi;

/// <summary>The HTTP API that is asked in place of a log, and the token that says who asks.</summary>
/// <param name="Url">Where it is; ends with a slash.</param>
/// <param name="Token">The token; null where none is given.</param>
/// <param name="Warning">What is to be said about the token's file; null where that is nothing.</param>
internal sealed record ApiPlace(Uri Url, string? Token, string? Warning)
{
    /// <summary>The option.</summary>
    public const string Option = "--api";

    /// <summary>The option that names a file with the token: as an option's value a token could be seen in the list of processes.</summary>
    public const string TokenFileOption = "--api-token-file";

    /// <summary>Says where the API is, where no place of a log is given.</summary>
    public const string Variable = "DO_SNAPSHOT_API";

    /// <summary>Holds the token.</summary>
    public const string TokenVariable = "DO_SNAPSHOT_API_TOKEN";

    /// <summary>Names a file with the token.</summary>
    public const string TokenFileVariable = "DO_SNAPSHOT_API_TOKEN_FILE";

    /// <summary>How a token is given.</summary>
    public const string TokenWays = $"{TokenFileOption} FILE, or {TokenFileVariable} or {TokenVariable} in the environment";

    /// <summary>Its address for people.</summary>
    public string Shown => Url.AbsoluteUri.TrimEnd('/');

    /// <summary>Takes it from the options and the environment.</summary>
    /// <param name="option">The option's value; null where the environment says it.</param>
    /// <param name="tokenFile">The file with the token, if an option names one.</param>
    /// <param name="plainHttp">Whether a token may go over plain HTTP to another machine.</param>
    /// <param name="environment">A variable's value; null where it is not set.</param>
    /// <exception cref="UsageException">The address or the token cannot be used.</exception>
    public static ApiPlace Read(string? option, string? tokenFile, bool plainHttp, Func<string, string?> environment)
    {
        var named = option is null ? Variable : Option;
        var text = (option ?? environment(Variable) ?? "").Trim();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
        {
            if (text.Contains('@', StringComparison.Ordinal))
            {
                // Not quoted: what stands before it is a password, perhaps.
                throw new UsageException($"{named}: the address of an API is wanted, such as https://snapshots.example.com, without a user; the token is given by {TokenWays}");
            }

            throw UsageException.For(named, text, "the address of an API is wanted, such as https://snapshots.example.com or http://localhost:8080");
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            // Not quoted: there is a password in it, perhaps.
            throw new UsageException($"{named}: an address alone is wanted, without a user, a question mark or a number sign; the token is given by {TokenWays}");
        }

        var (token, warning) = ReadToken(tokenFile, environment);
        return token is not null && !plainHttp && url is { Scheme: "http", IsLoopback: false }
            ? throw UsageException.For(
                named,
                text,
                $"over plain http to another machine the token could be read on the way: an https:// address is wanted, or {CommandOptions.AllowPlainHttp.Display} where the network is your own")
            : new ApiPlace(new Uri($"{url.AbsoluteUri.TrimEnd('/')}/"), token, warning);
    }

    /// <inheritdoc/>
    public override string ToString() => Shown;

    private static (string? Token, string? Warning) ReadToken(string? file, Func<string, string?> environment)
    {
        var (own, fromFile) = (Set(environment, TokenVariable), Set(environment, TokenFileVariable));
        if (file is null && own is not null && fromFile is not null)
        {
            throw new UsageException($"{TokenVariable} and {TokenFileVariable} exclude each other: there is one token");
        }

        var named = file is not null ? TokenFileOption : fromFile is not null ? TokenFileVariable : TokenVariable;
        var read = (file ?? fromFile) is { } path ? TokenFile.Read(path, named) : own is null ? null : new TokenFile(own, Warning: null);
        return read is null
            ? (null, null)
            : read.Value.All(c => c is > ' ' and <= '~')
                ? (read.Value, read.Warning)
                : throw new UsageException($"{named}: the token alone is wanted, on one line and without blanks");
    }

    private static string? Set(Func<string, string?> environment, string variable) => environment(variable)?.Trim() is { Length: > 0 } value ? value : null;
}
