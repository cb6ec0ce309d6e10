using DoSnapshot.Hosting.Bus;
using DoSnapshot.Hosting.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>
/// Tells measures, traces and what is logged by OpenTelemetry: to whom <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names, and the measures at <c>/metrics</c>. Where
/// nobody is named and <c>/metrics</c> is off nothing is collected.
/// </summary>
public static class TelemetryHosting
{
    private const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TimeoutSetting = "OTEL_EXPORTER_OTLP_TIMEOUT";
    private const string MetricsPath = "/metrics";

    /// <summary>A collector that does not answer must not keep a process from ending in time; the library's own limit is ten seconds for each kind.</summary>
    private const int AnswersWithinMs = 2_000;

    /// <summary>More series of one measure than this are told as one. Those that are told no more count, too: it is room for four times a large account's droplets.</summary>
    private const int MostDroplets = 10_000;

    private static readonly string[] Libraries = ["System.Runtime"];

    /// <summary>Adds what the configuration says.</summary>
    /// <param name="application">The application.</param>
    /// <param name="servesOthers">Whether it answers more than health: its own requests are measured and traced then.</param>
    /// <exception cref="OptionsValidationException">The configuration cannot be used.</exception>
    public static TelemetryOptions AddTelemetry(this IHostApplicationBuilder application, bool servesOthers = false)
    {
        ArgumentNullException.ThrowIfNull(application);
        var configuration = application.Configuration;
        var options = SettingsReader.Read<TelemetryOptions>(configuration, TelemetryOptions.Section);
        CheckEndpoints(configuration);
        if (IsTrue(configuration["OTEL_SDK_DISABLED"]))
        {
            options.Prometheus = false;
            return options;
        }

        var otlp = new Signals(configuration);
        if (!options.Prometheus && otlp is { Metrics: false, Traces: false, Logs: false })
        {
            return options;
        }

        var telemetry = application.Services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(NameOf(application.Environment.ApplicationName), "do-snapshot", typeof(TelemetryHosting).Assembly.GetName().Version?.ToString(3))
            // What the environment says of it stands.
            .AddEnvironmentVariableDetector());
        if (options.Prometheus || otlp.Metrics)
        {
            AddHealth(application.Services);
            telemetry.WithMetrics(metrics => Configure(metrics, options.Prometheus, otlp.Metrics ? otlp.To("METRICS") : null, servesOthers));
        }

        if (otlp.Traces)
        {
            telemetry.WithTracing(traces => Configure(traces, otlp.To("TRACES"), servesOthers));
        }

        if (otlp.Logs)
        {
            telemetry.WithLogging(logs => logs.AddOtlpExporter(otlp.To("LOGS")), logs =>
            {
                logs.IncludeFormattedMessage = true;
                logs.IncludeScopes = true;
                logs.ParseStateValues = true;
            });
        }

