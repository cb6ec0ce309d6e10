using System.Collections.Concurrent;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Output;
using DoSnapshot.Cli.Pass;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.Sandbox;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Cli.Tests;

/// <summary>A practice account in this process, and the command's pass over it.</summary>
internal sealed class World : IDisposable
{
    public const string Home = "nyc3";
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan SnapshotTime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan TransferTime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan ListingLag = TimeSpan.FromMinutes(2);

    public World(bool limited = false, string? token = null)
    {
        var settings = new SandboxSettings
        {
            SnapshotDuration = new SandboxDuration(SnapshotTime),
            TransferDuration = new SandboxDuration(TransferTime),
            ListingLag = ListingLag,
            Variation = 0,
            Token = token,
        };
        Account = new SandboxAccount(Clock, limited ? settings : settings.WithoutRateLimits());
        Line = new Line(new SandboxHandler(Account));
        Log = new InMemoryEventLog(Clock);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public QuickTime Clock { get; } = new(Start);

    public SandboxAccount Account { get; }

    public Line Line { get; }

    public long AddDroplet(string name = "web-1", params string[] tags) =>
        Account.AddDroplet(new NewDroplet { Name = name, Region = Home, Tags = tags.Length == 0 ? ["autosnapshot"] : tags }).OrThrow().Id;

    public long Plant(long dropletId, string name, TimeSpan age, params string[] regions) => Account.PlantSnapshot(new NewSnapshot
    {
        Name = name,
        DropletId = dropletId,
        CreatedAt = Clock.GetUtcNow() - age,
        Regions = regions.Length == 0 ? [Home] : regions,
    }).OrThrow().Id;

    /// <summary>A snapshot as the command names it.</summary>
    public long PlantOwn(long dropletId, TimeSpan age, params string[] regions) => Plant(
        dropletId, SandboxSeeds.AutosnapshotName(Account.Droplet(dropletId)!.Name, Clock.GetUtcNow() - age), age, regions);

    public async Task<Outcome> PassAsync(params string[] arguments)
    {
        var options = PassOptionsReader.Read(ArgumentReader.Read(arguments), _ => null);
        using var sink = new ListSink();
        var logger = new CommandLogger(sink, options.Verbose || options.DryRun ? LogLevel.Debug : LogLevel.Information);
        var connection = new DigitalOceanOptions { Token = "a-token", RequestTimeout = QuickTime.RequestTimeout };
        var before = Account.Journal.Total;
        var code = await PassRun.RunAsync(options, connection, Line, Clock, logger, Ct);
        return new Outcome(code, [.. sink.Lines], Account.Journal.Since(before));
    }

    /// <summary>A log that outlives the passes, for <see cref="KeptPassAsync"/>.</summary>
    public InMemoryEventLog Log { get; }

    /// <summary>Where such a pass takes back what a planner has noted; null for nowhere.</summary>
    public INoticeBook? Notes { get; set; }

    /// <summary>A pass that keeps its log, in this world's <see cref="Log"/>.</summary>
    public async Task<Outcome> KeptPassAsync(params string[] arguments)
    {
        var options = PassOptionsReader.Read(ArgumentReader.Read([.. arguments, "--data", "kept"]), _ => null);
        using var sink = new ListSink();
        var logger = new CommandLogger(sink, options.Verbose || options.DryRun ? LogLevel.Debug : LogLevel.Information);
        var connection = new DigitalOceanOptions { Token = "a-token", RequestTimeout = QuickTime.RequestTimeout };
        using var http = new HttpClient(options.DryRun ? new ReadOnlyHandler(Line) : Line, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var api = new DigitalOceanClient(http, connection, Clock, logger);
        var log = options.DryRun ? await InMemoryEventLog.CopyAsync(Log, Clock, Ct) : Log;
        var context = new PassContext(options, log, api, Clock, logger) { Past = Log };
        var before = Account.Journal.Total;
        await new LogPass(context, plannerLeads: false, options.DryRun ? null : Notes).RunAsync(Ct);
        return new Outcome(context.Tally.Failures == 0 ? 0 : 1, [.. sink.Lines], Account.Journal.Since(before));
    }

    public void Dispose() => Line.Dispose();

    private sealed class ListSink : ILineSink
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public void Write(LogLevel level, string message) => Lines.Enqueue($"{level}: {message}");

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}

/// <summary>What a pass came to.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Lines">What it logged.</param>
/// <param name="Calls">The calls that reached the account.</param>
internal sealed record Outcome(int Code, IReadOnlyList<string> Lines, IReadOnlyList<SandboxCall> Calls)
{
    public string Text => string.Join('\n', Lines);

    /// <summary>The droplets of which a snapshot was asked for.</summary>
    public IReadOnlyList<long> Snapshotted => Ids("POST", "/v2/droplets/");

    /// <summary>The images of which a transfer was asked for.</summary>
    public IReadOnlyList<long> Transferred => Ids("POST", "/v2/images/");

    /// <summary>The images that were to be deleted.</summary>
    public IReadOnlyList<long> Deleted => Ids("DELETE", "/v2/snapshots/");

    /// <summary>Asserts that a line begins and goes on so.</summary>
    public void Tells(string start, string further = "") => Assert.Contains(
        Lines, l => l.StartsWith(start, StringComparison.Ordinal) && l.Contains(further, StringComparison.Ordinal));

    public int Count(string method, string path) =>
        Calls.Count(c => c.Method == method && c.Path.Contains(path, StringComparison.Ordinal));

    private List<long> Ids(string method, string path) =>
    [
        .. Calls.Where(c => c.Method == method && c.Path.StartsWith(path, StringComparison.Ordinal))
            .Select(c => long.Parse(c.Path.Split('/')[3])).Order(),
    ];
}
