using JasperFx;
using Marten;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Relay;

/// <summary>Runs the relay while its process leads, and starts it again whenever it stops by itself.</summary>
public sealed class RelayDaemon
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly IDocumentStore store;
    private readonly RelayHealth health;
    private readonly ILogger<RelayDaemon> logger;

    /// <summary>A daemon on this store.</summary>
    public RelayDaemon(IDocumentStore store, RelayHealth health, ILogger<RelayDaemon> logger)
    {
        this.store = store;
        this.health = health;
        this.logger = logger;
    }

    /// <summary>Relays until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var pause = LookEvery;
        while (!ct.IsCancellationRequested)
        {
            var started = TimeProvider.System.GetTimestamp();
            using var daemon = await store.BuildProjectionDaemonAsync();
            try
            {
                await daemon.StartAllAsync();
                while (!ct.IsCancellationRequested && daemon.IsRunning && !daemon.HasAnyPaused() && HasRunningAgent(daemon.CurrentAgents()))
                {
                    await Task.Delay(LookEvery, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                if (!ct.IsCancellationRequested)
                {
                    var reason = string.Join("; ", daemon.CurrentAgents().Select(a => $"{a.Name.Identity}: {a.Status}"));
                    health.Failed($"the relay stops again and again ({reason})");
                    logger.RelayRestarted(reason);
                    // What stops it at once will do so again: an event that it cannot read, for one.
                    pause = TimeProvider.System.GetElapsedTime(started) > LongestPause ? LookEvery : pause;
                    await Task.Delay(pause, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
            }
            finally
            {
                try
                {
                    await daemon.StopAllAsync();
                }
                finally
                {
                    LetListenerGo();
                }
            }
        }

        // Whoever leads next tells how it goes.
        health.GotOn();
    }

    /// <summary>Marten opens a connection that listens with each daemon, and never closes one: a leader that comes and goes would use them all up.</summary>
    private void LetListenerGo()
    {
        var projections = ((DocumentStore)store).Options.Projections;
        (projections.Wakeup as IDisposable)?.Dispose();
        projections.Wakeup = null;
    }

    private static bool HasRunningAgent(IReadOnlyList<JasperFx.Events.Daemon.ISubscriptionAgent> agents) =>
        agents.Count > 0 && agents.All(a => a.Status is AgentStatus.Running);
}
