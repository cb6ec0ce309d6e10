namespace DoSnapshot.Sandbox;

/// <summary>Which calls a fault happens to, and how often.</summary>
/// <remarks>
/// Of the calls that <see cref="Calls"/> names, the first <see cref="Skip"/> go well. Each later one is hit with <see cref="Probability"/>, until
/// <see cref="Times"/> were. So the next three are <c>Times = 3</c>, and the fifth alone is <c>Skip = 4, Times = 1</c>.
/// </remarks>
public sealed record SandboxFaultRule
{
    private const double ADay = 86_400;

    /// <summary>What happens.</summary>
    public required SandboxFaultKind Kind { get; init; }

    /// <summary>
    /// Method and path as <c>POST /v2/droplets/{id}/actions</c>; <c>*</c> is any method, any path, or at a path's end anything below it;
    /// alone, every call. What stands in braces does not matter.
    /// </summary>
    public string Calls { get; init; } = "*";

    /// <summary>Of the calls that start an action, only those of this type, such as <c>power_on</c>; any if not said.</summary>
    public string? Action { get; init; }

    /// <summary>From 0 to 1, of each call; always if not said.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>How many of these calls go well first.</summary>
    public int Skip { get; init; }

    /// <summary>How many are hit at most; any number if not said.</summary>
    public int? Times { get; init; }

    /// <summary>
    /// How late a slow one is (10 if not said), how long a 429 asks to wait (600 for the hour's, 30 for the minute's), how old a stale list is (30).
    /// </summary>
    public double? Seconds { get; init; }

    /// <summary>HTTP status of an error (500 if not said; 500 to 599) or page (504; 200 to 599).</summary>
    public int? Status { get; init; }

    internal TimeSpan Duration => TimeSpan.FromSeconds(Seconds ?? Kind switch
    {
        SandboxFaultKind.HourlyLimit => 600,
        SandboxFaultKind.BurstLimit or SandboxFaultKind.StaleList => 30,
        _ => 10,
    });

    internal bool IsSlow => Kind is SandboxFaultKind.SlowRequest or SandboxFaultKind.SlowAnswer;

    internal bool HasNoEffect => Kind is SandboxFaultKind.ErrorBefore or SandboxFaultKind.HtmlBefore;

    private bool TakesStatus => HasNoEffect || Kind is SandboxFaultKind.ErrorAfter or SandboxFaultKind.HtmlAfter;

    private bool TakesSeconds => IsSlow || Kind is SandboxFaultKind.HourlyLimit or SandboxFaultKind.BurstLimit or SandboxFaultKind.StaleList;

    /// <summary>What is wrong with it, by the member that is: none if nothing is.</summary>
    internal IEnumerable<(string Member, string Mistake)> Mistakes()
    {
        if (!Enum.IsDefined(Kind))
            yield return (nameof(Kind), $"is {(int)Kind}; it must be one of {SandboxFaultNames.All}.");
        if (!SandboxCallPattern.IsKnown(Calls))
            yield return (nameof(Calls), $"is '{Calls}'; it must be '*', or a method and path that the sandbox has, such as 'POST /v2/droplets/{{id}}/actions', 'GET *' or 'GET /v2/droplets/*'.");
        if (Action is not null && (Action.Length == 0 || !SandboxCallPattern.IsOfActions(Calls)))
            yield return (nameof(Action), $"is '{Action}'; it must be the type of an action, and the calls some that start one.");
        if (Probability is not (>= 0 and <= 1))
            yield return (nameof(Probability), $"is {Probability}; it must be from 0 to 1.");
        if (Skip < 0)
            yield return (nameof(Skip), $"is {Skip}; it must be a number of calls from 0 on.");
        if (Times is < 1)
            yield return (nameof(Times), $"is {Times}; it must be a number of calls from 1 on, or nothing for any number.");
        if (Seconds is { } seconds && !TakesSeconds)
            yield return (nameof(Seconds), $"is {seconds}; {SandboxFaultNames.Of(Kind)} takes none.");
        else if (Seconds is not (null or (>= 0 and <= ADay)))
            yield return (nameof(Seconds), $"is {Seconds}; it must be from 0 to {ADay} seconds.");
        if (Status is { } status && StatusMistake(status) is { } mistake)
            yield return (nameof(Status), $"is {status}; {mistake}");
    }

    private string? StatusMistake(int status)
    {
        if (!TakesStatus)
            return $"{SandboxFaultNames.Of(Kind)} takes none.";
        var least = Kind is SandboxFaultKind.HtmlBefore or SandboxFaultKind.HtmlAfter ? 200 : 500;
        return status >= least && status <= 599 ? null : $"it must be from {least} to 599.";
    }
}
