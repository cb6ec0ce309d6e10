using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace DoSnapshot.Compose.Tests;

/// <summary>docker-compose.yml as a project of its own, on the sandbox, with made-up tokens and on ports that are free; gone afterwards, with its volumes.</summary>
internal sealed class Stack : IAsyncDisposable
{
    // The libraries by name: what they say is held back by default.
    private static readonly string Verbose = string.Join(
        ", ", new[] { "Default", "MassTransit", "Marten", "JasperFx", "Npgsql", "Microsoft.AspNetCore" }.Select(category => $"Logging__LogLevel__{category}: Trace"));

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("do-snapshot-compose-");
    private readonly string project = $"do-snapshot-test-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Dictionary<string, string> places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> settings;

    private Stack()
    {
        var tokens = Path.Combine(directory.FullName, "token");
        var operators = Path.Combine(directory.FullName, "operators");
        var overrides = Path.Combine(directory.FullName, "override.yaml");
        File.WriteAllText(tokens, ApiToken);
        File.WriteAllText(Path.Combine(directory.FullName, "postgres-password"), DatabasePassword);
        File.WriteAllText(Path.Combine(directory.FullName, "rabbitmq-password"), BrokerPassword);
        File.WriteAllText(Path.Combine(directory.FullName, "log-connection-string"), $"Host=postgres;Username=do-snapshot;Password={DatabasePassword};Database=do-snapshot\n");
        File.WriteAllText(Path.Combine(directory.FullName, "bus-uri"), $"amqp://do-snapshot:{BrokerPassword}@rabbitmq:5672/\n");
        File.WriteAllText(operators, $"tester:{CallerToken}\n");
        // Short waits, everything said that can be said, and the image's programs not compiled ahead, which takes as long as all the rest.
        File.WriteAllText(overrides, $$"""
            x-service: &service
              build: { args: { READY_TO_RUN: "false" } }
              environment: { {{Verbose}}, Lifecycle__Settling: 2s, Lifecycle__ClockSkew: 1s, Lifecycle__SendWindow: 10s }
            services:
              sandbox:
                build: { args: { READY_TO_RUN: "false" } }
                environment: { Sandbox__SnapshotSeconds: 4, Sandbox__TransferSeconds: 3, Sandbox__ListingLagSeconds: 1, {{Verbose}} }
              planner: *service
              snapshot-worker: *service
              transfer-worker: *service
              pruner-worker: *service
              api:
                build: { args: { READY_TO_RUN: "false" } }
                environment: { {{Verbose}} }
              dashboard:
                build: { args: { READY_TO_RUN: "false" } }
                environment: { {{Verbose}} }
            secrets:
              do_token: { file: "{{tokens}}" }
            """);
        settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["COMPOSE_PROJECT_NAME"] = project,
            ["COMPOSE_FILE"] = $"docker-compose.yml{Path.PathSeparator}{overrides}",
            ["COMPOSE_PROFILES"] = "dashboard",
            ["COMPOSE_DISABLE_ENV_FILE"] = "true",
            ["DO_SNAPSHOT_TAG"] = "test",
            ["API_OPERATOR_TOKEN_FILE"] = operators,
            ["PASSWORD_FOLDER"] = directory.FullName,
            ["SANDBOX_PORT"] = "0",
            ["RABBITMQ_MANAGEMENT_PORT"] = "0",
            ["API_PORT"] = "0",
            ["DASHBOARD_PORT"] = "0",
        };
    }

    /// <summary>What the services are given for DigitalOcean. Made up.</summary>
    public string ApiToken { get; } = $"dop_v1_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";

    /// <summary>What a caller of the API has.</summary>
    public string CallerToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>PostgreSQL's password. Made up.</summary>
    public string DatabasePassword { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>RabbitMQ's password. Made up.</summary>
    public string BrokerPassword { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>Builds and starts it, and waits until every container is healthy.</summary>
    public static async Task<Stack> UpAsync(CancellationToken ct)
    {
        var stack = new Stack();
        try
        {
            await stack.ComposeAsync(ct, "up", "--build", "--detach", "--wait", "--quiet-pull");
            return stack;
        }
        catch (InvalidOperationException e)
        {
            // What is taken down here tells nothing any more.
            var logs = await ProcessAsync(stack.settings, CancellationToken.None, "compose", "logs", "--no-color", "--tail", "40");
            await stack.DisposeAsync();
            throw new InvalidOperationException($"{e.Message}{Environment.NewLine}{logs.Output}", e);
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether there is an engine here to run it on.</summary>
    public static async Task<bool> CanRunAsync(CancellationToken ct)
    {
        // What ./test --no-docker says.
        if (Environment.GetEnvironmentVariable("DOSNAPSHOT_TESTS_DOCKER") == "off")
        {
            return false;
        }

        try
        {
            return (await ProcessAsync(new Dictionary<string, string>(StringComparer.Ordinal), ct, "compose", "ls")).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>One call of `docker compose`; what it said.</summary>
    public Task<string> ComposeAsync(CancellationToken ct, params string[] arguments) => DockerAsync(ct, ["compose", .. arguments]);

    /// <summary>One call of `docker`; what it said on standard output.</summary>
    public async Task<string> DockerAsync(CancellationToken ct, params string[] arguments)
    {
        var (code, output, errors) = await ProcessAsync(settings, ct, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"docker {string.Join(' ', arguments)} ended with {code}: {errors[^Math.Min(errors.Length, 8000)..]}");
    }

    /// <summary>The containers of a service, running or not; without a service, all.</summary>
    public async Task<string[]> ContainersAsync(CancellationToken ct, params string[] service) =>
        (await ComposeAsync(ct, ["ps", "--all", "--quiet", .. service])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Something that `docker inspect` tells of a container.</summary>
    public async Task<string> InspectAsync(string container, string format, CancellationToken ct) =>
        (await DockerAsync(ct, "inspect", "--format", format, container)).Trim();

    /// <summary>Asks the API.</summary>
    public Task<JsonNode> AskAsync(string path, CancellationToken ct) => SendAsync("api", HttpMethod.Get, path, body: null, ct);

    /// <summary>Commands the API.</summary>
    public Task<JsonNode> CommandAsync(string path, object body, CancellationToken ct) => SendAsync("api", HttpMethod.Post, path, body, ct);

    /// <summary>Looks into the sandbox's books.</summary>
    public Task<JsonNode> BooksAsync(CancellationToken ct) => SendAsync("sandbox", HttpMethod.Get, "/sandbox/state", body: null, ct);

    /// <summary>A page or a file of the dashboard, as a browser that is not signed in gets it, wherever it is led.</summary>
    public async Task<string> LookAsync(string path, CancellationToken ct) => await http.GetStringAsync(new Uri($"http://{await PlaceAsync("dashboard", ct)}{path}"), ct);

    /// <summary>Takes it down, volumes and all; what is left of it.</summary>
    public async Task<string> DownAsync(CancellationToken ct)
    {
        await ComposeAsync(ct, "down", "--volumes", "--remove-orphans");
        var mine = $"label=com.docker.compose.project={project}";
        return string.Concat(
            await DockerAsync(ct, "ps", "--all", "--quiet", "--filter", mine), await DockerAsync(ct, "volume", "ls", "--quiet", "--filter", mine), await DockerAsync(ct, "network", "ls", "--quiet", "--filter", mine));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await ProcessAsync(settings, CancellationToken.None, "compose", "down", "--volumes", "--remove-orphans", "--timeout", "1");
        directory.Delete(recursive: true);
    }

    /// <summary>Asked once: API and sandbox go on for as long as they are asked, and a call of Compose costs more than the question.</summary>
    private async Task<string> PlaceAsync(string service, CancellationToken ct) =>
        places.TryGetValue(service, out var place) ? place : places[service] = (await ComposeAsync(ct, "port", service, "8080")).Trim();

    private async Task<JsonNode> SendAsync(string service, HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://{await PlaceAsync(service, ct)}{path}"));
        request.Headers.Authorization = new("Bearer", CallerToken);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
    }

    private static async Task<(int Code, string Output, string Errors)> ProcessAsync(Dictionary<string, string> settings, CancellationToken ct, params string[] arguments)
    {
        var start = new ProcessStartInfo("docker", arguments) { WorkingDirectory = Root(), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // What is set around the tests, a token for instance, is not for this stack.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("DO_", StringComparison.Ordinal) || n.StartsWith("API_", StringComparison.Ordinal) || n.EndsWith("_PASSWORD", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Longest);
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            // What goes on starting containers would be in the way of taking them down.
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DoSnapshotPlatform.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The repository was not found above the tests.");
    }
}
