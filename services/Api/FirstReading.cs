using DoSnapshot.Hosting.Log;

namespace DoSnapshot.Api;

/// <summary>Reads the fleet once when the process begins: of a large one that takes seconds, which nobody is to wait for who asks first.</summary>
internal sealed class FirstReading : BackgroundService
{
    private readonly StoreReadiness readiness;
    private readonly StatusBoard board;

    public FirstReading(StoreReadiness readiness, StatusBoard board)
    {
        (this.readiness, this.board) = (readiness, board);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await readiness.WhenReady.WaitAsync(stoppingToken);
            await board.StatusAsync(stoppingToken);
        }
#pragma warning disable CA1031 // A database that is away has many exceptions. Whoever asks first reads, and hears of it.
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Nothing is lost but time.
        }
    }
}
