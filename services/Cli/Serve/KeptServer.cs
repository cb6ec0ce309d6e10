using System.Globalization;
using DoSnapshot.LocalServers;

namespace DoSnapshot.Cli.Serve;

/// <summary>
/// The PostgreSQL of a directory, which lives as long as the process that serves. One that ends by itself, for want of memory perhaps, is started
/// again at the same address.
/// </summary>
internal sealed class KeptServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly string directory;
    private readonly TimeProvider clock;
    private readonly ILogger<KeptServer> logger;
    private EmbeddedPostgres? server;

    /// <summary>A server in this directory.</summary>
    public KeptServer(string directory, TimeProvider clock, ILogger<KeptServer> logger)
    {
        this.directory = directory;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>Starts it. A directory that another process has, such as a pass that is at work, is waited for.</summary>
    /// <returns>How to connect.</returns>
    /// <exception cref="DirectoryInUseException">Another process had it for ten minutes; the message says which.</exception>
    /// <exception cref="LocalServerException">The directory, or PostgreSQL's programs, cannot be used.</exception>
    public async Task<string> OpenAsync(CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        string? told = null;
        while (true)
        {
            try
            {
                server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = directory }, ct);
                logger.ServerStarted(server.Version, server.DataDirectory);
                return server.ConnectionString;
            }
            catch (DirectoryInUseException e) when (clock.GetElapsedTime(began) < Patience)
            {
                if (!string.Equals(told, e.Message, StringComparison.Ordinal))
                {
                    told = e.Message;
                    logger.WaitingForDirectory(Patience.TotalMinutes.ToString("0", CultureInfo.InvariantCulture), e.Message);
                }
            }

            await Task.Delay(TryAgainAfter, clock, ct);
        }
    }

    /// <summary>Starts it again whenever it ends, until cancelled.</summary>
    public async Task WatchAsync(CancellationToken ct)
    {
        while (server is not null)
        {
            await server.Ended.WaitAsync(ct);
            try
            {
                logger.ServerEnded(server.DataDirectory);
                await server.StopAsync();
                await server.StartAgainAsync(ct);
                logger.ServerStarted(server.Version, server.DataDirectory);
            }
#pragma warning disable CA1031 // Whatever keeps it from being started again, it is tried again: without it there is nothing to serve.
            catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.ServerFailed(e.Message);
            }

            await Task.Delay(TryAgainAfter, clock, ct);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Watches over the server while the process serves.</summary>
internal sealed class KeptServerWatch : BackgroundService
{
    private readonly KeptServer server;

    /// <summary>A watch over this server.</summary>
    public KeptServerWatch(KeptServer server)
    {
        this.server = server;
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => server.WatchAsync(stoppingToken);
}
