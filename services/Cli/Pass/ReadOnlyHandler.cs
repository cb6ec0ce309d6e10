namespace DoSnapshot.Cli.Pass;

/// <summary>Lets no request out but such as read: whatever a dry run is led to by a mistake, it changes nothing.</summary>
internal sealed class ReadOnlyHandler : DelegatingHandler
{
    /// <summary>In front of another handler.</summary>
    public ReadOnlyHandler(HttpMessageHandler inner)
        : base(inner)
    {
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Method == HttpMethod.Get
            ? base.SendAsync(request, cancellationToken)
            : throw new InvalidOperationException($"A dry run was about to send {request.Method} {request.RequestUri?.AbsolutePath}.");
    }
}
