using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DoSnapshot.LocalServers;
using Testcontainers.RabbitMq;

namespace DoSnapshot.Tests.Support;

/// <summary>A RabbitMQ broker for tests: a container where Docker answers, else a private broker.</summary>
public sealed class TestRabbitMq : IAsyncDisposable
{
    private const string Image = "rabbitmq:4-management-alpine";
    private const int ManagementPortInside = 15672;
    private const string ContainerUser = "dosnapshot";
    private const string ContainerPassword = "dosnapshot";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly RabbitMqContainer? _container;
    private readonly LocalRabbitMq? _local;
    private readonly HttpClient _management;
    private int _virtualHosts;

    private TestRabbitMq(RabbitMqContainer container, int port, int managementPort)
        : this(container.Hostname, port, managementPort, ContainerUser, ContainerPassword) => _container = container;

    private TestRabbitMq(LocalRabbitMq local)
        : this("127.0.0.1", local.Port, local.ManagementPort, LocalRabbitMq.User, local.Password) => _local = local;

    private TestRabbitMq(string host, int port, int managementPort, string user, string password)
    {
        User = user;
        Uri = new Uri($"amqp://{user}:{password}@{host}:{port}/");
        _management = new HttpClient { BaseAddress = new Uri($"http://{host}:{managementPort}/api/"), Timeout = TimeSpan.FromSeconds(20) };
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($"{user}:{password}")));
        // The broker closes what is idle for seconds: a request that is just on its way then would be lost, and so it is when a test has killed the broker.
        _management.DefaultRequestHeaders.ConnectionClose = true;
    }

    /// <summary>The default virtual host, which all tests share.</summary>
    public Uri Uri { get; }

    /// <summary>The name that the broker knows the tests by.</summary>
    public string User { get; }

    /// <summary>Name, version and place: <c>RabbitMQ 4.1.4 (container)</c>.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Starts a broker where this machine has one to start.</summary>
    public static async Task<TestRabbitMq> StartAsync(CancellationToken cancellationToken = default) =>
        await StartAsync(await TestServers.KindAsync(), cancellationToken);

    /// <summary>Starts a broker of the given kind.</summary>
    public static async Task<TestRabbitMq> StartAsync(TestServerKind kind, CancellationToken cancellationToken = default)
    {
        var broker = kind == TestServerKind.Container
            ? await StartContainerAsync(cancellationToken)
            : new TestRabbitMq(await LocalRabbitMq.StartAsync(cancellationToken));
        try
        {
            broker.Description = $"RabbitMQ {await broker.ReadyVersionAsync(cancellationToken)} ({TestServers.Place(kind)})";
            TestServers.Announce(broker.Description);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty virtual host, which no other test uses, and gives its address.</summary>
    public async Task<Uri> CreateVirtualHostAsync(CancellationToken cancellationToken = default)
    {
        var name = $"test-{Interlocked.Increment(ref _virtualHosts)}";
        await PutAsync($"vhosts/{name}", new { }, cancellationToken);
        await PutAsync($"permissions/{name}/{User}", new { configure = ".*", write = ".*", read = ".*" }, cancellationToken);
        return new Uri(Uri, name);
    }

    /// <summary>The messages that wait in a queue, at most a hundred of them, which stay there: headers and body, as JSON. None for a queue that there is not.</summary>
    public async Task<IReadOnlyList<(JsonElement Headers, string Body)>> PeekAsync(Uri virtualHost, string queue, CancellationToken cancellationToken = default)
    {
        using var response = await _management.PostAsJsonAsync(
            $"queues/{virtualHost.Segments[^1]}/{queue}/get", new { count = 100, ackmode = "ack_requeue_true", encoding = "auto" }, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return [];
        }

        response.EnsureSuccessStatusCode();
        return
        [
            .. (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).EnumerateArray()
                .Select(m => (m.GetProperty("properties").TryGetProperty("headers", out var headers) ? headers : default, m.GetProperty("payload").GetString()!)),
        ];
    }

    /// <summary>The heartbeats that were agreed on with the clients of a virtual host, in seconds.</summary>
    public async Task<IReadOnlyList<int>> HeartbeatsAsync(Uri virtualHost, CancellationToken cancellationToken = default) =>
    [
        .. (await _management.GetFromJsonAsync<JsonElement>($"vhosts/{virtualHost.Segments[^1]}/connections", cancellationToken)).EnumerateArray()
            .Select(c => c.TryGetProperty("timeout", out var seconds) ? seconds.GetInt32() : 0),
    ];

    /// <summary>Puts a message into a queue, as one does by hand.</summary>
    public async Task PutMessageAsync(Uri virtualHost, string queue, string body, string contentType, CancellationToken cancellationToken = default)
    {
        using var response = await _management.PostAsJsonAsync(
            $"exchanges/{virtualHost.Segments[^1]}/amq.default/publish",
            new { properties = new { delivery_mode = 2, content_type = contentType }, routing_key = queue, payload = body, payload_encoding = "string" },
            cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Takes the broker away, cutting all connections; its durable queues and its address stay.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _container?.StopAsync(cancellationToken) ?? _local!.StopAsync();

    /// <summary>Ends the broker as a failing machine does; its durable queues and its address stay.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) =>
        _container is null ? _local!.StopAsync("KILL") : TestServers.KillAsync(_container.Id, cancellationToken);

    /// <summary>Brings a stopped broker back under the same address.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        await (_container?.StartAsync(cancellationToken) ?? _local!.StartAgainAsync());
        await ReadyVersionAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _management.Dispose();
        await (_container?.DisposeAsync() ?? _local!.DisposeAsync());
    }

    // Ports of our choosing, and not Docker's, are still the same when the container is started again.
    private static async Task<TestRabbitMq> StartContainerAsync(CancellationToken cancellationToken)
    {
        var (port, managementPort) = (FreePort.Find(), FreePort.Find());
        var container = new RabbitMqBuilder(Image)
            .WithUsername(ContainerUser)
            .WithPassword(ContainerPassword)
            .WithPortBinding(port, RabbitMqBuilder.RabbitMqPort)
            .WithPortBinding(managementPort, ManagementPortInside)
            .Build();
        await container.StartAsync(cancellationToken);
        return new TestRabbitMq(container, port, managementPort);
    }

    private async Task PutAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await _management.PutAsJsonAsync(path, body, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task<string> ReadyVersionAsync(CancellationToken cancellationToken)
    {
        string? version = null;
        var ready = await Eventually.HoldsAsync(
            async () => (_local?.HasEnded ?? false) || (version = await AnswerAsync(cancellationToken)) is not null, StartLimit, cancellationToken);
        return ready && version is not null ? version : throw new LocalServerException(
            _local is { HasEnded: true } ? $"RabbitMQ ended while it started:\n{_local.LogTail}"
            : $"RabbitMQ did not answer within {StartLimit.TotalSeconds} s.\n{_local?.LogTail}");
    }

    /// <summary>The broker's version, once both its doors are open.</summary>
    private async Task<string?> AnswerAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var door = new TcpClient();
            await door.ConnectAsync(Uri.Host, Uri.Port, cancellationToken);
            var overview = await _management.GetFromJsonAsync<JsonElement>("overview", cancellationToken);
            return overview.GetProperty("rabbitmq_version").GetString();
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return null;
        }
    }
}
