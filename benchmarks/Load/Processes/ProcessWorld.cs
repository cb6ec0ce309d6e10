using DoSnapshot.Contracts;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Load.Benchmarks.Processes;

/// <summary>
/// Sandbox, planner and workers, each a process, on PostgreSQL and RabbitMQ, all by one scaled clock. What takes real time over a network, and so
/// seems to take much longer by that clock, is given more of it than by default; every pace and every limit is the default one.
/// </summary>
internal sealed class ProcessWorld : IAsyncDisposable
{
    private const string Sandbox = "Sandbox";

    private static readonly string[] Workers = ["SnapshotWorker", "TransferWorker", "PrunerWorker"];

    private readonly List<HostProcess> _processes = [];
    private readonly TestPostgres _postgres;
    private readonly TestRabbitMq _broker;

    private ProcessWorld(TestPostgres postgres, TestRabbitMq broker, string database, Uri bus, SharedClock clock)
    {
        (_postgres, _broker, Database, Bus, Clock) = (postgres, broker, database, bus, clock);
    }

    public string Database { get; }

    public Uri Bus { get; }

    public SharedClock Clock { get; }

    public string Servers => $"{_postgres.Description}, {_broker.Description}";

    /// <summary>All processes, the sandbox first, which is none of the services.</summary>
    public IReadOnlyList<HostProcess> Processes => _processes;

    public Uri SandboxAddress => _processes[0].Address;

    /// <summary>Starts everything.</summary>
    /// <exception cref="InvalidOperationException">Something did not start.</exception>
    public static async Task<ProcessWorld> StartAsync(LoadOptions options, DateTimeOffset start, string folder, CancellationToken ct)
    {
        var postgres = await TestPostgres.StartAsync(ct);
        var broker = await TestRabbitMq.StartAsync(ct);
        var clock = new SharedClock(Path.Combine(folder, "time"), start);
        var world = new ProcessWorld(postgres, broker, await postgres.CreateDatabaseAsync(ct), await broker.CreateVirtualHostAsync(ct), clock);
        try
        {
            await world.StartProcessesAsync(options, folder, ct);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(p => p.DisposeAsync().AsTask()));
        await Clock.DisposeAsync();
        await _broker.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private async Task StartProcessesAsync(LoadOptions options, string folder, CancellationToken ct)
    {
        var settings = Settings(options);
        Add(Sandbox, 1);
        await _processes[0].WhenReadyAsync(ct);
        settings["DigitalOcean__ApiUrl"] = SandboxAddress.ToString().TrimEnd('/');
        Add("Planner", 1);
        foreach (var worker in Workers)
        {
            for (var number = 1; number <= options.Replicas; number++)
            {
                Add(worker, number);
            }
        }

        await Task.WhenAll(_processes.Select(p => p.WhenReadyAsync(ct)));
        Clock.Follow(_processes.Count, Database, SandboxAddress);

        void Add(string service, int number) => _processes.Add(HostProcess.Start(service, number, _processes.Count, settings, folder));
    }

    private Dictionary<string, string> Settings(LoadOptions options)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LOAD_TIME"] = Clock.Path,
            ["LOAD_HOURLY_LIMIT"] = options.HourLimit.ToString(),
            ["LOAD_DROPLETS"] = options.Droplets.ToString(),
            ["DO_TOKEN"] = "sandbox",
            ["Platform__LogConnectionString"] = Database,
            ["Platform__BusUri"] = Bus.ToString(),
            ["Planner__InFlightLimit"] = options.InFlight.ToString(),
            ["Plan__Every"] = "1d",
            ["Plan__At"] = "03:00",
            ["Plan__Spread"] = "0h",
            ["Plan__Keep"] = options.Keep,
            ["Plan__Regions"] = options.Regions,
            ["Plan__Consistency"] = options.Consistency is SnapshotConsistency.Live ? "live" : "powered-off",
            // A second of the network's is minutes by the clock.
            ["DigitalOcean__RequestTimeout"] = "10min",
            ["Lifecycle__SendWindow"] = "10min",
            ["Lifecycle__ClockSkew"] = "5min",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        if (options.Collector is { } collector)
        {
            settings["DOTNET_gcServer"] = collector is "server" ? "1" : "0";
        }

        return settings;
    }
}
