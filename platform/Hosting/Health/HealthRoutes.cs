using DoSnapshot.DigitalOcean;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Hosting.Health;

/// <summary>Where a process tells how it is.</summary>
public static class HealthRoutes
{
    /// <summary><c>/health/live</c>, and <c>/health/ready</c> with what is waited for.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = (context, report) => context.Response.WriteAsync(Text(report), context.RequestAborted),
            ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },
        });
    }

    /// <summary>One line for the whole and one for each check, so that whoever looks sees what is waited for.</summary>
    private static string Text(HealthReport report) => string.Concat(report.Entries
        .OrderBy(e => e.Key, StringComparer.Ordinal)
        .Select(e => $"{e.Key}: {e.Value.Status}, {Redaction.Mask(e.Value.Description ?? e.Value.Exception?.Message)}\n")
        .Prepend($"{report.Status}\n"));
}
