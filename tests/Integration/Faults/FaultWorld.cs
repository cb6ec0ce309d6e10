using System.Collections.Concurrent;
using System.Globalization;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>
/// A platform with three plans, one for the work of each worker, and short timings: what was sent without anybody hearing of it is looked for after five
/// seconds instead of six and a half minutes.
/// </summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private const string Plans = """
        plans:
          - {name: taken, tag: taken, prefix: $droplet-$tag-, every: 1d, at: "00:00", spread: 0h}
          - {name: copied, tag: copied, prefix: $droplet-$tag-, every: 1d, at: "00:00", spread: 0h, regions: [lon1]}
          - {name: thinned, tag: thinned, prefix: $droplet-$tag-, every: 1d, at: "00:00", spread: 0h, keep: [0h:2d]}
        """;

    private static readonly Dictionary<string, string> Quick = new(StringComparer.Ordinal)
    {
        ["DigitalOcean__RequestTimeout"] = "2s",
        ["Lifecycle__SendWindow"] = "2s",
        ["Lifecycle__Settling"] = "1s",
        ["Lifecycle__ClockSkew"] = "2s",
        ["Lifecycle__RetryFirst"] = "500ms",
        ["Sandbox__SnapshotSeconds"] = "0.5",
        ["Sandbox__TransferSeconds"] = "0.5",
        ["Sandbox__ListingLagSeconds"] = "0.2",
    };

    private static readonly Dictionary<string, string[]> Queues = new(StringComparer.Ordinal)
    {
        ["SnapshotWorker"] = ["snapshot-worker"],
        ["TransferWorker"] = ["transfer-worker"],
        ["PrunerWorker"] = ["pruner-worker"],
    };

    private readonly string _plans;
    private readonly ConcurrentDictionary<string, CrashableService> _crashable = new(StringComparer.Ordinal);
    private int _droplets;

    private FaultWorld(Platform platform, string plans, TestRabbitMq broker, Uri bus)
    {
        Platform = platform;
        _plans = plans;
        Broker = broker;
        Bus = bus;
    }

    public Platform Platform { get; }

    public TestRabbitMq Broker { get; }

    /// <summary>The services' virtual host, without a proxy in between.</summary>
    public Uri Bus { get; }

    /// <summary>Starts one.</summary>
    /// <param name="postgres">Where the database is made.</param>
    /// <param name="rabbitMq">Where the virtual host is made.</param>
    /// <param name="services">Which services run from the start; the sandbox always does.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <param name="settings">What this test wants otherwise.</param>
    public static async Task<FaultWorld> StartAsync(
        PostgresFixture postgres, RabbitMqFixture rabbitMq, IReadOnlyList<string> services, CancellationToken ct, params (string Setting, string Value)[] settings)
    {
        var plans = Path.Combine(Path.GetTempPath(), $"fault-plans-{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(plans, Plans, ct);
        var all = new Dictionary<string, string>(Quick, StringComparer.Ordinal) { ["Plans__File"] = plans };
        foreach (var (setting, value) in settings)
        {
            all[setting] = value;
        }

        var platform = await Platform.StartAsync(postgres, rabbitMq, all, _ => Task.CompletedTask, ct, services);
        return new FaultWorld(platform, plans, await rabbitMq.ServerAsync(), new Uri(platform.BusUri));
    }

    /// <summary>The one of this service that can be made to kill itself; it is not started by this.</summary>
    public CrashableService Crashable(string service) => _crashable.GetOrAdd(service, name => new CrashableService(Platform, name));

    /// <summary>Changes the plans for the next planner: what was to go stays for a year.</summary>
    public void KeepLonger() => File.WriteAllText(_plans, Plans.Replace("0h:2d", "0h:365d", StringComparison.Ordinal));

    /// <summary>Makes a droplet for which there is something to do.</summary>
    public async Task<Subject> AddAsync(Purpose purpose)
    {
        var now = TimeProvider.System.GetUtcNow();
        var name = string.Create(CultureInfo.InvariantCulture, $"{Tag(purpose)}-{Interlocked.Increment(ref _droplets)}");
        // The tag comes last: the planner shall see nothing half done.
        var droplet = await Platform.CreateDropletAsync(name);
        var subject = purpose switch
        {
            Purpose.Taken => new Subject(purpose, droplet, name),
            Purpose.Copied => new Subject(purpose, droplet, name, await PlantAsync(now)),
            _ => new Subject(purpose, droplet, name, await PlantAsync(now.AddDays(-3)), await PlantAsync(now)),
        };
        await Platform.TagDropletAsync(droplet, Tag(purpose));
        return subject;

        Task<long> PlantAsync(DateTimeOffset at) => Platform.PlantSnapshotAsync($"{name}-{Tag(purpose)}-{at:yyyyMMdd'T'HHmmss'Z'}", droplet, at, "nyc3");
    }

    /// <summary>Whether all that there was to do for it is done, as the log knows it.</summary>
    public async Task<bool> IsDoneAsync(Subject subject, CancellationToken ct)
    {
        var snapshots = (await Platform.Log.LoadLedgersAsync([subject.Droplet], ct))[0].Snapshots;
        return subject.Purpose switch
        {
            Purpose.Taken => snapshots.Any(s => s is { Scheduled: true, Phase: SnapshotPhase.Complete }),
            Purpose.Copied => snapshots.Any(s => s.ImageId == subject.Image && s.Regions.Contains("lon1")),
            _ => snapshots.Any(s => s.ImageId == subject.Image && s.Phase is SnapshotPhase.Pruned),
        };
    }

    /// <summary>Waits until all is done for these; where it is not, the lives of those that are left are told.</summary>
    public async Task UntilDoneAsync(IReadOnlyList<Subject> subjects, CancellationToken ct)
    {
        List<Subject> left = [.. subjects];
        var done = await Eventually.HoldsAsync(
            async () =>
            {
                foreach (var subject in left.ToList())
                {
                    if (await IsDoneAsync(subject, ct))
                    {
                        left.Remove(subject);
                    }
                }

                return left.Count == 0;
            },
            TimeSpan.FromSeconds(60),
            ct);
        if (!done)
        {
            var lives = (await Platform.Log.ReadAsync(0, int.MaxValue, ct)).Where(e => left.Any(s => s.Droplet == EventTypes.DropletOf(e.Data)));
            Assert.Fail($"Not done: {string.Join(Environment.NewLine, [.. left.Select(s => s.Name), .. lives.Select(e => e.ToString()), Platform.Output])}");
        }
    }

    /// <summary>Waits until nothing is left in a worker's queue, and fails when something was set aside into its error queue.</summary>
    public async Task UntilDrainedAsync(string service, CancellationToken ct)
    {
        foreach (var queue in Queues.GetValueOrDefault(service, [.. Queues.Values.SelectMany(q => q)]))
        {
            await Platform.UntilAsync($"{queue} is drained", async () => (await Broker.PeekAsync(Bus, queue, ct)).Count == 0, ct);
            Assert.Empty(await Broker.PeekAsync(Bus, $"{queue}_error", ct));
        }
    }

    private static string Tag(Purpose purpose) => purpose.ToString().ToLowerInvariant();

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        foreach (var service in _crashable.Values)
        {
            service.Dispose();
        }

        File.Delete(_plans);
    }
}
