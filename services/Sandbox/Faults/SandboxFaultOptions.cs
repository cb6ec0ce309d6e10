namespace DoSnapshot.Sandbox;

/// <summary>The configuration section <c>Sandbox:Faults</c>: what goes wrong from the start on. Empty, nothing does.</summary>
public sealed class SandboxFaultOptions
{
    private const double ADay = 86_400;

    /// <summary>Where the random numbers begin; the same seed gives the same faults for the same calls.</summary>
    public int Seed { get; set; }

    /// <summary>How far the API's clock is ahead, in seconds; negative if behind.</summary>
    public double ClockSkewSeconds { get; set; }

    /// <summary>The rules, in the order in which they are asked.</summary>
    public IList<SandboxFaultRuleOptions> Rules { get; } = [];

    internal void ApplyTo(SandboxFaults faults)
    {
        faults.Reseed(Seed);
        faults.ClockSkew = TimeSpan.FromSeconds(ClockSkewSeconds);
        faults.Set([.. Rules.Select(rule => rule.ToRule()!)]);
    }

    internal IEnumerable<string> Mistakes(string section)
    {
        if (ClockSkewSeconds is not (>= -ADay and <= ADay))
            yield return $"{section}:{nameof(ClockSkewSeconds)} is {ClockSkewSeconds}; it must be from {-ADay} to {ADay} seconds.";
        for (var i = 0; i < Rules.Count; i++)
        {
            foreach (var mistake in Rules[i].Mistakes())
                yield return $"{section}:{nameof(Rules)}:{i}:{mistake}";
        }
    }
}

/// <summary>A rule as the configuration says it; its members are those of <see cref="SandboxFaultRule"/>.</summary>
public sealed class SandboxFaultRuleOptions
{
    /// <summary>What happens: <c>cut-after</c> and so on.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Which calls.</summary>
    public string Calls { get; set; } = "*";

    /// <summary>Of the calls that start an action, only those of this type.</summary>
    public string? Action { get; set; }

    /// <summary>From 0 to 1, of each call.</summary>
    public double Probability { get; set; } = 1;

    /// <summary>How many calls go well first.</summary>
    public int Skip { get; set; }

    /// <summary>How many are hit at most.</summary>
    public int? Times { get; set; }

    /// <summary>How late, or how old, or how long to wait.</summary>
    public double? Seconds { get; set; }

    /// <summary>HTTP status of an error or page.</summary>
    public int? Status { get; set; }

    internal SandboxFaultRule? ToRule() => SandboxFaultNames.TryRead(Kind, out var kind)
        ? new SandboxFaultRule { Kind = kind, Calls = Calls, Action = Action, Probability = Probability, Skip = Skip, Times = Times, Seconds = Seconds, Status = Status }
        : null;

    internal IEnumerable<string> Mistakes() => ToRule() is { } rule
        ? rule.Mistakes().Select(mistake => $"{mistake.Member} {mistake.Mistake}")
        : [$"{nameof(Kind)} is '{Kind}'; it must be one of {SandboxFaultNames.All}."];
}
