using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace DoSnapshot.LocalServers.Tests;

internal static class Amqp
{
    /// <summary>Whether a client is admitted to the virtual host of the address.</summary>
    public static async Task<bool> AdmitsAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            var factory = new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false };
            await using var connection = await factory.CreateConnectionAsync(cancellationToken);
            // The client learns of an unknown virtual host only when it wants something there.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            return channel.IsOpen;
        }
        catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException)
        {
            return false;
        }
    }
}
