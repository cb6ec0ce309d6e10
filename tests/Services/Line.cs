namespace DoSnapshot.Services.Tests;

/// <summary>The line to DigitalOcean, on which requests and answers can get lost and to which somebody else may answer.</summary>
internal sealed class Line : DelegatingHandler
{
    public Line(HttpMessageHandler inner)
        : base(inner)
    {
    }

    /// <summary>The next POST has its effect, and its answer never arrives.</summary>
    public bool LoseNextAnswer { get; set; }

    /// <summary>The next POST never arrives, and nobody can tell.</summary>
    public bool LoseNextRequest { get; set; }

    /// <summary>Answers in the place of DigitalOcean; null leaves it to answer.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Instead { get; set; }

    /// <summary>What a request waits for before it is sent.</summary>
    public Func<HttpRequestMessage, Task> Until { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after each answer, before anybody sees it.</summary>
    public Action<HttpRequestMessage>? Afterwards { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Until(request);
        if (Instead?.Invoke(request) is { } instead)
        {
            instead.RequestMessage = request;
            return instead;
        }

        var post = request.Method == HttpMethod.Post;
        if (post && LoseNextRequest)
        {
            LoseNextRequest = false;
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The line broke before the request arrived.");
        }

        var answer = await base.SendAsync(request, cancellationToken);
        Afterwards?.Invoke(request);
        if (post && LoseNextAnswer)
        {
            LoseNextAnswer = false;
            answer.Dispose();
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The line broke before the answer arrived.");
        }

        return answer;
    }
}
