using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Api;

/// <summary>Tells who calls by <c>Authorization: Bearer TOKEN</c>.</summary>
internal sealed class TokenHandler : AuthenticationHandler<AuthenticationSchemeOptions>
{
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";

    private readonly Callers callers;

    public TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Callers callers)
        : base(options, logger, encoder)
    {
        this.callers = callers;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (callers.IsOpen)
        {
            return Task.FromResult(Of(new Caller("local", Callers.Operator)));
        }

        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(callers.Find(header[Prefix.Length..].Trim()) is { } caller ? Of(caller) : AuthenticateResult.Fail("nobody has this token"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static AuthenticateResult Of(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, $"api:{caller.Name}"), new Claim(ClaimTypes.Role, caller.Role)], SchemeName)), SchemeName));
}
