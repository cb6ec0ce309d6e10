namespace DoSnapshot.Hosting.Bus;

/// <summary>
/// Tells a bus that waits for its broker from one that is stuck: the broker has taken new connections for a while, and the bus has still not come back.
/// MassTransit and RabbitMQ's client have been seen to stay so for good (MassTransit, issue 5942). Knows no clock.
/// </summary>
internal sealed class StuckBus
{
    /// <summary>The bus tries again with pauses of up to half a minute, and a machine that has just come back is slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private TimeSpan? since;

    /// <summary>Notes one look.</summary>
    /// <param name="busIsHealthy">Whether the bus takes itself for connected.</param>
    /// <param name="brokerAnswers">Whether the broker takes a connection of its own; of no account while the bus is healthy.</param>
    /// <param name="now">When that was, on a clock that never jumps.</param>
    /// <returns>Whether the bus has to be given up.</returns>
    public bool Look(bool busIsHealthy, bool brokerAnswers, TimeSpan now)
    {
        if (busIsHealthy || !brokerAnswers)
        {
            since = null;
            return false;
        }

        since ??= now;
        return now - since >= Patience;
    }
}
