using DoSnapshot.Api;
using DoSnapshot.Cli.Web;
using DoSnapshot.Dashboard;
using Microsoft.AspNetCore.Builder;

namespace DoSnapshot.Browser.Tests;

/// <summary>A dashboard whose API goes away and comes back, and that is itself started anew.</summary>
internal sealed class LostApi : IAsyncDisposable
{
    private readonly WebFrontSettings settings;
    private WebApplication dashboard;
    private readonly string apiAddress;
    private WebApplication? api;

    private LostApi(WebFrontSettings settings, WebApplication api, WebApplication dashboard)
    {
        (this.settings, this.api, this.dashboard, apiAddress) = (settings, api, dashboard, api.Urls.First());
    }

    public string Address => dashboard.Urls.First();

    public static async Task<LostApi> StartAsync(DemoSite site, CancellationToken ct)
    {
        var like = site.Settings();
        var asked = await StartApiAsync(like, WebAddress.Free, ct);
        return new LostApi(like, asked, await StartDashboardAsync(like, asked.Urls.First(), WebAddress.Free, ct));
    }

    /// <summary>Another process has other keys, and knows none of the pages that are open.</summary>
    /// <param name="meanwhile">Done while there is none.</param>
    /// <param name="ct">Ends it.</param>
    public async Task StartAnewAsync(Func<Task> meanwhile, CancellationToken ct)
    {
        var address = Address;
        await dashboard.StopAsync(ct);
        await dashboard.DisposeAsync();
        await meanwhile();
        dashboard = await StartDashboardAsync(settings, apiAddress, address, ct);
    }

    public async Task GoAwayAsync(CancellationToken ct)
    {
        await api!.StopAsync(ct);
        await api.DisposeAsync();
        api = null;
    }

    public async Task ComeBackAsync(CancellationToken ct) => api = await StartApiAsync(settings, apiAddress, ct);

    public async ValueTask DisposeAsync()
    {
        await dashboard.DisposeAsync();
        if (api is not null)
        {
            await api.DisposeAsync();
        }
    }

    private static async Task<WebApplication> StartDashboardAsync(WebFrontSettings like, string api, string url, CancellationToken ct)
    {
        var app = DashboardHost.Build([.. like.Settings, $"--Dashboard:ApiUrl={api}", $"--urls={url}"], like.Clock, program: typeof(WebFront).Assembly.GetName().Name);
        await app.StartAsync(ct);
        return app;
    }

    private static async Task<WebApplication> StartApiAsync(WebFrontSettings settings, string url, CancellationToken ct)
    {
        var app = ApiHost.Build([.. settings.Settings, $"--Platform:LogConnectionString={settings.LogConnectionString}", $"--urls={url}"], settings.Clock, settings.CompleteApi);
        await app.StartAsync(ct);
        return app;
    }
}
