namespace DoSnapshot.Lifecycle.Plans;

/// <summary>A plan cannot be used as it is written. The message names the term, quotes its value and says what is wanted.</summary>
public sealed class PlanException : Exception
{
    /// <summary>An error in one term.</summary>
    public PlanException(string term, string? value, string wanted)
        : base($"plan: {term} '{value}' cannot be used: {wanted}")
    {
        Term = term;
        Value = value;
        Wanted = wanted;
    }

    /// <summary>The term that is wrong.</summary>
    public string Term { get; }

    /// <summary>What it says.</summary>
    public string? Value { get; }

    /// <summary>What is wanted instead, in words.</summary>
    public string Wanted { get; }
}
