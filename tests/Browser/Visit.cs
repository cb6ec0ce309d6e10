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
