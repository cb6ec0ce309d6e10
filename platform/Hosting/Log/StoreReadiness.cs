using DoSnapshot.Hosting.Configuration;
using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Log;

/// <summary>
/// Brings the log's schema up to date, as soon as PostgreSQL can be reached. A database that is down is waited for, however long it takes;
/// until then the service is not ready.
/// </summary>
public sealed class StoreReadiness : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDocumentStore store;
    private readonly PlatformOptions options;
    private readonly ILogger<StoreReadiness> logger;

    /// <summary>Watches over this store.</summary>
    public StoreReadiness(IDocumentStore store, PlatformOptions options, ILogger<StoreReadiness> logger)
    {
        this.store = store;
        this.options = options;
        this.logger = logger;
    }

    /// <summary>Why the log cannot be used yet, in words.</summary>
    public string WaitsFor { get; private set; } = "PostgreSQL was not asked yet";

    /// <summary>Done when the log can be used.</summary>
    public Task WhenReady => ready.Task;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LogSchema.ApplyAsync(store, options.LogConnectionString, stoppingToken);
                ready.TrySetResult();
                return;
            }
#pragma warning disable CA1031 // A database that is away has many exceptions; all of them mean to wait.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                // Tried every two seconds; said when it is something new.
                var reason = e.GetBaseException().Message;
                if (!string.Equals(reason, WaitsFor, StringComparison.Ordinal))
                {
                    WaitsFor = reason;
                    logger.StoreNotReady(reason);
                }
            }

            await Task.Delay(Retry, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ready.TrySetCanceled(stoppingToken);
    }
}
