using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Tests.Support;
using Marten;

namespace DoSnapshot.Integration.Tests;

/// <summary>
/// The whole platform: sandbox, planner and the three workers, each a process, on a fresh database and a fresh virtual host of the broker.
/// </summary>
internal sealed class Platform : IAsyncDisposable
{
    /// <summary>Planner and workers.</summary>
    public static IReadOnlyList<string> Services { get; } = ["Planner", "SnapshotWorker", "TransferWorker", "PrunerWorker"];

    private readonly Lock _gate = new();
    private readonly List<ServiceProcess> _processes = [];
    private readonly HttpClient _sandbox = new();
    private IReadOnlyDictionary<string, string> _settings = Defaults;
    private DocumentStore? _store;

    public IEventLog Log { get; private set; } = null!;

    public string Output => string.Join(Environment.NewLine, Processes().Select(p => $"--- {p.Name}{Environment.NewLine}{p.Output}"));

    /// <summary>Starts everything.</summary>
    /// <param name="postgres">Where the database is made.</param>
    /// <param name="rabbitMq">Where the virtual host is made.</param>
    /// <param name="settings">What this test wants otherwise.</param>
    /// <param name="prepare">Fills the sandbox before the services see it.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <param name="services">Which services, where not all are wanted.</param>
    public static async Task<Platform> StartAsync(
        PostgresFixture postgres,
        RabbitMqFixture rabbitMq,
        IReadOnlyDictionary<string, string> settings,
        Func<Platform, Task> prepare,
        CancellationToken ct,
        IReadOnlyList<string>? services = null)
    {
        var all = new Dictionary<string, string>(Defaults, StringComparer.Ordinal)
        {
            ["Platform__LogConnectionString"] = await postgres.CreateDatabaseAsync(ct),
            ["Platform__BusUri"] = (await rabbitMq.CreateVirtualHostAsync(ct)).ToString(),
        };
        return await StartAsync(all, settings, prepare, services ?? Services, ct);
    }

    /// <summary>Starts the sandbox alone, for processes that are started one by one.</summary>
    /// <param name="connectionString">The log's database; null where whoever starts has one of its own.</param>
    /// <param name="settings">What this test wants otherwise.</param>
    /// <param name="prepare">Fills the sandbox.</param>
    /// <param name="ct">Ends the waiting.</param>
    public static Task<Platform> StartSandboxAsync(
        string? connectionString, IReadOnlyDictionary<string, string> settings, Func<Platform, Task> prepare, CancellationToken ct)
    {
        var all = new Dictionary<string, string>(Defaults, StringComparer.Ordinal);
        if (connectionString is not null)
        {
            all["Platform__LogConnectionString"] = connectionString;
        }

        return StartAsync(all, settings, prepare, [], ct);
    }

