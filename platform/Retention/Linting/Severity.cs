namespace DoSnapshot.Retention.Linting;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Nothing is wrong.</summary>
    Info = 0,

    /// <summary>The policy works, but not quite as its words say.</summary>
    Warning = 1,

    /// <summary>A rule, or the policy as a whole, cannot do what it says.</summary>
    Error = 2,
}
