namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>What an answer that is no success says, tokens masked.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The body's <c>id</c>, for example not_found.</param>
/// <param name="Message">The body's sentence; empty where there is none.</param>
/// <param name="RequestId">From the body, else from the header.</param>
/// <param name="Flaw">What is wrong with the body itself, where it is not the API's JSON.</param>
internal sealed record ApiError(int Status, string? Code, string Message, string? RequestId, string? Flaw)
{
    private const int LongestMessage = 500;

    internal static ApiError Read(Answer.Received answer, string secret)
    {
        if (answer.TryReadObject() is not { } json)
        {
            var flaw = answer.Body.Length == 0 ? "with no body" : $"with a body of {answer.Body.Length} bytes that is not the API's JSON";
            return new ApiError(answer.Status, null, "", Masked(answer.RequestId), flaw);
        }

        // Masked before it is cut: half a token is not recognised, and still half a token.
        var message = Redaction.Mask(json.Text("message") ?? json.Text("error"), secret);
        return new ApiError(
            answer.Status,
            Masked(json.Text("id")),
            message.Length > LongestMessage ? message[..LongestMessage] + "…" : message,
            Masked(json.Text("request_id") ?? answer.RequestId),
            null);

        string? Masked(string? text) => text is null ? null : Redaction.Mask(text, secret);
    }

    /// <summary>For example: 404 not_found: The resource you were accessing could not be found. (request 1a2b)</summary>
    public override string ToString()
    {
        var what = string.Join(' ', new[] { Status.ToString(), Code, Flaw }.Where(part => part is not null));
        return (Message.Length == 0 ? what : $"{what}: {Message}") + (RequestId is null ? "" : $" (request {RequestId})");
    }
}
