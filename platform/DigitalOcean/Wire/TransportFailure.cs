using System.Net.Sockets;
using Polly.Timeout;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>Which exceptions mean that no whole answer came, and which of them that nothing was sent.</summary>
internal static class TransportFailure
{
    /// <summary>Whether the network, the server or the attempt's timeout failed, and not the caller gave up.</summary>
    internal static bool Is(Exception exception, CancellationToken caller) => exception switch
    {
        HttpRequestException or IOException or SocketException or TimeoutRejectedException => true,
        // The handler's own limits, on connecting for example, come in this shape as well.
        OperationCanceledException => !caller.IsCancellationRequested,
        _ => false,
    };

    /// <summary>
    /// Whether it is certain that nothing was sent. The errors named are raised while a connection is made, for a request that has none
    /// yet; everything else may have come after the server had read the request.
    /// </summary>
    internal static bool IsBeforeSending(Exception exception) => exception switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError
        } => true,
        HttpRequestException { InnerException: { } inner } => IsBeforeSending(inner),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound } => true,
        _ => false,
    };
}
