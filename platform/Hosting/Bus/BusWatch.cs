using DoSnapshot.Hosting.Configuration;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace DoSnapshot.Hosting.Bus;

/// <summary>
/// Ends the process, with an exit code that says so, when its bus is stuck: whoever keeps it running starts it anew, and nothing is lost by it, as a
/// process may end at any point. While the broker is away the process waits.
/// </summary>
internal sealed class BusWatch : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);

    private readonly Func<bool> isHealthy;
    private readonly Func<CancellationToken, Task<bool>> answers;
    private readonly TimeProvider clock;
    private readonly ILogger<BusWatch> logger;

    // The bus lives by the machine's clock, whatever the services' is.
    public BusWatch(IBusControl bus, PlatformOptions options, ILogger<BusWatch> logger)
        : this(() => bus.CheckHealth().Status is BusHealthStatus.Healthy, ct => AnswersAsync(new Uri(options.BusUri!), ct), TimeProvider.System, logger)
    {
    }

    internal BusWatch(Func<bool> isHealthy, Func<CancellationToken, Task<bool>> answers, TimeProvider clock, ILogger<BusWatch> logger)
    {
        this.isHealthy = isHealthy;
        this.answers = answers;
        this.clock = clock;
        this.logger = logger;
    }

    /// <exception cref="StuckBusException">The bus is stuck. The host ends by it.</exception>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (bus, begin) = (new StuckBus(), clock.GetTimestamp());
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var healthy = isHealthy();
            if (bus.Look(healthy, !healthy && await answers(stoppingToken), clock.GetElapsedTime(begin)) && !stoppingToken.IsCancellationRequested)
            {
                logger.BusIsStuck(StuckBus.Patience.TotalMinutes);
                throw new StuckBusException();
            }
        }
    }

    private static async Task<bool> AnswersAsync(Uri address, CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            Uri = address,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = AnswersWithin,
            HandshakeContinuationTimeout = AnswersWithin,
            ContinuationTimeout = AnswersWithin,
            ClientProvidedName = "do-snapshot-bus-watch",
        }.BelievingNoOther();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AnswersWithin);
        try
        {
            // A connection that is given up is closed before it says so, which may take as long again.
            await ConnectAsync(factory, limit.Token).WaitAsync(limit.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, the broker is not to be had now.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private static async Task ConnectAsync(ConnectionFactory factory, CancellationToken ct)
    {
        await using var connection = await factory.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
    }
}

/// <summary>The bus did not come back although its broker did.</summary>
internal sealed class StuckBusException() : Exception("The bus is stuck.");
