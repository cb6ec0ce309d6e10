using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DoSnapshot.Api.Tests;

/// <summary>The API on a port of its own, over a log of a test's own with four droplets and a complete snapshot.</summary>
internal sealed class Service : IAsyncDisposable
{
    public const string OperatorToken = "operator-token-of-ann";
    public const string ViewerToken = "viewer-token-of-bob";
    public static readonly Guid Shot = new("abcd0000-0000-4000-8000-000000000001");

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;

    private Service(WebApplication app, string store)
    {
        (_app, Store) = (app, store);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public string Store { get; }

    public HttpClient Client { get; }

    /// <summary>What answers under <c>/v1</c>, as <c>GET /v1/status</c>.</summary>
    public IEnumerable<string> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
        .SelectMany(e => e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"));

    public IServiceProvider Services => _app.Services;

    public LogDatabase Database => _app.Services.GetRequiredService<LogDatabase>();

    public IEventLog Log => _app.Services.GetRequiredService<IEventLog>();

    public static async Task<Service> StartAsync(PostgresFixture postgres, CancellationToken ct)
    {
        var service = await StartAsync(await LogOfAsync(postgres, ct), ct);
        await service.SeedAsync(ct);
        return service;
    }

    public static Task<Service> StartAsync(string store, CancellationToken ct, params string[] settings) => StartAsync(store, TimeProvider.System, ct, settings);

    public static async Task<Service> StartAsync(PostgresFixture postgres, TimeProvider clock, CancellationToken ct)
    {
        var service = await StartAsync(await LogOfAsync(postgres, ct), clock, ct);
        await service.SeedAsync(ct);
        return service;
    }

    /// <summary>An empty log, with its tables.</summary>
    private static Task<string> LogOfAsync(PostgresFixture postgres, CancellationToken ct) => postgres.CreateDatabaseAsync(
        async first =>
        {
            await using var store = DocumentStore.For(options => LogStore.Configure(options, first, TimeProvider.System));
            await LogSchema.ApplyAsync(store, first, ct);
        },
        ct);

    private static async Task<Service> StartAsync(string store, TimeProvider clock, CancellationToken ct, params string[] settings)
    {
        string[] tokens = [$"--Api:ViewerToken=bob:{ViewerToken}", $"--Api:OperatorToken=ann:{OperatorToken},eve:operator-token-of-eve"];
        var app = ApiHost.Build([$"--Platform:LogConnectionString={store}", "--urls=http://127.0.0.1:0", .. settings.Length > 0 ? settings : tokens], clock);
        await app.StartAsync(ct);
        return new Service(app, store);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? token = OperatorToken, string? key = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : body is string text ? new StringContent(text, new MediaTypeHeaderValue("application/json")) : JsonContent.Create(body);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, accept: accept);

    public Task<HttpResponseMessage> PostAsync(string path, object body, string? key = null, string? accept = null) =>
        SendAsync(HttpMethod.Post, path, body, key: key, accept: accept);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).Clone();

    public async Task<IReadOnlyList<T>> EventsAsync<T>() =>
        [.. (await Log.ReadAsync(0, 1000, TestContext.Current.CancellationToken)).Select(e => e.Data).OfType<T>()];

    /// <summary>Leaves every key as a process does that ended before it kept its answer.</summary>
    /// <param name="ct">Ends it.</param>
    /// <param name="ago">How long ago that was.</param>
    public async Task ForgetAnswersAsync(CancellationToken ct, TimeSpan ago = default)
    {
        await using var source = NpgsqlDataSource.Create(Store);
        await using var command = source.CreateCommand("update do_snapshot.api_answer set answer = null, begun_at = begun_at - $1");
        command.Parameters.AddWithValue(ago);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(ct));
    }

    /// <summary>Applies brakes, and lets a snapshot be old enough to be held.</summary>
    /// <param name="on">On the <c>plan</c>, on two <c>droplets</c> of it, or <c>none</c>.</param>
    /// <param name="ct">Ends it.</param>
    public async Task BrakeAsync(string on, CancellationToken ct)
    {
        var now = await Database.NowAsync(ct);
        foreach (var (id, name, age) in ((Guid, string, int)[])[(Guid.NewGuid(), "old", 90), (Guid.NewGuid(), "young", 1)])
        {
            var made = now.AddDays(-age);
            await Log.DecideAsync(2, _ => [NewEvent.Of(id, new SnapshotDiscovered(id, 2, "web-2", 70 + age, name, "p", 1.5m, ["nyc3"], made, now))], ct);
        }

        if (string.Equals(on, "plan", StringComparison.Ordinal))
        {
            await Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("p"), new BrakeApplied("p", null, "5 of 6", now, 1))], ct);
        }

        foreach (var droplet in string.Equals(on, "droplets", StringComparison.Ordinal) ? (long[])[1, 2] : [])
        {
            await Log.DecideAsync(droplet, _ => [new NewEvent(Streams.OfDroplet(droplet), new BrakeApplied("p", droplet, "5 of 6", now, 1))], ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Fills the log.</summary>
    public async Task SeedAsync(CancellationToken ct)
    {
        await _app.Services.GetRequiredService<StoreReadiness>().WhenReady.WaitAsync(ct);
        var terms = new PlanTerms("tag", "$droplet-auto-", "1d", "03:00", "0h", ["0d:30d"], [], 1, PlanTiming.Anchored);
        await Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("p"), new PlanChanged("p", 1, terms, Start))], ct);
        foreach (var (id, name) in ((long, string)[])[(1, "web-1"), (2, "web-2"), (4, "twins"), (5, "twins")])
        {
            await Log.DecideAsync(id, _ => [new NewEvent(Streams.OfDroplet(id), new DropletEnrolled(id, name, "p", Start))], ct);
        }

        await Log.DecideAsync(
            1,
            _ => [NewEvent.Of(Shot, new SnapshotRequested(Shot, 1, "web-1", "one", null, Origin.Manual, Start, Actor: "ann", Reason: "first"))],
            ct);
    }
}
