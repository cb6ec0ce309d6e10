using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace DoSnapshot.Browser.Tests;

/// <summary>A window of the browser, and what is wrong with what happens in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>Two slow cores may be shared with much else.</summary>
    private const float Patience = 60_000;

    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    private Visit(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
    }

    public IPage Page { get; }

    /// <summary>What the console called an error, what was refused by the content policy, and what was asked of another host.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    public static async Task<Visit> OpenAsync(IBrowserContext context, string address)
    {
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        await context.AddInitScriptAsync("document.addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`))");
        var page = await context.NewPageAsync();
        var visit = new Visit(context, page);
        page.Console += (_, message) => visit.Complain(message.Type is "error", $"console: {message.Text} ({message.Location})");
        page.PageError += (_, error) => visit.Complain(isOne: true, $"script: {error}");
        page.Request += (_, request) => visit.Complain(!IsOf(address, request.Url), $"another host: {request.Url}");
        page.WebSocket += (_, socket) => visit.Complain(!IsOf(address, socket.Url), $"another host: {socket.Url}");
        page.Response += (_, response) => visit.Complain(response.Status >= 400, $"{response.Status}: {response.Url}");
        return visit;
    }

    /// <summary>Goes to a page and waits until it is there.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await Assertions.Expect(Page.Locator("main h1")).ToBeVisibleAsync();
    }

    /// <summary>A button by the whole of its name.</summary>
    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Marks the document: one that was loaded anew has no mark.</summary>
    public Task MarkAsync() => Page.EvaluateAsync("() => { window.stayed = true; }");

    /// <summary>Whether the document is the one that was marked.</summary>
    public Task<bool> IsMarkedAsync() => Page.EvaluateAsync<bool>("() => window.stayed === true");

    /// <summary>Waits until nothing moves any more.</summary>
    public Task StillAsync() => Page.EvaluateAsync("() => Promise.allSettled(document.getAnimations({ subtree: true }).map(a => a.finished))");

    /// <summary>Waits for what comes by the connection to the browser.</summary>
    public async Task UntilAsync(Func<bool> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds < Patience, $"{what}: {string.Join('\n', Complaints)}");
            // What the browser says comes in between.
            await Page.EvaluateAsync("() => new Promise(requestAnimationFrame)");
        }
    }

    /// <summary>Keeps what is seen as a picture, where a directory is named for them.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("DOSNAPSHOT_TESTS_SCREENSHOTS") is { Length: > 0 } directory)
        {
            await Page.Mouse.MoveAsync(0, 0);
            await Page.EvaluateAsync("() => scrollTo(0, 0)");
            await StillAsync();
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(directory, $"{name}.png") });
        }
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    private static bool IsOf(string address, string url) =>
        url.StartsWith("data:", StringComparison.Ordinal) || string.Equals(new Uri(url).Authority, new Uri(address).Authority, StringComparison.Ordinal);

    private void Complain(bool isOne, string what)
    {
        if (isOne)
        {
            complaints.Enqueue(what);
        }
    }
}
