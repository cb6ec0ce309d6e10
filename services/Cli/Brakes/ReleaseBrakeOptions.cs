using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Brakes;

/// <summary>What <c>release-brake</c> is to do.</summary>
internal sealed record ReleaseBrakeOptions
{
    /// <summary>The plan to release; null to say which brakes are on.</summary>
    public string? Plan { get; init; }

    /// <summary>The one droplet of it, by id or name; null for the plan as a whole.</summary>
    public string? Droplet { get; init; }

    /// <summary>Whether the plan as a whole is released although the brake is on for single droplets.</summary>
    public bool AllDroplets { get; init; }

    /// <summary>Why it is released, for the log.</summary>
    public string? Reason { get; init; }

    /// <summary>Who releases it, for the log; null where the API knows that.</summary>
    public string? Actor { get; init; }

    /// <summary>Whether the list of brakes is for programs.</summary>
    public bool Json { get; init; }

    /// <summary>Where the log is.</summary>
    public LogPlace? Log { get; init; }

    /// <summary>Whether it only says which brakes are on.</summary>
    public bool Lists => this is { Plan: null, Droplet: null, Reason: null };
}
