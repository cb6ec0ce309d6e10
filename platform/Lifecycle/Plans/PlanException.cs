namespace DoSnapshot.Lifecycle.Plans;

/// <summary>A plan cannot be used as it is written. The message names the term, quotes its value and says what is wanted.</summary>
public sealed class PlanException : Exception
{
    /// <summary>An error in one term.</summary>
    public PlanException(PlanProblem problem)
        : base($"plan: {problem?.Term} '{problem?.Value}' cannot be used: {problem?.Wanted}")
    {
        ArgumentNullException.ThrowIfNull(problem);
        Term = problem.Term;
        Value = problem.Value;
        Wanted = problem.Wanted;
    }

    /// <summary>The term that is wrong.</summary>
    public string Term { get; }

    /// <summary>What it says.</summary>
    public string? Value { get; }

    /// <summary>What is wanted instead, in words.</summary>
    public string Wanted { get; }
}
