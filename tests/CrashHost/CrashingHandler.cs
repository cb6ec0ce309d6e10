namespace DoSnapshot.CrashHost.Tests;

/// <summary>
/// The point <c>after-call</c>: DigitalOcean has done what it was asked for, and the answer is there, but nobody has read it. What it is about is the
/// method, for POST and DELETE; for a GET its path.
/// </summary>
internal sealed class CrashingHandler(HttpMessageHandler line, CrashPoint point) : DelegatingHandler(line)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            point.Reached("after-call", request.Method == HttpMethod.Get ? request.RequestUri!.AbsolutePath : request.Method.Method);
        }

        return response;
    }
}
