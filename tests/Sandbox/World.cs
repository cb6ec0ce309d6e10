using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>An account on a clock that stands still unless told, and a client of it.</summary>
public sealed class World : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan SnapshotTime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan TransferTime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan PowerTime = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan PowerLag = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan ListingLag = TimeSpan.FromSeconds(30);

    /// <summary>Exact durations and no limits, so that a test says what it is about.</summary>
    public static readonly SandboxSettings Plain = new SandboxSettings
    {
        SnapshotDuration = new SandboxDuration(SnapshotTime),
        TransferDuration = new SandboxDuration(TransferTime),
        PowerDuration = PowerTime,
        PowerLag = PowerLag,
        ListingLag = ListingLag,
        Variation = 0,
    }.WithoutRateLimits();

    public World(SandboxSettings? settings = null, SandboxSeed? seed = null, string token = "a-token")
    {
        Clock = new FakeTimeProvider(Start);
        Account = new SandboxAccount(Clock, settings ?? Plain, seed);
        Client = SandboxHandler.CreateClient(Account, token);
    }

    public FakeTimeProvider Clock { get; }

    public SandboxAccount Account { get; }

    public HttpClient Client { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public SandboxDroplet AddDroplet(string name = "web-1", string region = "nyc3", params string[] tags) =>
        Account.AddDroplet(new NewDroplet { Name = name, Region = region, Tags = tags }).OrThrow();

    public SandboxImage Plant(long dropletId, string name = "old", DateTimeOffset? createdAt = null, params string[] regions) =>
        Account.PlantSnapshot(new NewSnapshot
        {
            Name = name,
            DropletId = dropletId,
            CreatedAt = createdAt,
            Regions = regions.Length == 0 ? null : regions,
        }).OrThrow();

    /// <summary>The status and body of an answer.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await Client.SendAsync(request, Cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        return (response.StatusCode, bytes.Length == 0 ? default : JsonDocument.Parse(bytes).RootElement);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<(HttpStatusCode Status, JsonElement Body)> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Starts an action that must be accepted, and gives its <c>action</c>.</summary>
    public async Task<JsonElement> StartAsync(string path, object body)
    {
        var (status, answer) = await PostAsync(path, body);
        Assert.Equal(HttpStatusCode.Created, status);
        return answer.GetProperty("action");
    }

    /// <summary>Asserts a refusal in the vendor's form.</summary>
    public async Task RefusedAsync(HttpMethod method, string path, HttpStatusCode status, string id, string? message = null, object? body = null)
    {
        var (actual, error) = await SendAsync(method, path, body);
        Assert.Equal(status, actual);
        Assert.Equal(id, error.GetProperty("id").GetString());
        if (message is not null)
            Assert.Equal(message, error.GetProperty("message").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    public void Dispose() => Client.Dispose();
}
