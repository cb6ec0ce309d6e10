using System.Globalization;
using DoSnapshot.Api;
using DoSnapshot.Dashboard;
using DoSnapshot.Benchmarks;
using DoSnapshot.Screens.Benchmarks.Filling;
using Microsoft.Playwright;
using Npgsql;

namespace DoSnapshot.Screens.Benchmarks;

/// <summary>Opens every screen of the dashboard on a filled log, in a browser, and holds the times against what is promised.</summary>
internal static class BenchRun
{
    private const string Quiet = "--Logging:LogLevel:Default=Warning";
    private const float Patience = 60_000;

    private static readonly TimeSpan FirstWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FurtherWithin = TimeSpan.FromMilliseconds(300);

    /// <returns>Whether every promise was kept.</returns>
    public static async Task<bool> RunAsync(BenchOptions options, TextWriter output)
    {
        if (await LogImport.CountAsync(options.Store) == 0)
        {
            await LogImport.WriteAsync(options.Store, Fleet.Make(options.Droplets, TimeProvider.System.GetUtcNow()));
        }

        await output.WriteLineAsync(await DescribeAsync(options.Store));
        await using var api = ApiHost.Build([$"--Platform:LogConnectionString={options.Store}", "--urls=http://127.0.0.1:0", Quiet]);
        await api.StartAsync();
        await using var dashboard = DashboardHost.Build([$"--Dashboard:ApiUrl={api.Urls.First()}", "--urls=http://127.0.0.1:0", Quiet]);
        await dashboard.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = options.Chromium,
            // As root it has no sandbox; what it shows is our own.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
        var kept = true;
        foreach (var (name, within, first, times) in await MeasureAsync(browser, dashboard.Urls.First(), options.Seen))
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}: {times}; right after the start {first.Within(1).TotalMilliseconds:0} ms"));
            kept &= times.Within(0.95) <= within;
        }

        await dashboard.StopAsync();
        await api.StopAsync();
        return kept;
    }

    /// <summary>The first visit finds a process that has only just begun, which has read nothing of the fleet yet: it is told apart.</summary>
    private static async Task<IReadOnlyList<(string Name, TimeSpan Within, Times First, Times Others)>> MeasureAsync(IBrowser browser, string address, int seen)
    {
        var script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Stopwatch.js"));
        Screen[] screens = [Screen.Overview, .. Screen.Further];
        var times = screens.ToDictionary(s => s, _ => (First: new Times(), Others: new Times()));
        for (var visit = 0; visit <= seen; visit++)
        {
            // Nothing of the visit before is in the browser's memory.
            await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = address, ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
            context.SetDefaultTimeout(Patience);
            var page = await context.NewPageAsync();
            Note(Screen.Overview, await OpenAsync(page, script, Screen.Overview));
            foreach (var screen in Screen.Further)
            {
                Note(screen, await GoAsync(page, script, screen));
                await GoAsync(page, script, Screen.Overview);
            }

            void Note(Screen screen, TimeSpan took) => (visit == 0 ? times[screen].First : times[screen].Others).Add(took);
        }

        return
        [
            .. screens.Select(s => s == Screen.Overview
                ? ("first screen, Overview, in a new browser", FirstWithin, times[s].First, times[s].Others)
                : ($"from Overview to {s.Name}", FurtherWithin, times[s].First, times[s].Others)),
        ];
    }

    /// <summary>From the click to everything.</summary>
    private static async Task<TimeSpan> GoAsync(IPage page, string script, Screen screen) =>
        TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>(script, new[] { screen.Link, screen.Path, screen.Shows, Screen.Waiting }));

    /// <summary>From the address to everything: the page and its files, its connection, and what the API is asked for it.</summary>
    private static async Task<TimeSpan> OpenAsync(IPage page, string script, Screen screen)
    {
        var began = TimeProvider.System.GetTimestamp();
        await page.GotoAsync(screen.Path, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync(
            $"() => document.querySelector({Quoted(screen.Shows)}) && document.querySelector({Quoted("tbody tr")}) && !document.querySelector({Quoted(Screen.Waiting)})",
            null,
            new PageWaitForFunctionOptions { PollingInterval = 10 });
        var took = TimeProvider.System.GetElapsedTime(began);
        // It is worked with, too: a link answers.
        await page.EvaluateAsync<double>(script, new[] { "", screen.Path, screen.Shows, Screen.Waiting });
        return took;
    }

    private static async Task<string> DescribeAsync(string store)
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            select (select count(*) from do_snapshot.mt_events), (select count(*) from do_snapshot.mt_doc_snapshot),
                (select count(*) from do_snapshot.mt_doc_snapshot where live), (select count(*) from do_snapshot.mt_doc_droplet)
            """,
            connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return $"{row.GetInt64(0)} events, {row.GetInt64(1)} snapshots, {row.GetInt64(2)} of them there, {row.GetInt64(3)} droplets; {Environment.ProcessorCount} cores";
    }

    private static string Quoted(string text) => $"\"{text}\"";
}
