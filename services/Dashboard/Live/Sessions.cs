using System.Security.Claims;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;
using Microsoft.AspNetCore.Components.Authorization;

namespace DoSnapshot.Dashboard.Live;

/// <summary>Who looks at the pages, with what asks the API in that name.</summary>
/// <param name="Name">The name that the log keeps.</param>
/// <param name="IsOperator">Whether commands are for this caller at all; what is refused in the single case is for the API to say.</param>
/// <param name="Client">Asks and commands.</param>
/// <param name="Feed">What goes on.</param>
/// <param name="IsOpen">Whether the API wants no token.</param>
internal sealed record Session(string Name, bool IsOperator, ApiClient Client, Feed Feed, bool IsOpen);

/// <summary>The session of whoever looks at this page.</summary>
internal sealed class Sessions : IAsyncDisposable
{
    private const string Operator = "operator";
    private const string Token = "do-snapshot/token";

    private readonly AuthenticationStateProvider authentication;
    private readonly ApiClients clients;
    private readonly Feeds feeds;
    private (Session Session, FeedLease Lease)? open;

    public Sessions(AuthenticationStateProvider authentication, ApiClients clients, Feeds feeds)
    {
        (this.authentication, this.clients, this.feeds) = (authentication, clients, feeds);
    }

    /// <summary>What is kept in the cookie of a caller, encrypted.</summary>
    /// <param name="me">What the API says of the caller.</param>
    /// <param name="token">The caller's token; null where the API wants none.</param>
    /// <param name="scheme">How the caller signed in.</param>
    public static ClaimsIdentity Identity(MeShape me, string? token, string scheme) => new(
        [
            new Claim(ClaimTypes.Name, me.Name),
            new Claim(ClaimTypes.Role, me.Role),
            .. token is null ? (Claim[])[] : [new Claim(Token, token)],
        ],
        scheme);

    /// <summary>A caller's token; null where the API wants none.</summary>
    public static string? TokenOf(ClaimsPrincipal user) => user.FindFirstValue(Token);

    /// <summary>The session; the same one as long as the page is open.</summary>
    public async Task<Session> OpenAsync()
    {
        if (open is { } already)
        {
            return already.Session;
        }

        var user = (await authentication.GetAuthenticationStateAsync()).User;
        var token = TokenOf(user);
        var lease = feeds.Open(token);
        var session = new Session(user.Identity?.Name ?? "", user.IsInRole(Operator), clients.Of(token), lease.Feed, IsOpen: token is null);
        open = (session, lease);
        return session;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (open is { } opened)
        {
            open = null;
            opened.Session.Client.Dispose();
            await opened.Lease.DisposeAsync();
        }
    }
}
