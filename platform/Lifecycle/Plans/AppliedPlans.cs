using System.Collections.Immutable;
using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Plans;

/// <summary>What the configuration stated as plans when it was last brought into the log.</summary>
public sealed record AppliedPlans
{
    /// <summary>Key of the stream.</summary>
    public required string Id { get; init; }

    /// <summary>Number of events in the stream.</summary>
    public long Version { get; init; }

    /// <summary>The hash of what was stated.</summary>
    public required string Hash { get; init; }

    /// <summary>Where it was stated.</summary>
    public required string Source { get; init; }

    /// <summary>The names of the plans that it stated.</summary>
    public ImmutableArray<string> Plans { get; init; } = [];

    /// <summary>Whether the configuration is the only way to change a plan.</summary>
    public bool OnlyWayIn { get; init; }

    /// <summary>The state after one more event of the stream.</summary>
    public static AppliedPlans? Evolve(AppliedPlans? state, string stream, object @event) => @event switch
    {
        PlansApplied e => new AppliedPlans
        {
            Id = stream,
            Hash = e.Hash,
            Source = e.Source,
            Plans = [.. e.Plans],
            OnlyWayIn = e.OnlyWayIn,
            Version = (state?.Version ?? 0) + 1,
        },
        _ => state,
    };
}
