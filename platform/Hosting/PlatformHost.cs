using DoSnapshot.DigitalOcean;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting;

/// <summary>Runs one service as a process of its own.</summary>
public static class PlatformHost
{
    /// <summary>
    /// Builds and runs a service until it is told to stop. Health is at <c>/health/live</c> and <c>/health/ready</c>, the latter with what is waited for.
    /// </summary>
    /// <param name="args">The command line: settings as <c>--Section:Name=value</c>.</param>
    /// <param name="add">Adds the service.</param>
    /// <returns>The exit code: 0, or 2 for a configuration that cannot be used.</returns>
    public static async Task<int> RunAsync(string[] args, Action<PlatformBuilder> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        WebApplication app;
        try
        {
            var builder = WebApplication.CreateSlimBuilder(args);
            var platform = new PlatformBuilder(builder);
            add(platform);
            platform.Build();
            app = builder.Build();
        }
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures)
            {
                await Console.Error.WriteLineAsync(failure);
            }

            return 2;
        }

        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = (context, report) => context.Response.WriteAsync(Text(report), context.RequestAborted),
        });
        await app.RunAsync();
        return 0;
    }

    /// <summary>One line for the whole and one for each check, so that whoever looks sees what is waited for.</summary>
    private static string Text(HealthReport report) => string.Concat(report.Entries
        .OrderBy(e => e.Key, StringComparer.Ordinal)
        .Select(e => $"{e.Key}: {e.Value.Status}, {Redaction.Mask(e.Value.Description ?? e.Value.Exception?.Message)}\n")
        .Prepend($"{report.Status}\n"));
}
