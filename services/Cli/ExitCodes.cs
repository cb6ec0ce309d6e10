using DoSnapshot.Cli.Arguments;
using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli;

/// <summary>How the command ends.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Something failed at DigitalOcean, or what was examined is not in order.</summary>
    public const int Failed = 1;

    /// <summary>The call is not understood; nothing was done.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ended by SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>Says what is wrong with a call. What was typed in the wrong place may be the token.</summary>
    public static int Refuse(UsageException e, TextWriter errors)
    {
        errors.WriteLine(Redaction.Mask($"{Usage.Program}: {e.Message}"));
        return WrongUsage;
    }
}
