namespace DoSnapshot.Operating;

/// <summary>What is wrong with what a person named.</summary>
internal enum SubjectTrouble
{
    /// <summary>The log does not know it.</summary>
    Unknown,

    /// <summary>It may be several things.</summary>
    Ambiguous,

    /// <summary>It is no value that can be used.</summary>
    Unusable,
}

/// <summary>What a person named is not there, may be several things, or cannot be used. The message is one line for people.</summary>
internal sealed class SubjectException : Exception
{
    /// <summary>It is so.</summary>
    /// <param name="field">What the value was given for, as the command names it, such as <c>SNAPSHOT</c>; empty where that needs no word.</param>
    /// <param name="value">What was given.</param>
    /// <param name="trouble">What is wrong with it.</param>
    /// <param name="why">That in words.</param>
    /// <param name="candidates">What it may be.</param>
    public SubjectException(string field, string value, SubjectTrouble trouble, string why, IReadOnlyList<string>? candidates = null)
        : base(ShownText.Of(field.Length == 0 ? $"'{value}'{why}" : $"{field} '{value}': {why}"))
    {
        (Field, Value, Trouble, Candidates) = (field, value, trouble, candidates ?? []);
    }

    /// <summary>What the value was given for.</summary>
    public string Field { get; }

    /// <summary>What was given.</summary>
    public string Value { get; }

    /// <summary>What is wrong with it.</summary>
    public SubjectTrouble Trouble { get; }

    /// <summary>What it may be; empty where it is nothing.</summary>
    public IReadOnlyList<string> Candidates { get; }

    /// <summary>The log does not know it.</summary>
    public static SubjectException Unknown(string field, string value, string why) => new(field, value, SubjectTrouble.Unknown, why);
}
