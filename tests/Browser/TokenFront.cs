using DoSnapshot.Cli.Web;

namespace DoSnapshot.Browser.Tests;

/// <summary>API and dashboard of the world, where one needs a token.</summary>
internal sealed class TokenFront : IAsyncDisposable
{
    public const string Operator = "operator-token-of-ann";
    public const string Viewer = "viewer-token-of-bob";

    private readonly WebFront web;

    private TokenFront(WebFront web)
    {
        this.web = web;
    }

    public string Address => web.Dashboard;

    public static async Task<TokenFront> StartAsync(DemoSite site) => new(await WebFront.StartAsync(
        site.Settings($"--Api:OperatorToken=ann:{Operator}", $"--Api:ViewerToken=bob:{Viewer}"), TestContext.Current.CancellationToken));

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
