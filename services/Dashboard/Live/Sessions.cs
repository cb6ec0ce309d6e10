using System.Globalization;
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
    private const string SignIn = "do-snapshot/sign-in";
    private const string Until = "do-snapshot/until";

    private readonly AuthenticationStateProvider authentication;
    private readonly ApiClients clients;
    private readonly Feeds feeds;
    private readonly OpenPages pages;
    private readonly TimeProvider clock;
    private (Session Session, FeedLease Lease)? open;
    private ITimer? untilEnd;
    private bool hasEnded;

    public Sessions(AuthenticationStateProvider authentication, ApiClients clients, Feeds feeds, OpenPages pages, TimeProvider clock)
    {
        (this.authentication, this.clients, this.feeds, this.pages, this.clock) = (authentication, clients, feeds, pages, clock);
    }

    /// <summary>Its user has signed out, perhaps in another window. Raised on no page's own thread.</summary>
    public event EventHandler? Ended;

    /// <summary>What is kept in the cookie of a caller, encrypted.</summary>
    /// <param name="me">What the API says of the caller.</param>
    /// <param name="token">The caller's token; null where the API wants none.</param>
    /// <param name="scheme">How the caller signed in.</param>
    /// <param name="until">When it ends, however much it is used.</param>
    public static ClaimsIdentity Identity(MeShape me, string? token, string scheme, DateTimeOffset until) => new(
        [
            new Claim(ClaimTypes.Name, me.Name),
            new Claim(ClaimTypes.Role, me.Role),
            new Claim(SignIn, Guid.NewGuid().ToString("N")),
            new Claim(Until, until.ToString("O", CultureInfo.InvariantCulture)),
            .. token is null ? (Claim[])[] : [new Claim(Token, token)],
        ],
        scheme);

    /// <summary>A caller's token; null where the API wants none.</summary>
    public static string? TokenOf(ClaimsPrincipal user) => user.FindFirstValue(Token);

    /// <summary>Tells a sign-in from others of the same caller; null for who is not signed in.</summary>
    public static string? SignInOf(ClaimsPrincipal user) => user.FindFirstValue(SignIn);

    /// <summary>When a sign-in ends, however much it is used; null for who is not signed in.</summary>
    public static DateTimeOffset? UntilOf(ClaimsPrincipal user) =>
        DateTimeOffset.TryParseExact(user.FindFirstValue(Until), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) ? until : null;

    /// <summary>The session; the same one as long as the page is open.</summary>
    public async Task<Session> OpenAsync()
    {
        if (open is { } already)
        {
            return already.Session;
        }

        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (open is { } meanwhile)
        {
            return meanwhile.Session;
        }

        var token = TokenOf(user);
        var lease = feeds.Open(token);
        var session = new Session(user.Identity?.Name ?? "", user.IsInRole(Operator), clients.Of(token), lease.Feed, IsOpen: token is null);
        open = (session, lease);
        if (SignInOf(user) is { } signIn)
        {
            pages.Add(this, signIn);
        }

        if (UntilOf(user) is { } until)
        {
            // A page that is open shows its cookie to nobody any more.
            var left = until - clock.GetUtcNow();
            untilEnd = clock.CreateTimer(_ => End(), state: null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        return session;
    }

    /// <summary>The sign-in has ended: the page is told, and can ask for nothing more.</summary>
    public void End()
    {
        hasEnded = true;
        Ended?.Invoke(this, EventArgs.Empty);
        open?.Session.Client.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        pages.Remove(this);
        untilEnd?.Dispose();
        if (open is { } opened)
        {
            open = null;
            opened.Session.Client.Dispose();
            await opened.Lease.CloseAsync(atOnce: hasEnded);
        }
    }
}
