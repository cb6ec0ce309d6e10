using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting;

/// <summary>Runs one service as a process of its own.</summary>
public static class PlatformHost
{
    private const int BadConfiguration = 2;

    /// <summary>
    /// What is said at which level unless the configuration says otherwise. The libraries tell of a broker or a database that is away with every try
    /// and a stack; that it is away is said once by the service, and at <c>/health/ready</c>.
    /// </summary>
    private static readonly Dictionary<string, string?> LogLevels = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:MassTransit"] = "Error",
        ["Logging:LogLevel:Marten"] = "Error",
        ["Logging:LogLevel:JasperFx"] = "Error",
        ["Logging:LogLevel:Npgsql"] = "Error",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
    };

    /// <summary>
    /// Builds and runs a service until it is told to stop. Health is at <c>/health/live</c> and <c>/health/ready</c>, the latter with what is waited for.
    /// </summary>
    /// <param name="args">
    /// The command line: settings as <c>--Section:Name=value</c>; or <c>health</c> alone, which asks the service that runs already whether it is ready.
    /// </param>
    /// <param name="port">Where health is served unless <c>ASPNETCORE_URLS</c> says otherwise; another one for each service.</param>
    /// <param name="add">Adds the service.</param>
    /// <returns>The exit code: 0, or 2 for a configuration that cannot be used.</returns>
    public static async Task<int> RunAsync(string[] args, int port, Action<PlatformBuilder> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        WebApplication app;
        try
        {
            if (args is [HealthCommand.Name])
            {
                return await HealthCommand.RunAsync(Addresses(Environment.GetEnvironmentVariable("ASPNETCORE_URLS"), port));
            }

            app = Build(args, port, add);
        }
        catch (OptionsValidationException e)
        {
            return await RefuseAsync(e.Failures);
        }

        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or FormatException)
            {
                // Of what starts, only the web server throws such: the address is taken, not this machine's, or https without a certificate.
                return await RefuseAsync([$"ASPNETCORE_URLS '{app.Configuration[WebHostDefaults.ServerUrlsKey]}' cannot be listened on: {e.Message}"]);
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
    }

    private static WebApplication Build(string[] args, int port, Action<PlatformBuilder> add)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels });
        builder.WebHost.UseUrls(Addresses(builder.Configuration[WebHostDefaults.ServerUrlsKey], port));
        var platform = new PlatformBuilder(builder);
        add(platform);
        platform.Build();
        var app = builder.Build();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = (context, report) => context.Response.WriteAsync(Text(report), context.RequestAborted),
            ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },
        });
        return app;
    }

    private static string[] Addresses(string? configured, int port)
    {
        if (string.IsNullOrWhiteSpace(configured))
        {
            return [$"http://localhost:{port}"];
        }

        var addresses = configured.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // Kestrel also takes * and + for the host, which are no part of an address.
        return addresses.All(a => Uri.TryCreate(a.Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal), UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https")
            ? addresses
            : throw new OptionsValidationException(
                "urls", typeof(string), [$"ASPNETCORE_URLS '{configured}' cannot be used: an address such as http://localhost:{port} is wanted."]);
    }

    private static async Task<int> RefuseAsync(IEnumerable<string> failures)
    {
        foreach (var failure in failures)
        {
            await Console.Error.WriteLineAsync(failure);
        }

        return BadConfiguration;
    }

    /// <summary>One line for the whole and one for each check, so that whoever looks sees what is waited for.</summary>
    private static string Text(HealthReport report) => string.Concat(report.Entries
        .OrderBy(e => e.Key, StringComparer.Ordinal)
        .Select(e => $"{e.Key}: {e.Value.Status}, {Redaction.Mask(e.Value.Description ?? e.Value.Exception?.Message)}\n")
        .Prepend($"{report.Status}\n"));
}
