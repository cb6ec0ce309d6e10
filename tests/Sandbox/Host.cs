using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>The real process's application, over a real socket, on a clock that stands still unless told.</summary>
internal sealed class Host : IDisposable
{
    private readonly WebApplicationFactory<SandboxAccount> _factory;

    public Host(params (string Key, string Value)[] settings)
        : this(World.Start, settings)
    {
    }

    public Host(DateTimeOffset start, params (string Key, string Value)[] settings)
    {
        Clock = new FakeTimeProvider(start);
        _factory = new WebApplicationFactory<SandboxAccount>().WithWebHostBuilder(builder =>
        {
            // Kestrel, on any port that is free.
            builder.UseUrls("http://127.0.0.1:0").UseSetting("Logging:LogLevel:Default", "Warning");
            foreach (var (key, value) in settings)
                builder.UseSetting($"{SandboxOptions.Section}:{key}", value);
            builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock)));
        });
        _factory.UseKestrel();
        _factory.StartServer();
        Client = _factory.CreateClient();
        Authorize("any");
    }

    public FakeTimeProvider Clock { get; }

    public HttpClient Client { get; }

    public SandboxAccount Account => _factory.Services.GetRequiredService<SandboxAccount>();

    public void Authorize(string token) => Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK);

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await Client.SendAsync(request, World.Cancel);
        Assert.Equal(expected, response.StatusCode);
        var bytes = await response.Content.ReadAsByteArrayAsync(World.Cancel);
        return bytes.Length == 0 ? default : JsonDocument.Parse(bytes).RootElement;
    }

    public void Dispose()
    {
        Client.Dispose();
        _factory.Dispose();
    }
}
