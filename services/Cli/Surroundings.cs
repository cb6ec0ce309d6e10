using System.CommandLine;

namespace DoSnapshot.Cli;

/// <summary>What a command works with: where it writes, its clock and its environment.</summary>
internal sealed class Surroundings : InvocationConfiguration
{
    /// <summary>Its clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A variable of the environment; null where it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Those of a call.</summary>
    public static Surroundings Of(ParseResult parsed) => parsed.InvocationConfiguration as Surroundings ?? new Surroundings();
}
