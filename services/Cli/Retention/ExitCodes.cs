namespace DoSnapshot.Cli.Retention;

/// <summary>How a command ends.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    public const int Found = 1;

    public const int WrongUsage = 2;

    /// <summary>Says what is wrong with an option.</summary>
    public static int Refuse(OptionException e, TextWriter errors)
    {
        errors.WriteLine($"do-snapshot: {e.Message}");
        return WrongUsage;
    }
}
