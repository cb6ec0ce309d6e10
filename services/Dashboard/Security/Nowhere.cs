using Microsoft.AspNetCore.Diagnostics;

namespace DoSnapshot.Dashboard.Security;

/// <summary>Addresses at which there is nothing.</summary>
internal static class Nowhere
{
    private const string Path = "/not-found";

    /// <summary>Whoever goes to such an address with a browser is shown a page, with the status that it is none; whoever has not signed in is asked to.</summary>
    public static void UseNowhere(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute(Path);
        app.Use(async (http, next) =>
        {
            if (http.Request.Path == Path && http.Features.Get<IStatusCodeReExecuteFeature>() is null)
            {
                // Its own address is no better.
                http.Response.StatusCode = StatusCodes.Status404NotFound;
            }
            else
            {
                await next(http);
            }

            if (http.Features.Get<IStatusCodePagesFeature>() is { } page && !(http.Response.StatusCode is StatusCodes.Status404NotFound && WantsPage(http.Request)))
            {
                page.Enabled = false;
            }
        });
    }

    /// <summary>Files, and what programs ask for, have their status alone.</summary>
    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}
