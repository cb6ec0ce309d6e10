using DoSnapshot.Cli.Demo;
using DoSnapshot.Cli.Web;
using Microsoft.Playwright;

namespace DoSnapshot.Browser.Tests;

/// <summary>What <c>do-snapshot demo --stay</c> shows: a world whose time goes on, its API and dashboard, and a browser; once for all tests.</summary>
public sealed class DemoSite : IAsyncLifetime
{
    private const int DaysPassed = 5;

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private DemoWorld? world;
    private DemoTime? time;
    private WebFront? web;
    private IPlaywright? playwright;
    private IBrowser? browser;

    internal DemoWorld World => world!;

    internal DemoTime Time => time!;

    /// <summary>Of the dashboard.</summary>
    internal string Address => web!.Dashboard;

    /// <summary>Of a droplet's page.</summary>
    internal string PathOf(string droplet) => $"/droplets/{World.Account.State().Droplets.Single(d => d.Name == droplet).Id}";

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        // First, so that a machine without one says so at once.
        playwright = await Playwright.CreateAsync();
        browser = await Chromium.StartAsync(playwright);
        world = await DemoWorld.StartAsync(Start, verbose: false, ct);
        time = new DemoTime(world);
        await time.PassAsync(Start.AddDays(DaysPassed).AddHours(12), ct);
        web = await WebFront.StartAsync(Settings(), ct);
        time.GoOn();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        // The time before the world: nothing is to wait for what is no more.
        foreach (var part in (IAsyncDisposable?[])[web, time, world])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    /// <summary>API and dashboard of the world, on ports that nobody has.</summary>
    internal WebFrontSettings Settings(params string[] more)
    {
        var usual = DemoWeb.Of(World);
        return usual with { Api = new WebAddress(WebAddress.Free, null), Dashboard = new WebAddress(WebAddress.Free, null), Settings = [.. usual.Settings, .. more] };
    }

    /// <summary>A browser's window, with cookies of its own.</summary>
    internal async Task<Visit> VisitAsync(string? address = null, ViewportSize? size = null, string colours = "light")
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address ?? Address,
            ViewportSize = size ?? new ViewportSize { Width = 1280, Height = 900 },
            ColorScheme = colours == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            Locale = "en",
            TimezoneId = "Europe/Lisbon",
        });
        return await Visit.OpenAsync(context, address ?? Address);
    }
}
