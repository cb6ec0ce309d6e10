using DoSnapshot.Cli.Arguments;
using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli.ByApi;

/// <summary>The API did not do what was asked of it. The message is one line for people.</summary>
internal sealed class ApiException : Exception
{
    /// <summary>It is so.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    /// <param name="exitCode">How the command ends: as it does for the same with the log itself.</param>
    public ApiException(string message, int exitCode = ExitCodes.Failed)
        : base(ShownText.Of(message))
    {
        ExitCode = exitCode;
    }

    /// <summary>How the command ends.</summary>
    public int ExitCode { get; }

    /// <summary>Says it. The exit code.</summary>
    /// <param name="errors">Takes it.</param>
    /// <param name="token">The token, which is not shown whoever says it.</param>
    public int Tell(TextWriter errors, string? token)
    {
        errors.WriteLine(Redaction.Mask($"{Usage.Program}: {Message}", token));
        return ExitCode;
    }
}
