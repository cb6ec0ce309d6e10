using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli.Doctor;

/// <summary>
/// Lets out what reads, and where that was asked for the calls that can have no effect: whatever an examination is led to by a mistake, nothing else leaves.
/// </summary>
internal sealed class HarmlessHandler : DelegatingHandler
{
    private readonly bool probesWrites;

    /// <summary>In front of another handler.</summary>
    /// <param name="inner">The other handler.</param>
    /// <param name="probesWrites">Whether <see cref="HarmlessCall.All"/> may go out.</param>
    public HarmlessHandler(HttpMessageHandler inner, bool probesWrites)
        : base(inner)
    {
        this.probesWrites = probesWrites;
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Method == HttpMethod.Get || (probesWrites && HarmlessCall.All.Any(call => Is(call, request)))
            ? base.SendAsync(request, cancellationToken)
            : throw new InvalidOperationException($"An examination was about to send {request.Method} {request.RequestUri?.AbsolutePath}.");
    }

    private static bool Is(HarmlessCall call, HttpRequestMessage request) =>
        request.Method == call.Method && request.RequestUri!.AbsolutePath.EndsWith(call.Path, StringComparison.Ordinal) && request.RequestUri.Query.Length == 0;
}
