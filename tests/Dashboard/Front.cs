using System.Net;
using Microsoft.AspNetCore.Builder;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>The dashboard on a port of its own, with a browser that keeps cookies and follows nothing by itself.</summary>
internal sealed class Front : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Front(WebApplication app, FakeApi api)
    {
        (_app, Api) = (app, api);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public FakeApi Api { get; }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Client { get; }

    public static Task<Front> StartAsync(CancellationToken ct, params string[] settings) => StartAsync(clock: null, ct, settings);

    public static async Task<Front> StartAsync(TimeProvider? clock, CancellationToken ct, params string[] settings)
    {
        var api = new FakeApi();
        api.Answer("/v1/status", () => Sample.Status());
        var app = DashboardHost.Build(["--urls=http://127.0.0.1:0", "--Dashboard:ApiUrl=http://127.0.0.1:1", .. settings], clock, api);
        await app.StartAsync(ct);
        return new Front(app, api);
    }

    /// <summary>Sends the form of a page as a browser would.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, CancellationToken ct, params (string Name, string Value)[] fields)
    {
        var page = await Client.GetStringAsync(path, ct);
        const string Field = "name=\"__RequestVerificationToken\" value=\"";
        var at = page.IndexOf(Field, StringComparison.Ordinal) + Field.Length;
        var form = new FormUrlEncodedContent([new("__RequestVerificationToken", page[at..page.IndexOf('"', at)]), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        return await Client.PostAsync(path, form, ct);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
