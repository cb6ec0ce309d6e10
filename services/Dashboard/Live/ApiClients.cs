using DoSnapshot.HttpApi;

namespace DoSnapshot.Dashboard.Live;

/// <summary>Clients of the API, each with its caller's own token, over the same connections.</summary>
internal sealed class ApiClients : IDisposable
{
    private readonly Uri url;
    private readonly TimeProvider clock;
    private readonly HttpMessageHandler handler;

    /// <summary>Clients of the API at an address.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="clock">Waits between two attempts.</param>
    /// <param name="handler">Sends; the network unless it is given.</param>
    public ApiClients(Uri url, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        (this.url, this.clock, this.handler) = (url, clock, handler ?? ApiConnection.Handler(url));
    }

    /// <summary>A client with this token, or without one.</summary>
    public ApiClient Of(string? token) => new(new ApiConnection(url, token, clock, handler));

    /// <inheritdoc/>
    public void Dispose() => handler.Dispose();
}
