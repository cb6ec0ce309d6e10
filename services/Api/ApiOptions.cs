namespace DoSnapshot.Api;

/// <summary>Who may ask and who may command. Section <c>Api</c> of the configuration. Each value has a line <c>name:token</c> for each caller.</summary>
public sealed class ApiOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Api";

    /// <summary>Callers that may ask.</summary>
    public string? ViewerToken { get; set; }

    /// <summary>A file with callers that may ask.</summary>
    public string? ViewerTokenFile { get; set; }

    /// <summary>Callers that may ask and command.</summary>
    public string? OperatorToken { get; set; }

    /// <summary>A file with callers that may ask and command.</summary>
    public string? OperatorTokenFile { get; set; }

    /// <summary>A section of its own, <see cref="OidcOptions"/>.</summary>
    public string? Oidc { get; set; }
}
