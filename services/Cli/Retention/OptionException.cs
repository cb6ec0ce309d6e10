namespace DoSnapshot.Cli.Retention;

/// <summary>An option's value cannot be used.</summary>
internal sealed class OptionException : Exception
{
    /// <summary>Names the option and quotes its value.</summary>
    /// <param name="option">The option as messages name it, such as <c>-s/--snapshot</c>.</param>
    /// <param name="value">Its value; null when it is missing.</param>
    /// <param name="why">What is wanted instead.</param>
    public OptionException(string option, string? value, string why)
        : base(value is null ? $"{option}: {why}" : $"{option} '{value}': {why}")
    {
    }
}
