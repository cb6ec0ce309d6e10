using DoSnapshot.Hosting.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Api;

/// <summary>An OpenID Connect issuer whose tokens say who calls. Section <c>Api:Oidc</c> of the configuration; without an authority there is none.</summary>
public sealed class OidcOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = $"{ApiOptions.Section}:Oidc";

    /// <summary>The issuer's address, below which its <c>.well-known/openid-configuration</c> is.</summary>
    public string? Authority { get; set; }

    /// <summary>Whom a token must be for: a token for anything else is nobody's here.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim that has the caller's roles: a text, several with blanks between, or an array.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The role that may ask.</summary>
    public string ViewerRole { get; set; } = Callers.Viewer;

    /// <summary>The role that may ask and command.</summary>
    public string OperatorRole { get; set; } = Callers.Operator;

    /// <summary>The claim that has the caller's name for the log. <c>sub</c> is never given to another; what reads better may be.</summary>
    public string NameClaim { get; set; } = "sub";

    /// <summary>Reads them; null where there is no issuer.</summary>
    /// <exception cref="OptionsValidationException">A setting is missing or cannot be used.</exception>
    internal static OidcOptions? Read(IConfiguration configuration)
    {
        var given = configuration.GetSection(Section);
        if (given.Value is { Length: > 0 })
        {
            throw Refused([$"{Section} is a section: {Section}:{nameof(Authority)} and {Section}:{nameof(Audience)} are wanted (environment: {Variable(nameof(Authority))})."]);
        }

        var options = SettingsReader.Read<OidcOptions>(configuration, Section);
        // A variable that is empty is as good as unset.
        if (given.GetChildren().All(c => string.IsNullOrWhiteSpace(c.Value)))
        {
            return null;
        }

        var problems = options.Problems().ToList();
        return problems.Count == 0 ? options : throw Refused(problems);
    }

    private static OptionsValidationException Refused(IEnumerable<string> problems) => new(Section, typeof(OidcOptions), problems);

    private static string Variable(string name) => $"{Section}:{name}".Replace(":", "__", StringComparison.Ordinal);

    private IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Authority))
        {
            yield return $"{Section}:{nameof(Authority)} is required: the issuer's address (environment: {Variable(nameof(Authority))}).";
        }
        else if (!Uri.TryCreate(Authority, UriKind.Absolute, out var authority) || authority.Scheme is not ("https" or "http") || authority.UserInfo.Length > 0)
        {
            yield return $"{Section}:{nameof(Authority)} '{Authority}' cannot be used: an address such as https://login.example.com/realms/ops is wanted (environment: {Variable(nameof(Authority))}).";
        }
        else if (authority is { Scheme: "http", IsLoopback: false })
        {
            yield return $"{Section}:{nameof(Authority)} '{Authority}' cannot be used: over plain http anybody on the way could give out keys; https:// is wanted (environment: {Variable(nameof(Authority))}).";
        }

        foreach (var (name, value) in ((string, string?)[])
        [
            (nameof(Audience), Audience), (nameof(RoleClaim), RoleClaim), (nameof(ViewerRole), ViewerRole), (nameof(OperatorRole), OperatorRole), (nameof(NameClaim), NameClaim),
        ])
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return $"{Section}:{name} is required (environment: {Variable(name)}).";
            }
        }

        if (string.Equals(ViewerRole, OperatorRole, StringComparison.Ordinal))
        {
            yield return $"{Section}:{nameof(ViewerRole)} and {Section}:{nameof(OperatorRole)} are both '{ViewerRole}': whoever may ask could command.";
        }
    }
}
