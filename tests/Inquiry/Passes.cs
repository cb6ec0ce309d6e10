using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Pass;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>The command's passes over a practice account, which keep their log.</summary>
internal sealed class Passes : IDisposable
{
    private readonly QuickTime _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly SandboxHandler _line;

    public Passes()
    {
        Account = new SandboxAccount(
            _clock,
            new SandboxSettings { SnapshotDuration = new SandboxDuration(TimeSpan.FromMinutes(10)), TransferDuration = new SandboxDuration(TimeSpan.FromMinutes(5)), Variation = 0 }.WithoutRateLimits());
        _line = new SandboxHandler(Account);
        Log = new InMemoryEventLog(_clock);
        foreach (var name in (string[])["web-1", "web-2", "db-1"])
        {
            Account.AddDroplet(new NewDroplet { Name = name, Region = "nyc3", Tags = ["autosnapshot"] }).OrThrow();
        }
    }

    public SandboxAccount Account { get; }

    public InMemoryEventLog Log { get; }

    public DateTimeOffset Now => _clock.GetUtcNow();

    public void Wait(TimeSpan time) => _clock.Advance(time);

    public async Task RunAsync(string arguments, CancellationToken ct)
    {
        var options = PassOptionsReader.Read(ArgumentReader.Read([.. arguments.Split(' '), "--data", "kept"]), _ => null);
        using var http = new HttpClient(_line, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var api = new DigitalOceanClient(http, new DigitalOceanOptions { Token = "a-token", RequestTimeout = QuickTime.Longest }, _clock);
        await new LogPass(new PassContext(options, Log, api, _clock, NullLogger.Instance), plannerLeads: false).RunAsync(ct);
    }

    public void Dispose() => _line.Dispose();

    /// <summary>A clock that stands still but for waits, which are over at once: the time is then as much later.</summary>
    private sealed class QuickTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        public static readonly TimeSpan Longest = TimeSpan.FromMinutes(9);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero && dueTime < Longest)
            {
                Advance(dueTime);
            }

            return timer;
        }
    }
}
