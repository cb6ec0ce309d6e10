namespace DoSnapshot.Cli.Arguments;

/// <summary>The command was called in a way that it does not understand. The message is one line that names option and value.</summary>
internal sealed class UsageException : Exception
{
    public UsageException(string message)
        : base(message)
    {
    }

    /// <summary>An option's value cannot be used.</summary>
    public static UsageException For(OptionSpec option, string? value, string why) => new($"{option.Display} '{value}': {why}");
}
