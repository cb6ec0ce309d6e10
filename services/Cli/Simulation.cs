using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli;

/// <summary>What <c>--simulate</c> does in the place of a pass. It needs no token and asks DigitalOcean nothing.</summary>
internal static class Simulation
{
    /// <summary>Simulates. The exit code.</summary>
    /// <exception cref="UsageException">It cannot be simulated.</exception>
    public static int Run(PassOptions options) =>
        throw UsageException.For(CommandOptions.Simulate, options.Simulate, "this version cannot simulate yet");
}
