using DoSnapshot.Sandbox;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Mutants;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>How a world is run, whatever its seed.</summary>
internal sealed record WorldOptions
{
    public int Days { get; init; } = 30;

    public int Droplets { get; init; } = 10;

    /// <summary>Which of several accounts it is, whose ids and plans are to be told apart; the first unless said.</summary>
    public int Account { get; init; }

    /// <summary>In place of the profile that the seed would give.</summary>
    public Func<Dice, Profile>? Profile { get; init; }

    /// <summary>Whether the log's digest is wanted.</summary>
    public bool Digests { get; init; }

    /// <summary>A deliberate bug; null for the product as it is.</summary>
    public Mutant? Mutant { get; init; }

    /// <summary>Takes every happening, line by line.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Sees what a process would have logged.</summary>
    public Action<Exception>? OnTrouble { get; init; }
}

/// <summary>The pace of the account.</summary>
internal static class CloudSettings
{
    public static SandboxSettings Of(Profile profile, Dice dice)
    {
        var settings = new SandboxSettings
        {
            SnapshotDuration = new SandboxDuration(dice.Time(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(5)), TimeSpan.FromSeconds(60)),
            TransferDuration = new SandboxDuration(dice.Time(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)), TimeSpan.FromSeconds(30)),
            ListingLag = dice.Time(TimeSpan.Zero, TimeSpan.FromMinutes(4)),
        };
        return profile.Quota is { } quota ? settings with { HourlyLimit = quota, BurstLimit = quota / 20 } : settings;
    }
}