        return options;
    }

    /// <summary><c>/metrics</c>, unless it is off.</summary>
    public static void MapTelemetry(this IEndpointRouteBuilder routes, TelemetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Prometheus)
        {
            routes.MapPrometheusScrapingEndpoint(MetricsPath);
        }
    }

    private static void Configure(MeterProviderBuilder metrics, bool prometheus, Action<OtlpExporterOptions>? otlp, bool servesOthers)
    {
        metrics.AddMeter([Measures.MeterName, FailedMessages.MeterName, .. Libraries, .. servesOthers ? (string[])["Microsoft.AspNetCore.Hosting"] : []]);
        // The library's own limit is 2,000 series of a measure.
        foreach (var measure in Measures.All.Where(m => m.IsPerDroplet))
        {
            metrics.AddView(measure.Name, new MetricStreamConfiguration { CardinalityLimit = MostDroplets });
        }

        if (prometheus)
        {
            metrics.AddPrometheusExporter();
        }

        if (otlp is not null)
        {
            metrics.AddOtlpExporter(otlp);
        }
    }

    private static void Configure(TracerProviderBuilder traces, Action<OtlpExporterOptions> otlp, bool servesOthers)
    {
        traces.AddSource([.. Tracing.Sources]).AddProcessor(new IdleRounds()).AddProcessor(new OtherRequests());
        if (servesOthers)
        {
            traces.AddAspNetCoreInstrumentation(asked => asked.Filter = context =>
                !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
                && !context.Request.Path.StartsWithSegments(MetricsPath, StringComparison.Ordinal));
        }

        traces.AddOtlpExporter(otlp);
    }

    private static void AddHealth(IServiceCollection services)
    {
        services.AddSingleton<IHealthCheckPublisher, HealthMetrics>();
        services.Configure<HealthCheckPublisherOptions>(health =>
        {
            health.Delay = TimeSpan.FromSeconds(2);
            health.Period = TimeSpan.FromSeconds(10);
            health.Predicate = check => check.Tags.Contains("ready");
        });
    }

    /// <summary>An assembly's name as a service's: <c>DoSnapshot.SnapshotWorker</c> is <c>snapshot-worker</c>.</summary>
    private static string NameOf(string application) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(application.Split('.')[^1]);

    /// <summary>The library would say nothing, and export nothing.</summary>
    private static void CheckEndpoints(IConfiguration configuration)
    {
        var mistakes = Signals.Endpoints.Where(name => configuration[name] is { Length: > 0 } said
            && !(Uri.TryCreate(said, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"));
        if (mistakes.FirstOrDefault() is { } wrong)
        {
            throw new OptionsValidationException(
                TelemetryOptions.Section, typeof(TelemetryOptions), [$"{wrong} cannot be used: an address such as http://localhost:4317 is wanted."]);
        }
    }

    private static bool IsTrue(string? said) => string.Equals(said, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is exported to a collector.</summary>
    private sealed class Signals
    {
        private readonly IConfiguration configuration;

        public Signals(IConfiguration configuration)
        {
            this.configuration = configuration;
            Metrics = IsExported("METRICS");
            Traces = IsExported("TRACES");
            Logs = IsExported("LOGS");
        }

        public static IReadOnlyList<string> Endpoints { get; } = [EndpointSetting, .. ((string[])["METRICS", "TRACES", "LOGS"]).Select(EndpointOf)];

        public bool Metrics { get; }

        public bool Traces { get; }

        public bool Logs { get; }

        /// <summary>
        /// How one of them is exported. What is said of it alone goes before what is said of all, which the library has read by itself; it reads no more
        /// than that where each has an exporter of its own.
        /// </summary>
        public Action<OtlpExporterOptions> To(string signal) => exporter =>
        {
            if (Said(signal, "ENDPOINT") is { } address)
            {
                exporter.Endpoint = new Uri(address);
            }

            if (Said(signal, "PROTOCOL") is { } protocol)
            {
                exporter.Protocol = string.Equals(protocol, "http/protobuf", StringComparison.OrdinalIgnoreCase) ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            }

            if (Said(signal, "HEADERS") is { } headers)
            {
                exporter.Headers = headers;
            }

            if (int.TryParse(Said(signal, "TIMEOUT"), out var milliseconds))
            {
                exporter.TimeoutMilliseconds = milliseconds;
            }
            else if (configuration[TimeoutSetting] is not { Length: > 0 })
            {
                exporter.TimeoutMilliseconds = AnswersWithinMs;
            }
        };

        private static string EndpointOf(string signal) => $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";

        private bool IsExported(string signal) =>
            (configuration[EndpointSetting] is { Length: > 0 } || configuration[EndpointOf(signal)] is { Length: > 0 })
            && !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase);

        private string? Said(string signal, string what) => configuration[$"OTEL_EXPORTER_OTLP_{signal}_{what}"] is { Length: > 0 } said ? said : null;
    }
}
