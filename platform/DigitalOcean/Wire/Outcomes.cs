namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>What an answer to a POST or DELETE means.</summary>
internal static class Outcomes
{
    /// <summary>Seen: "Droplet already has a pending event." and "there are currently blocking events processing for …".</summary>
    private static readonly string[] BusyTexts = ["pending event", "blocking event"];

    /// <param name="request">Method and path.</param>
    /// <param name="answer">To the one attempt.</param>
    /// <param name="secret">The token, to be masked.</param>
    internal static PostOutcome OfPost(string request, Answer answer, string secret)
    {
        if (answer is not Answer.Received received)
        {
            var missing = (Answer.Missing)answer;
            var reason = Redaction.Mask($"{request}: {missing.Describe()}", secret);
            return missing.WasSent ? new PostOutcome.Unknown(reason) : new PostOutcome.NotSent(reason);
        }

        if (received.IsSuccess)
            return OfAccepted(request, received, secret);

        var error = ApiError.Read(received, secret);
        var message = Redaction.Mask($"{request}: {error}", secret);
        return received.Status switch
        {
            422 when IsBusy(error) => new PostOutcome.Busy(message),
            429 => new PostOutcome.Throttled(received.RetryAfter ?? Throttle.BurstWindow, message),
            // A server or proxy that gave up waiting does not know what became of it either.
            408 => new PostOutcome.Unknown(message),
            >= 400 and < 500 => new PostOutcome.Refused(received.Status, message),
            _ => new PostOutcome.Unknown(message),
        };
    }

    /// <param name="request">Method and path.</param>
    /// <param name="answer">To the last attempt.</param>
    /// <param name="secret">The token, to be masked.</param>
    internal static DeleteOutcome OfDelete(string request, Answer answer, string secret)
    {
        if (answer is not Answer.Received received)
            return new DeleteOutcome.Failed(Redaction.Mask($"{request}: {((Answer.Missing)answer).Describe()}", secret));
        if (received.IsSuccess)
            return new DeleteOutcome.Deleted();
        if (received.IsNotFound())
            return new DeleteOutcome.AlreadyGone();
        var message = Redaction.Mask($"{request}: {ApiError.Read(received, secret)}", secret);
        return received.Status switch
        {
            429 => new DeleteOutcome.Throttled(received.RetryAfter ?? Throttle.BurstWindow, message),
            404 => new DeleteOutcome.Failed(message),
            _ when received.IsTransient => new DeleteOutcome.Failed(message),
            _ => new DeleteOutcome.Refused(received.Status, message),
        };
    }

    private static bool IsBusy(ApiError error) =>
        BusyTexts.Any(text => error.Message.Contains(text, StringComparison.OrdinalIgnoreCase));

    private static PostOutcome OfAccepted(string request, Answer.Received answer, string secret)
    {
        try
        {
            return new PostOutcome.Accepted(answer.ReadAction());
        }
        catch (UnreadableAnswerException flaw)
        {
            return new PostOutcome.Unknown(Redaction.Mask($"{request}: {answer.Status}, but {flaw.Message}", secret));
        }
    }
}
