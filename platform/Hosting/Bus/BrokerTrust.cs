using System.Net.Security;
using RabbitMQ.Client;

namespace DoSnapshot.Hosting.Bus;

/// <summary>Whom a connection to the broker believes.</summary>
public static class BrokerTrust
{
    /// <summary>
    /// Over TLS none but a certificate for the host that is named, by an authority that this machine trusts. By itself RabbitMQ's client takes one for any host when
    /// it is told of <c>amqps</c> by an address, and MassTransit one by any authority. To be called after the address was given.
    /// </summary>
    /// <param name="factory">The client's.</param>
    /// <returns>The same.</returns>
    public static ConnectionFactory BelievingNoOther(this ConnectionFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.None;
        return factory;
    }
}
