
namespace DoSnapshot.Cli.Arguments;

/// <summary>The command was called in a way that it does not understand. The message is one line that names option and value.</summary>
internal sealed class UsageException : Exception
{
    public UsageException(string message)
        : base(ShownText.Of(message))
    {
    }

    /// <summary>An option's value cannot be used.</summary>
    public static UsageException For(OptionSpec option, string? value, string why) => For(option.Display, value, why);

    /// <summary>An option's value cannot be used.</summary>
    /// <param name="option">The option as messages name it, such as <c>-s/--snapshot</c>.</param>
    /// <param name="value">Its value; null when it is missing.</param>
    /// <param name="why">What is wanted instead.</param>
    public static UsageException For(string option, string? value, string why) =>
        new(value is null ? $"{option}: {why}" : $"{option} '{value}': {why}");
}
