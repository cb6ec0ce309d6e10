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
    // Nobody else holds on to the timer of a request whose sender has given up.
    private readonly HashSet<Pending> _pending = [];

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
        var response = draw.RequestDelay > TimeSpan.Zero
            ? await LaterAsync(draw.RequestDelay, () => ArriveAsync(request, draw.Fault))
            : await ArriveAsync(request, draw.Fault);
        return draw.AnswerDelay > TimeSpan.Zero ? await LaterAsync(draw.AnswerDelay, () => Task.FromResult(response)) : response;
    }

    private async Task<SandboxResponse> ArriveAsync(SandboxRequest request, SandboxFaultRule? fault)
    {
        if (fault?.Kind == SandboxFaultKind.CutBefore)
            return new SandboxResponse(0) { Cut = SandboxCut.Whole };
        var response = await answer(request, fault);
        return fault?.Kind switch
        {
            SandboxFaultKind.CutAfter => response with { Cut = SandboxCut.Whole },
            SandboxFaultKind.CutInBody when !response.Body.IsEmpty => response with { Cut = SandboxCut.InBody },
            _ => response,
        };
    }

    /// <summary>
    /// Does something when its time has come: within the timer itself, so that what arrives late takes effect at that moment and not when the
    /// one who sent it comes to await it.
    /// </summary>
    private Task<SandboxResponse> LaterAsync(TimeSpan delay, Func<Task<SandboxResponse>> what)
    {
        var done = new TaskCompletionSource<Task<SandboxResponse>>();
        var pending = new Pending();
        lock (_pending)
            _pending.Add(pending);
        pending.Timer = account.CreateTimer(
            delay,
            () =>
            {
                done.SetResult(what());
                pending.Timer?.Dispose();
                lock (_pending)
                    _pending.Remove(pending);
            });
        return done.Task.Unwrap();
    }

    private sealed class Pending
    {
        public ITimer? Timer { get; set; }
    }
}
