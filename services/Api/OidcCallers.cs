using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DoSnapshot.Api;

/// <summary>Tells who calls by a token of an OpenID Connect issuer, beside the tokens that are configured by name.</summary>
internal static partial class OidcCallers
{
    /// <summary>The scheme that gives each token to the one that knows its kind.</summary>
    public const string EitherScheme = "Either";

    private const string Scheme = "Oidc";
    private const string Prefix = "Bearer ";
    private const int LongestName = 100;

    // What a JSON object's opening brace and quotation mark are in base64url.
    private const string JwtBeginning = "eyJ";

    private static readonly object Away = new();
    private static readonly TimeSpan ForTheIssuer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Signatures by a key pair alone: what everybody may know verifies them.</summary>
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Adds the schemes.</summary>
    public static void AddOidc(this AuthenticationBuilder authentication, OidcOptions oidc) => authentication
        .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = http => IsJwt(http.Request) ? Scheme : TokenHandler.SchemeName)
        .AddJwtBearer(Scheme, options =>
        {
            options.Authority = oidc.Authority;
            options.RequireHttpsMetadata = string.Equals(new Uri(oidc.Authority!).Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);
            options.BackchannelTimeout = ForTheIssuer;
            options.MapInboundClaims = false;
            options.SaveToken = false;
            // Why a token is refused is nothing for whoever brings it.
            options.IncludeErrorDetails = false;
            options.TokenValidationParameters.ValidAudience = oidc.Audience;
            options.TokenValidationParameters.ValidAlgorithms = Algorithms;
            options.TokenValidationParameters.ClockSkew = Skew;
            options.Events = new JwtBearerEvents
            {
                OnTokenValidated = context =>
                {
                    Name(context, oidc);
                    return Task.CompletedTask;
                },
                OnAuthenticationFailed = LookForIssuerAsync,
                OnChallenge = context => context.HttpContext.Items.ContainsKey(Away) ? TellAwayAsync(context) : Task.CompletedTask,
            };
        });

    private static bool IsJwt(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && header.AsSpan(Prefix.Length).Trim() is var token
            && token.StartsWith(JwtBeginning, StringComparison.Ordinal)
            && token.Contains('.');
    }

    /// <summary>Leaves of the token's claims what is asked here: a name for the log, and at most one role.</summary>
    private static void Name(TokenValidatedContext context, OidcOptions oidc)
    {
        var name = context.Principal!.FindFirst(oidc.NameClaim)?.Value.Trim();
        if (string.IsNullOrEmpty(name) || name.Length > LongestName || name.Any(char.IsControl))
        {
            context.Fail($"The token has no usable claim '{oidc.NameClaim}'.");
            return;
        }

        // A text may name several, with blanks between. An array names one with each element, and some of them have blanks within: a "help desk operator" is none.
        var isText = context.SecurityToken is JsonWebToken token && token.TryGetPayloadValue<object>(oidc.RoleClaim, out var claimed) && claimed is string;
        var roles = context.Principal.FindAll(oidc.RoleClaim).SelectMany(c => isText ? [c.Value, .. c.Value.Split(' ')] : (string[])[c.Value]).ToHashSet(StringComparer.Ordinal);
        var role = roles.Contains(oidc.OperatorRole) ? Callers.Operator : roles.Contains(oidc.ViewerRole) ? Callers.Viewer : null;
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, $"oidc:{name}"), .. role is null ? Array.Empty<Claim>() : [new Claim(ClaimTypes.Role, role)]], Scheme));
    }

    /// <summary>A token that could not be looked at for want of the issuer's keys is no bad token.</summary>
    private static async Task LookForIssuerAsync(AuthenticationFailedContext context)
    {
        try
        {
            await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException or TaskCanceledException)
        {
            context.HttpContext.Items[Away] = true;
            context.Fail("The issuer cannot be reached.");
            if (context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OidcCallers)) is var logger && logger.IsEnabled(LogLevel.Warning))
            {
                IssuerAway(logger, context.Options.Authority, e.GetBaseException().Message);
            }
        }
    }

    private static Task TellAwayAsync(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        context.Response.Headers.RetryAfter = Problems.RetryAfter;
        return Results.Problem(
            "The issuer of tokens cannot be reached.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "Nobody can be told by an issuer's token.")
            .ExecuteAsync(context.HttpContext);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Issuer {Authority} cannot be reached: {Reason}. Nobody is let in by its tokens.")]
    private static partial void IssuerAway(ILogger logger, string? authority, string reason);
}
