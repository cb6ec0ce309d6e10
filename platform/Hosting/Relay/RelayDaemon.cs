using JasperFx;
using Marten;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Relay;

/// <summary>Runs the relay while its process leads, and starts it again whenever it stops by itself.</summary>
public sealed class RelayDaemon
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly IDocumentStore store;
    private readonly ILogger<RelayDaemon> logger;

    /// <summary>A daemon on this store.</summary>
    public RelayDaemon(IDocumentStore store, ILogger<RelayDaemon> logger)
    {
        this.store = store;
        this.logger = logger;
    }

    /// <summary>Relays until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
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
                    logger.RelayRestarted(string.Join("; ", daemon.CurrentAgents().Select(a => $"{a.Name.Identity}: {a.Status}")));
                    await Task.Delay(LookEvery, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            finally
            {
                await daemon.StopAllAsync();
            }
        }
    }

    private static bool HasRunningAgent(IReadOnlyList<JasperFx.Events.Daemon.ISubscriptionAgent> agents) =>
        agents.Count > 0 && agents.All(a => a.Status is AgentStatus.Running);
}
