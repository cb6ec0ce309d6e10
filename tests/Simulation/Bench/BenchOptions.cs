namespace DoSnapshot.Simulation.Tests.Bench;

/// <summary>What the command line asks for.</summary>
/// <param name="From">The first seed.</param>
/// <param name="Seeds">How many.</param>
/// <param name="Days">Days of each world.</param>
/// <param name="Droplets">Droplets of each world at its start.</param>
/// <param name="Threads">Worlds at once.</param>
/// <param name="Verbose">Whether everything that happens is printed.</param>
/// <param name="Speed">Whether the time of a world is measured, and not its rightness.</param>
internal sealed record BenchOptions(ulong From, int Seeds, int Days, int Droplets, int Threads, bool Verbose, bool Speed)
{
    /// <summary>Null where no seeds are asked for: then it is the tests that are.</summary>
    public static BenchOptions? TryRead(string[] args)
    {
        if (!args.Any(a => a is "--seed" or "--seeds" or "--speed"))
        {
            return null;
        }

        var one = Value("--seed");
        return new BenchOptions(
            ulong.Parse(one ?? Value("--from") ?? "1"),
            one is null ? int.Parse(Value("--seeds") ?? "21") : 1,
            int.Parse(Value("--days") ?? "30"),
            int.Parse(Value("--droplets") ?? "10"),
            int.Parse(Value("--threads") ?? $"{Environment.ProcessorCount}"),
            args.Contains("--verbose"),
            args.Contains("--speed"));

        string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
    }
}
