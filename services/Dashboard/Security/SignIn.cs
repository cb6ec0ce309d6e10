using System.Security.Claims;
using System.Threading.RateLimiting;
using DoSnapshot.Dashboard.Components;
using DoSnapshot.Dashboard.Live;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace DoSnapshot.Dashboard.Security;

/// <summary>
/// Signing in by the caller's own token of the API. The token is kept in the encrypted cookie alone, which no script can read; who it is of, and what that caller
/// may do, is what the API says. An API without tokens is shown without one, to this machine alone.
/// </summary>
internal static class SignIn
{
    public const string Path = "/sign-in";
    public const string OutPath = "/sign-out";

    /// <summary>In the query of <see cref="OutPath"/>: it is the API that wants it.</summary>
    public const string Unknown = "unknown";

    private const string Return = "return";
    private const int LongestToken = 8192;
    private const int TriesPerMinute = 30;

    private static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    /// <summary>However much it is used: a cookie that somebody has taken is of no use for ever.</summary>
    private static readonly TimeSpan LongestLasts = TimeSpan.FromDays(7);

    /// <summary>The cookie.</summary>
    public static void Configure(CookieAuthenticationOptions cookies)
    {
        cookies.Cookie.Name = "do-snapshot";
        cookies.Cookie.HttpOnly = true;
        cookies.Cookie.SameSite = SameSiteMode.Strict;
        cookies.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookies.ExpireTimeSpan = Lasts;
        cookies.SlidingExpiration = true;
        cookies.LoginPath = Path;
        cookies.ReturnUrlParameter = Return;
        cookies.Events.OnValidatePrincipal = async context =>
        {
            if (context.Principal is not { } user || !(Sessions.UntilOf(user) > Clock(context.HttpContext).GetUtcNow()))
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync();
            }
        };
    }

    /// <summary>Nobody tries tokens without end, and asks the API as often.</summary>
    public static void Limit(RateLimiterOptions limits)
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = async (context, ct) =>
        {
            context.HttpContext.Response.ContentType = "text/plain";
            await context.HttpContext.Response.WriteAsync("Too many have tried to sign in from there. Try again in a minute.", ct);
        };
        limits.AddPolicy(Path, http => RateLimitPartition.GetFixedWindowLimiter(
            http.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) }));
    }

    /// <summary>The pages, which need no signing in.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ShowAsync).AllowAnonymous();
        routes.MapPost(Path, SignInAsync).AllowAnonymous().RequireRateLimiting(Path);
        // Who is signed out already, and comes back to this page, has nothing to sign out of.
        routes.MapGet(OutPath, (HttpContext http, IAntiforgery antiforgery, DashboardSettings settings) => Page(
            http,
            antiforgery,
            settings,
            http.Request.Query.ContainsKey(Unknown) && IsSignedIn(http) ? "The API knows nobody with your token any more. Sign out, and in again with another." : null,
            isOut: true)).AllowAnonymous();
        // What the form brings is bound, so that its antiforgery token is asked for.
        routes.MapPost(OutPath, async (HttpContext http, OpenPages pages, [FromForm] bool? confirmed) =>
        {
            if (Sessions.SignInOf(http.User) is { } signIn)
            {
                pages.End(signIn);
            }

            await http.SignOutAsync();
            return Results.Redirect(confirmed is true ? $"{OutPath}?done" : "/");
        }).AllowAnonymous();
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, [FromQuery(Name = Return)] string? back, IAntiforgery antiforgery, ApiClients clients, DashboardSettings settings, CancellationToken ct)
    {
        if (!settings.IsThisMachineOnly)
        {
            return Page(http, antiforgery, settings);
        }

        try
        {
            // Without a token: where the API wants none, everybody on this machine may do everything already.
            await EnterAsync(http, await clients.Of(null).MeAsync(ct), token: null);
            return Results.LocalRedirect(Local(back));
        }
        catch (ApiTroubleException e) when (e.Trouble is ApiTrouble.Nobody)
        {
            return Page(http, antiforgery, settings);
        }
        catch (ApiTroubleException e)
        {
            return Page(http, antiforgery, settings, e.Message, again: true);
        }
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http,
        [FromForm] string? token,
        [FromQuery(Name = Return)] string? back,
        IAntiforgery antiforgery,
        ApiClients clients,
        DashboardSettings settings,
        CancellationToken ct)
    {
        var given = token?.Trim() ?? "";
        if (given.Length is 0 or > LongestToken || !given.All(c => c is > ' ' and <= '~'))
        {
            return Page(http, antiforgery, settings, "A token is one word, without blanks.");
        }

        try
        {
            if (!settings.IsThisMachineOnly && await IsOpenAsync(clients, ct))
            {
                // To such an API every token is as good as none: whoever reaches this page would be let in by any word.
                return Page(http, antiforgery, settings, "The API wants no token, and this dashboard can be reached from other machines: give the API tokens, or have the dashboard listen to this machine alone.");
            }

            await EnterAsync(http, await clients.Of(given).MeAsync(ct), given);
            return Results.LocalRedirect(Local(back));
        }
        catch (ApiTroubleException e)
        {
            return Page(http, antiforgery, settings, e.Trouble is ApiTrouble.Nobody ? "The API knows nobody with this token. What stands before the colon in its file is a name, and no part of it." : e.Message);
        }
    }

    private static async Task<bool> IsOpenAsync(ApiClients clients, CancellationToken ct)
    {
        try
        {
            await clients.Of(null).MeAsync(ct);
            return true;
        }
        catch (ApiTroubleException e) when (e.Trouble is ApiTrouble.Nobody)
        {
            return false;
        }
    }

    private static Task EnterAsync(HttpContext http, MeShape me, string? token) => http.SignInAsync(
        CookieAuthenticationDefaults.AuthenticationScheme,
        new ClaimsPrincipal(Sessions.Identity(me, token, CookieAuthenticationDefaults.AuthenticationScheme, Clock(http).GetUtcNow() + LongestLasts)));

    private static TimeProvider Clock(HttpContext http) => http.RequestServices.GetRequiredService<TimeProvider>();

    /// <summary>A path of this site, whatever was given.</summary>
    private static string Local(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal) && !path.StartsWith(Path, StringComparison.Ordinal) && !path.Any(char.IsControl)
            ? path
            : "/";

    private static bool IsSignedIn(HttpContext http) => Sessions.SignInOf(http.User) is not null;

    private static RazorComponentResult<SignInPage> Page(
        HttpContext http, IAntiforgery antiforgery, DashboardSettings settings, string? trouble = null, bool again = false, bool isOut = false)
    {
        var form = antiforgery.GetAndStoreTokens(http);
        http.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<SignInPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(SignInPage.Api)] = settings.ShownApi,
            [nameof(SignInPage.Trouble)] = trouble,
            [nameof(SignInPage.Again)] = again,
            [nameof(SignInPage.IsOut)] = isOut,
            [nameof(SignInPage.IsDone)] = isOut && (http.Request.Query.ContainsKey("done") || !IsSignedIn(http)),
            [nameof(SignInPage.FormField)] = form.FormFieldName,
            [nameof(SignInPage.FormToken)] = form.RequestToken,
            [nameof(SignInPage.Theme)] = Preferences.Theme(http),
        });
    }
}