    private static async Task<Platform> StartAsync(
        Dictionary<string, string> all,
        IReadOnlyDictionary<string, string> settings,
        Func<Platform, Task> prepare,
        IReadOnlyList<string> services,
        CancellationToken ct)
    {
        var platform = new Platform();
        try
        {
            foreach (var (key, value) in settings)
            {
                all[key] = value;
            }

            if (settings.ContainsKey("Plans__File"))
            {
                // The file states every plan, and nothing besides may.
                all = all.Where(s => !s.Key.StartsWith("Plan__", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
            }

            platform._settings = all;
            var sandbox = platform.Add("Sandbox", all);
            await sandbox.WhenReadyAsync(ct);
            platform._sandbox.BaseAddress = sandbox.Address;
            await prepare(platform);
            all["DigitalOcean__ApiUrl"] = sandbox.Address.ToString().TrimEnd('/');
            if (all.TryGetValue("Platform__LogConnectionString", out var connectionString))
            {
                platform.OpenLog(connectionString);
            }

            await Task.WhenAll(services.Select(name => platform.Add(name, all)).ToList().Select(s => s.WhenReadyAsync(ct)));
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>For tests that kill at any moment: what was sent without anybody hearing of it is looked for soon, and tried again soon.</summary>
    public static IReadOnlyDictionary<string, string> LooksAgainSoon { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DigitalOcean__RequestTimeout"] = "3s",
        ["Lifecycle__SendWindow"] = "5s",
        ["Lifecycle__Settling"] = "3s",
        ["Lifecycle__ClockSkew"] = "2s",
        ["Lifecycle__RetryFirst"] = "1s",
    };

    /// <summary>The settings that every test starts from: real dates, short durations.</summary>
    private static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DO_TOKEN"] = "sandbox",
        ["Platform__FollowEvery"] = "00:00:00.200",
        ["Planner__DecideEvery"] = "00:00:00.500",
        ["Planner__ReconcileEvery"] = "00:00:01",
        ["Plan__Spread"] = "0h",
        ["Plan__At"] = "00:00",
        ["Plan__Regions"] = "lon1",
        ["Sandbox__Seed"] = "empty",
        ["Sandbox__SnapshotSeconds"] = "1",
        ["Sandbox__TransferSeconds"] = "1",
        ["Sandbox__ListingLagSeconds"] = "0.5",
        ["Sandbox__BurstLimit"] = "100000",
        ["Sandbox__HourlyLimit"] = "1000000",
        ["Logging__LogLevel__Marten"] = "Warning",
    };

    /// <summary>Creates a droplet in the sandbox.</summary>
    public async Task<long> CreateDropletAsync(string name, string region = "nyc3", params string[] tags)
    {
        var answer = await _sandbox.PostAsJsonAsync(
            "/sandbox/droplets", new { name, region, tags, disk = 25, used_gigabytes = 5.0 });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["id"]!.GetValue<long>();
    }

    /// <summary>Plants a snapshot in the sandbox.</summary>
    public async Task<long> PlantSnapshotAsync(string name, long dropletId, DateTimeOffset createdAt, params string[] regions)
    {
        var answer = await _sandbox.PostAsJsonAsync(
            "/sandbox/snapshots", new { name, droplet_id = dropletId, created_at = createdAt, size_gigabytes = 2.5, regions });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["id"]!.GetValue<long>();
    }

    /// <summary>Renames a droplet in the sandbox.</summary>
    public async Task RenameDropletAsync(long dropletId, string name)
    {
        var answer = await _sandbox.PatchAsJsonAsync($"/sandbox/droplets/{dropletId}", new { name });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Gives a droplet in the sandbox these tags.</summary>
    public async Task TagDropletAsync(long dropletId, params string[] tags)
    {
        var answer = await _sandbox.PatchAsJsonAsync($"/sandbox/droplets/{dropletId}", new { tags });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The sandbox's whole state.</summary>
    public async Task<JsonNode> SandboxAsync() => JsonNode.Parse(await _sandbox.GetStringAsync("/sandbox/state"))!;

    /// <summary>What was called at the sandbox: method, path and status of each.</summary>
    public async Task<IReadOnlyList<(string Method, string Path, int Status)>> CallsAsync()
    {
        var calls = JsonNode.Parse(await _sandbox.GetStringAsync("/sandbox/requests"))!["requests"]!.AsArray();
        return
        [
            .. calls.Select(c => (c!["method"]!.GetValue<string>(), c["path"]!.GetValue<string>(), c["status"]!.GetValue<int>())),
        ];
    }

    /// <summary>When each call reached the sandbox, and with which status it was answered.</summary>
    public async Task<IReadOnlyList<(DateTimeOffset At, int Status)>> CallTimesAsync()
    {
        var calls = JsonNode.Parse(await _sandbox.GetStringAsync("/sandbox/requests"))!["requests"]!.AsArray();
        return [.. calls.Select(c => (c!["at"]!.GetValue<DateTimeOffset>(), c["status"]!.GetValue<int>()))];
    }

    /// <summary>The log's database.</summary>
    public string ConnectionString => _settings["Platform__LogConnectionString"];

    /// <summary>The services' virtual host.</summary>
    public string BusUri => _settings["Platform__BusUri"];

    /// <summary>Where the sandbox is.</summary>
    public Uri SandboxAddress => _sandbox.BaseAddress!;

    /// <summary>The first process of this service.</summary>
    public ServiceProcess Find(string name) => Processes().First(p => p.Name == name);

    /// <summary>Starts a service, or another replica of one, with the platform's settings and some of its own.</summary>
    public ServiceProcess Start(string name, params (string Setting, string Value)[] own)
    {
        var settings = new Dictionary<string, string>(_settings, StringComparer.Ordinal);
        foreach (var (setting, value) in own)
        {
            settings[setting] = value;
        }

        return Add(name, settings);
    }

    /// <summary>Starts everything in one process, with the platform's settings and these arguments.</summary>
    public ServiceProcess Serve(params string[] arguments) => Add(ServiceProcess.Serve, _settings, arguments);

    /// <summary>Waits until a process has ended by itself, and gives its exit code; fails with everything that the services said when it does not.</summary>
    public async Task<int> EndedAsync(ServiceProcess process, CancellationToken ct)
    {
        try
        {
            return await process.ExitCodeAsync(ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Assert.Fail($"{process.Name} did not end by itself:{Environment.NewLine}{Output}");
            throw;
        }
    }

    /// <summary>Ends a service the hard way.</summary>
    public async Task KillAsync(string name)
    {
        foreach (var process in Processes().Where(p => p.Name == name))
        {
            await KillAsync(process);
        }
    }

    /// <summary>Ends one process the hard way.</summary>
    public async Task KillAsync(ServiceProcess process)
    {
        await process.DisposeAsync();
        lock (_gate)
        {
            _processes.Remove(process);
        }
    }

    /// <summary>Waits for a condition, and fails with everything that the services said.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken ct, TimeSpan? limit = null)
    {
        if (!await Eventually.HoldsAsync(condition, limit ?? TimeSpan.FromSeconds(60), ct))
        {
            Assert.Fail($"Did not happen: {what}{Environment.NewLine}{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes())
        {
            await process.DisposeAsync();
        }

        _sandbox.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    private ServiceProcess Add(string name, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var process = ServiceProcess.Start(name, settings, arguments);
        lock (_gate)
        {
            _processes.Add(process);
        }

        return process;
    }

    private List<ServiceProcess> Processes()
    {
        lock (_gate)
        {
            return [.. _processes];
        }
    }

    private void OpenLog(string connectionString)
    {
        _store = DocumentStore.For(options => LogStore.Configure(options, connectionString, TimeProvider.System));
        Log = new MartenEventLog(_store, TimeProvider.System);
    }
}
