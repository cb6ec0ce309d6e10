using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace DoSnapshot.Api.Tests;

/// <summary>An OpenID Connect server that others wrote, on this machine: programs get a token from it by their secret, as they do from any.</summary>
internal sealed class OpenIddictIssuer : IAsyncDisposable
{
    private const string Secret = "secret of every program here";

    /// <summary>Programs, the audience that each gets its tokens for, and the roles that it has.</summary>
    private static readonly Dictionary<string, (string Audience, ImmutableArray<string> Roles)> Programs = new(StringComparer.Ordinal)
    {
        ["monitor"] = ("do-snapshot", ["viewer"]),
        ["night-job"] = ("do-snapshot", ["staff", "operator"]),
        ["stranger"] = ("do-snapshot", []),
        ["payroll"] = ("wages", ["operator"]),
    };

    private readonly WebApplication _app;

    private OpenIddictIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetTokenEndpointUris("connect/token").AllowClientCredentialsFlow();
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey().DisableAccessTokenEncryption();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            // Without a database of clients: the two steps that would ask it are here.
            server.EnableDegradedMode();
            server.AddEventHandler<ValidateTokenRequestContext>(step => step.UseInlineHandler(context =>
            {
                if (context.ClientId is null || !Programs.ContainsKey(context.ClientId) || !string.Equals(context.ClientSecret, Secret, StringComparison.Ordinal))
                {
                    context.Reject(Errors.InvalidClient);
                }

                return default;
            }));
            server.AddEventHandler<HandleTokenRequestContext>(step => step.UseInlineHandler(context =>
            {
                var (audience, roles) = Programs[context.Request.ClientId!];
                var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
                identity.SetClaim(Claims.Subject, context.Request.ClientId).SetClaims("roles", roles).SetResources(audience);
                identity.SetDestinations(_ => [Destinations.AccessToken]);
                context.SignIn(new ClaimsPrincipal(identity));
                return default;
            }));
        });
        _app = builder.Build();
        _app.UseAuthentication();
    }

    public string Address => _app.Urls.Single();

    public static async Task<OpenIddictIssuer> StartAsync(CancellationToken ct)
    {
        var issuer = new OpenIddictIssuer();
        await issuer._app.StartAsync(ct);
        return issuer;
    }

    /// <summary>A token as a program gets it.</summary>
    public async Task<string> TokenAsync(string program, CancellationToken ct)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Address) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = GrantTypes.ClientCredentials,
            ["client_id"] = program,
            ["client_secret"] = Secret,
        });
        using var response = await client.PostAsync(new Uri("/connect/token", UriKind.Relative), form, ct);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("access_token").GetString()!;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
