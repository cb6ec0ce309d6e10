using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Components;
using DoSnapshot.Dashboard.Exports;
using DoSnapshot.Dashboard.Live;
using DoSnapshot.Dashboard.Security;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.Dashboard.Theming;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Health;
using DoSnapshot.Hosting.Telemetry;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using MudBlazor.Services;

namespace DoSnapshot.Dashboard;

/// <summary>The dashboard as a process of its own.</summary>
public static class DashboardHost
{
    private const int Port = 8090;
    private const int BadConfiguration = 2;
    private const int LargestBody = 256 * 1024;
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
    /// <param name="clock">This machine's clock.</param>
    /// <param name="toApi">Sends to the API; the network unless it is given.</param>
    /// <param name="program">The program that it is a part of, whose files are its own, too; null where it is one of its own.</param>
    /// <exception cref="OptionsValidationException">The configuration cannot be used.</exception>
    internal static WebApplication Build(string[] args, TimeProvider? clock = null, HttpMessageHandler? toApi = null, string? program = null)
    {
        // Its files lie beside it, wherever it is started.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = program ?? typeof(DashboardHost).Assembly.GetName().Name,
        });
        builder.Configuration.AddLogLevels();
        var settings = DashboardSettings.Read(builder.Configuration);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(settings.Urls);
        // What was looked at counts, and not what Kestrel's own section says besides.
        builder.WebHost.PreferHostingUrls(preferHostingUrls: true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Forms, and messages of a page whose browser has no WebSocket.
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        // Pages connect again by themselves; a container is killed after its grace period anyway.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        builder.Logging.ClearProviders().AddLines();
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton(settings);
        AddServices(builder.Services, settings, toApi);
        var telemetry = builder.AddTelemetry(servesOthers: true);
        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseHostFiltering();
        app.UseSecurityHeaders();
        app.UseNowhere();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();
        var open = app.MapGroup("").AllowAnonymous();
        open.MapHealth();
        open.MapTelemetry(telemetry);
        app.MapStaticAssets().AllowAnonymous();
        app.MapGet(ThemeSheet.Path, ThemeSheet.AnswerAsync).AllowAnonymous();
        SignIn.Map(app);
        AuditExport.Map(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }

    private static void AddServices(IServiceCollection services, DashboardSettings settings, HttpMessageHandler? toApi)
    {
        services.AddSingleton(provider => new ApiClients(settings.ApiUrl, provider.GetRequiredService<TimeProvider>(), toApi));
        services.AddSingleton<Feeds>();
        services.AddSingleton<OpenPages>();
        services.AddScoped<Sessions>();
        services.AddScoped<Acts>();
        services.AddScoped<Notices>();
        services.AddScoped<BrowserClock>();
        services.AddSingleton<ThemeSheet>();
        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddHealthChecks();
        services.AddRateLimiter(SignIn.Limit);
        services.Configure<ForwardedHeadersOptions>(forwarded => forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedProto);
        var keys = services.AddDataProtection().SetApplicationName("do-snapshot-dashboard");
        if (settings.KeysDirectory is { } directory)
        {
            keys.PersistKeysToFileSystem(new DirectoryInfo(directory));
        }
        else
        {
            keys.UseEphemeralDataProtectionProvider();
        }

        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(SignIn.Configure);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "do-snapshot-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        // Where nobody needs a token, a web page must not reach it by a name of its own that leads to this machine.
        services.AddHostFiltering(hosts => hosts.AllowedHosts = settings.IsThisMachineOnly ? ["localhost", "127.0.0.1", "[::1]"] : ["*"]);
    }
}
