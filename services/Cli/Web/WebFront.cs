using DoSnapshot.Api;
using DoSnapshot.Dashboard;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Cli.Web;

/// <summary>The HTTP API and the dashboard within this process, each on an address of its own. The dashboard asks the API as any other does.</summary>
internal sealed class WebFront : IAsyncDisposable
{
    /// <summary>A page that is open holds its connection for as long as it is let.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly WebApplication api;
    private readonly WebApplication dashboard;
    private bool isStopped;

    private WebFront(WebApplication api, WebApplication dashboard)
    {
        (this.api, this.dashboard) = (api, dashboard);
    }

    /// <summary>Where the API is.</summary>
    public string Api => api.Urls.First();

    /// <summary>Where the dashboard is.</summary>
    public string Dashboard => dashboard.Urls.First();

    /// <summary>Starts both.</summary>
    /// <param name="settings">What they are to be like.</param>
    /// <param name="ct">Ends the start.</param>
    /// <exception cref="OptionsValidationException">A setting of theirs cannot be used, or an address that was asked for cannot be had.</exception>
    public static async Task<WebFront> StartAsync(WebFrontSettings settings, CancellationToken ct)
    {
        var asked = await StartAsync(settings.Api, url => BuildApi(settings, url), ct);
        try
        {
            return new WebFront(asked, await StartAsync(settings.Dashboard, url => BuildDashboard(settings, url, asked.Urls.First()), ct));
        }
        catch
        {
            await asked.StopAsync(CancellationToken.None);
            await asked.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops both.</summary>
    /// <param name="ct">Ends the waiting for what is under way.</param>
    public async Task StopAsync(CancellationToken ct)
    {
        isStopped = true;
        await dashboard.StopAsync(ct);
        await api.StopAsync(ct);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // What works within them takes being disposed of for a fault, unless it was stopped before.
        if (!isStopped)
        {
            using var limit = new CancellationTokenSource(StopLimit, TimeProvider.System);
            // Whatever comes of it, they are disposed of.
            await Task.WhenAny(StopAsync(limit.Token));
        }

        await dashboard.DisposeAsync();
        await api.DisposeAsync();
    }

    private static WebApplication BuildApi(WebFrontSettings settings, string url) => ApiHost.Build(
        // The file is read already, and would go before it.
        [.. settings.Settings, $"--Platform:LogConnectionString={settings.LogConnectionString}", "--Platform:LogConnectionStringFile=", $"--urls={url}"], settings.Clock, settings.CompleteApi);

    private static WebApplication BuildDashboard(WebFrontSettings settings, string url, string api) => DashboardHost.Build(
        [.. settings.Settings, $"--Dashboard:ApiUrl={api}", $"--urls={url}"], settings.Clock, program: typeof(WebFront).Assembly.GetName().Name);

    /// <summary>Starts one at its address; one that nobody asked for is left for another where somebody else has it.</summary>
    private static async Task<WebApplication> StartAsync(WebAddress address, Func<string, WebApplication> build, CancellationToken ct)
    {
        var app = build(address.Url);
        try
        {
            await app.StartAsync(ct);
            return app;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or FormatException)
        {
            // Of what starts, only the web server throws such.
            await app.StopAsync(ct);
            await app.DisposeAsync();
            if (address.Option is not null)
            {
                throw new OptionsValidationException(address.Option, typeof(string), [$"{address.Option} '{address.Url}' cannot be listened on: {e.Message}"]);
            }
        }

        var other = build(WebAddress.Free);
        await other.StartAsync(ct);
        return other;
    }
}
