namespace DoSnapshot.Cli.Tests;

/// <summary>The line to the practice account, on which somebody else may answer and answers can get lost.</summary>
internal sealed class Line : DelegatingHandler
{
    public Line(HttpMessageHandler inner)
        : base(inner)
    {
    }

    /// <summary>Answers in the place of the account; null leaves it to answer.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Instead { get; set; }

    /// <summary>Runs before the request reaches the account.</summary>
    public Action<HttpRequestMessage>? Before { get; set; }

    /// <summary>Whether the answer to this request never arrives, though it has its effect.</summary>
    public Func<HttpRequestMessage, bool> Loses { get; set; } = _ => false;

    /// <summary>Changes an answer on its way.</summary>
    public Action<HttpResponseMessage>? Change { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Before?.Invoke(request);
        if (Instead?.Invoke(request) is { } instead)
        {
            instead.RequestMessage = request;
            return instead;
        }

        var answer = await base.SendAsync(request, cancellationToken);
        Change?.Invoke(answer);
        if (!Loses(request))
        {
            return answer;
        }

        answer.Dispose();
        throw new HttpRequestException(HttpRequestError.ResponseEnded, "The line broke before the answer arrived.");
    }
}
