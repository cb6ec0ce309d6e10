using System.Net;
using System.Threading.RateLimiting;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Health;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Api;

/// <summary>The HTTP API as a process of its own.</summary>
public static class ApiHost
{
    internal const string LongTimeout = "long";
    internal const string SearchLimit = "search";

    private const int Port = 8080;
    private const string Address = "http://localhost:8080";
    private const int BadConfiguration = 2;
    private const int LargestBody = 64 * 1024;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(8);

    /// <summary>Runs until it is told to stop.</summary>
    /// <param name="args">
    /// Settings as <c>--Section:Name=value</c>; or <c>health</c> alone, which asks the one that runs already whether it is ready.
    /// </param>
    /// <returns>The exit code: 0, or 2 for a configuration that cannot be used.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["health"])
        {
            return await PlatformHost.AskHealthAsync(Environment.GetEnvironmentVariable("ASPNETCORE_URLS"), Port);
        }

        try
        {
            var app = Build(args);
            var code = 0;
            using var end = TimelyEnd.Of(app, TimelyEnd.Usual, () => code);
            await using var ending = app;
            try
            {
                await app.StartAsync();
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or FormatException)
            {
                // Of what starts, only the web server throws such.
                code = BadConfiguration;
                await Console.Error.WriteLineAsync($"ASPNETCORE_URLS '{app.Configuration[WebHostDefaults.ServerUrlsKey]}' cannot be listened on: {e.Message}");
                await app.StopAsync();
                return code;
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures)
            {
                await Console.Error.WriteLineAsync(failure);
            }

            return BadConfiguration;
        }
    }

    /// <summary>Builds it.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="clock">This machine's clock. What is asked and commanded goes by the database's.</param>
    /// <param name="complete">Completes its services, where another program runs it.</param>
    /// <exception cref="OptionsValidationException">The configuration cannot be used.</exception>
    internal static WebApplication Build(string[] args, TimeProvider? clock = null, Action<IServiceCollection>? complete = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Configuration.AddLogLevels();
        var oidc = OidcOptions.Read(builder.Configuration);
        var callers = Callers.Read(
            SettingsReader.Read<ApiOptions>(builder.Configuration, ApiOptions.Section, nameof(ApiOptions.ViewerToken), nameof(ApiOptions.OperatorToken)),
            hasIssuer: oidc is not null);
        var urls = builder.Configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } configured ? configured : Address;
        if (callers.IsOpen && urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(u => !IsLoopback(u)) is { } open)
        {
            throw new OptionsValidationException(
                ApiOptions.Section,
                typeof(ApiOptions),
                [$"ASPNETCORE_URLS '{open}': without tokens only this machine may be listened to, such as {Address}. Set Api:OperatorTokenFile or Api:ViewerTokenFile (environment: Api__OperatorTokenFile), or Api:Oidc:Authority."]);
        }

        builder.WebHost.UseUrls(urls);
        // What was looked at counts, and not what Kestrel's own section says besides.
        builder.WebHost.PreferHostingUrls(preferHostingUrls: true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Logging.AddLines();
        // Whoever waits for a long answer asks again; a container is killed after its grace period anyway.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        AddServices(builder.Services, builder.Configuration, callers, oidc);
        complete?.Invoke(builder.Services);
        var telemetry = builder.AddTelemetry(servesOthers: true);
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHostFiltering();
        app.UseRequestTimeouts();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.MapHealth();
        app.MapTelemetry(telemetry);
        app.MapOpenApi();
        Questions.Map(app.MapGroup("/v1").RequireAuthorization(Callers.Viewer).AddEndpointFilterFactory(KnownParameters.Filter));
        Commands.Map(app.MapGroup("/v1").RequireAuthorization(Callers.Operator).AddEndpointFilterFactory(KnownParameters.Filter));
        return app;
    }

    private static void AddServices(IServiceCollection services, IConfiguration configuration, Callers callers, OidcOptions? oidc)
    {
        services.AddLogAlone(configuration);
        services.AddSingleton(callers);
        services.AddSingleton<CommandRun>();
        services.AddSingleton<LogHead>();
        services.AddSingleton<StatusBoard>();
        services.AddHostedService<FirstReading>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context => context.ProblemDetails.Detail ??= Problems.Usual(context.ProblemDetails.Status));
        // A misspelt member is told, and not passed over.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
        services.AddApiDescription();
        services.AddExceptionHandler<Problems>();
        services.AddRequestTimeouts(timeouts =>
        {
            timeouts.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(30) };
            timeouts.AddPolicy(LongTimeout, TimeSpan.FromMinutes(10));
        });
        services.AddRateLimiter(limits =>
        {
            // Each reads the whole log, or foretells the whole fleet, and holds what it found: a few at a time, and the rest waits or comes again.
            limits.AddConcurrencyLimiter(LongTimeout, options => (options.PermitLimit, options.QueueLimit, options.QueueProcessingOrder) = (2, 8, QueueProcessingOrder.OldestFirst));
            // A search goes through tens of thousands of events; who only waits for what comes takes nobody's turn.
            limits.AddPolicy(SearchLimit, http => string.IsNullOrWhiteSpace(http.Request.Query["search"])
                ? RateLimitPartition.GetNoLimiter("none")
                : RateLimitPartition.GetConcurrencyLimiter(SearchLimit, _ => new ConcurrencyLimiterOptions { PermitLimit = 2, QueueLimit = 8, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));
            limits.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
            limits.OnRejected = (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = Problems.RetryAfter;
                return ValueTask.CompletedTask;
            };
        });
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        var authentication = services.AddAuthentication(oidc is null ? TokenHandler.SchemeName : OidcCallers.EitherScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null);
        if (oidc is not null)
        {
            authentication.AddOidc(oidc);
        }

        services.AddAuthorizationBuilder()
            .AddPolicy(Callers.Viewer, policy => policy.RequireRole(Callers.Viewer, Callers.Operator))
            .AddPolicy(Callers.Operator, policy => policy.RequireRole(Callers.Operator));
        // Where nobody needs a token, a web page must not reach it by a name of its own that leads to this machine.
        services.AddHostFiltering(hosts => hosts.AllowedHosts = callers.IsOpen ? ["localhost", "127.0.0.1", "[::1]"] : ["*"]);
    }

    /// <summary>As Kestrel reads it: any name but this one is every address of the machine.</summary>
    private static bool IsLoopback(string url)
    {
        try
        {
            var host = BindingAddress.Parse(url).Host.Trim('[', ']');
            return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
