using System.Globalization;
using System.Text;
using DoSnapshot.Dashboard.Live;
using DoSnapshot.HttpApi;
using Microsoft.AspNetCore.Mvc;

namespace DoSnapshot.Dashboard.Exports;

/// <summary>An audit's report as a file: the API's own answer, asked for by whoever is signed in.</summary>
internal static class AuditExport
{
    private const string Path = "/export/audit";
    private const string Markdown = "text/markdown";
    private const string Json = "application/json";

    /// <summary>Where it is.</summary>
    public static string Address(string form, DateTimeOffset? from, DateTimeOffset? to) =>
        $"{Path}?form={Uri.EscapeDataString(form)}{Moment("from", from)}{Moment("to", to)}";

    /// <summary>Serves it.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(
        Path,
        async ([FromQuery] string? form, [FromQuery] DateTimeOffset? from, [FromQuery] DateTimeOffset? to, HttpContext http, ApiClients clients, CancellationToken ct) =>
        {
            var wanted = string.Equals(form, Json, StringComparison.Ordinal) ? Json : Markdown;
            var range = string.Join('&', ((string?[])[Moment("from", from), Moment("to", to)]).OfType<string>().Select(p => p.TrimStart('&')).Where(p => p.Length > 0));
            http.Response.Headers.CacheControl = "no-store";
            try
            {
                using var client = clients.Of(Sessions.TokenOf(http.User));
                return Results.File(
                    Encoding.UTF8.GetBytes(await client.TextAsync($"audit{(range.Length == 0 ? "" : $"?{range}")}", wanted, ct)),
                    wanted,
                    wanted is Json ? "do-snapshot-audit.json" : "do-snapshot-audit.md");
            }
            catch (ApiTroubleException e)
            {
                return Results.Text(e.Message, "text/plain", Encoding.UTF8, StatusCodes.Status502BadGateway);
            }
        });

    private static string Moment(string name, DateTimeOffset? moment) =>
        moment is { } at ? $"&{name}={Uri.EscapeDataString(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))}" : "";
}
