using System.CommandLine;
using DoSnapshot.Cli.Web;
using DoSnapshot.Hosting;

namespace DoSnapshot.Cli.Serve;

/// <summary><c>serve</c>.</summary>
internal static class ServeCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "serve";

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var store = new Option<string?>("--store") { HelpName = "CONNECTION", Description = "Keep the log in this PostgreSQL; also by DO_SNAPSHOT_STORE, which hides a password." };
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "Keep the log in this directory, in a PostgreSQL that runs as long as this process." };
        var plans = new Option<string?>("--plans") { HelpName = "FILE", Description = "The YAML file with the plans (Plans:File). Without it, the one plan of the settings Plan:…" };
        var token = new Option<string?>("--token") { HelpName = "TOKEN", Description = "API token or path to file containing the token; also by DO_TOKEN." };
        var apiUrl = new Option<string?>("--api-url") { HelpName = "URL", Description = "Where the API is (DigitalOcean:ApiUrl); also by DIGITALOCEAN_API_URL." };
        var plainHttp = new Option<bool>("--allow-plain-http") { Description = "Allow an http:// address that is not on this machine: for a sandbox, never with a real token." };
        var urls = Urls();
        var dashboardUrls = new Option<string?>("--dashboard-urls") { HelpName = "ADDRESS", Description = $"Where the dashboard is, {WebAddress.Dashboard.Url} by default." };
        var apiUrls = new Option<string?>("--api-urls") { HelpName = "ADDRESS", Description = $"Where the HTTP API of this process is, {WebAddress.Api.Url} by default." };
        var noWeb = new Option<bool>("--no-web") { Description = "Neither a dashboard nor an HTTP API." };
        var serve = new Command(
            Name,
            "Runs the planner and the workers in this process until it is told to stop. Takes the services' settings as --Section:Name=value or from the "
            + "environment as Section__Name; an option goes before its setting.")
        {
            store, data, plans, token, apiUrl, plainHttp, urls, dashboardUrls, apiUrls, noWeb, Health(),
        };
        serve.TreatUnmatchedTokensAsErrors = false;
        serve.SetAction((parsed, _) => ServeRun.RunAsync(new ServeOptions
        {
            Store = parsed.GetValue(store),
            Data = parsed.GetValue(data),
            Plans = parsed.GetValue(plans),
            Token = parsed.GetValue(token),
            ApiUrl = parsed.GetValue(apiUrl),
            AllowPlainHttp = parsed.GetValue(plainHttp),
            Urls = parsed.GetValue(urls),
            DashboardUrls = parsed.GetValue(dashboardUrls),
            ApiUrls = parsed.GetValue(apiUrls),
            NoWeb = parsed.GetValue(noWeb),
            Settings = [.. parsed.UnmatchedTokens],
        }));
        return serve;
    }

    private static Command Health()
    {
        var urls = Urls();
        var health = new Command("health", "Asks the process that runs on this machine whether it is ready, and prints what it waits for.") { urls };
        health.SetAction((parsed, _) => parsed.GetValue(urls) is { } given
            ? PlatformHost.AskHealthAsync(given, ServeRun.Port, "do-snapshot: --urls")
            : PlatformHost.AskHealthAsync(Environment.GetEnvironmentVariable(ServeSettings.UrlsVariable), ServeRun.Port));
        return health;
    }

    private static Option<string?> Urls() => new("--urls")
    {
        HelpName = "ADDRESS",
        Description = $"Where /health/live and /health/ready are, http://localhost:{ServeRun.Port} by default; also by {ServeSettings.UrlsVariable}.",
    };
}
