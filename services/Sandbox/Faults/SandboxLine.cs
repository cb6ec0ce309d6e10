namespace DoSnapshot.Sandbox;

/// <summary>How much of an answer gets lost.</summary>
internal enum SandboxCut
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>All: the connection breaks instead.</summary>
    Whole,

    /// <summary>The second half of the body, whose whole length was told.</summary>
    InBody,
}

/// <summary>
/// The line between a client and the API, on which requests and answers are late or lost.
/// </summary>
/// <param name="account">The account at its end.</param>
/// <param name="answer">Answers a request, with what is to go wrong meanwhile.</param>
internal sealed class SandboxLine(SandboxAccount account, Func<SandboxRequest, SandboxFaultRule?, Task<SandboxResponse>> answer)
{
    /// <summary>The answer, whose <see cref="SandboxResponse.Cut"/> says how much of it arrives.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ct">That the sender gives up. What is on its way arrives all the same.</param>
    public Task<SandboxResponse> SendAsync(SandboxRequest request, CancellationToken ct)
    {
        if (request.IsControl)
            return answer(request, null);
        var draw = account.Faults.Draw(request);
        return draw == SandboxFaultDraw.None ? answer(request, null) : CarryAsync(request, draw).WaitAsync(ct);
    }

    private async Task<SandboxResponse> CarryAsync(SandboxRequest request, SandboxFaultDraw draw)
    {
        await PassAsync(draw.RequestDelay);
        if (draw.Fault?.Kind == SandboxFaultKind.CutBefore)
            return new SandboxResponse(0) { Cut = SandboxCut.Whole };
        var response = await answer(request, draw.Fault);
        await PassAsync(draw.AnswerDelay);
        return draw.Fault?.Kind switch
        {
            SandboxFaultKind.CutAfter => response with { Cut = SandboxCut.Whole },
            SandboxFaultKind.CutInBody when !response.Body.IsEmpty => response with { Cut = SandboxCut.InBody },
            _ => response,
        };
    }

    private Task PassAsync(TimeSpan delay) => delay > TimeSpan.Zero ? account.DelayAsync(delay) : Task.CompletedTask;
}
