using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Plans;

/// <summary>What the log knows about a plan: the fold of its stream.</summary>
public sealed record PlanFacts
{
    /// <summary>Key of the stream.</summary>
    public required string Id { get; init; }

    /// <summary>Number of events in the stream.</summary>
    public long Version { get; init; }

    /// <summary>The plan's name.</summary>
    public required string Name { get; init; }

    /// <summary>The plan's own version, counted by <see cref="PlanChanged"/>.</summary>
    public int PlanVersion { get; init; }

    /// <summary>What it says now.</summary>
    public PlanTerms? Terms { get; init; }

    /// <summary>Whether it is paused.</summary>
    public bool Paused { get; init; }

    /// <summary>Whether it was removed: what it says last counts for what it left behind alone.</summary>
    public bool Removed { get; init; }

    /// <summary>The plan, ready to decide with; null when none was stated.</summary>
    public Plan? ToPlan() => Terms is null ? null : Plan.From(Name, PlanVersion, Terms);

    /// <summary>The state after one more event of the stream.</summary>
    public static PlanFacts? Evolve(PlanFacts? state, string stream, object @event)
    {
        var next = (state, @event) switch
        {
            (null, PlanChanged e) => new PlanFacts { Id = stream, Name = e.Plan, PlanVersion = e.Version, Terms = e.Terms },
            (null, _) => null,
            (_, PlanChanged e) => state with { PlanVersion = e.Version, Terms = e.Terms, Removed = false },
            (_, PlanRemoved) => state with { Removed = true },
            (_, PlanPaused) => state with { Paused = true },
            (_, PlanResumed) => state with { Paused = false },
            _ => state,
        };
        return next is null ? null : next with { Version = (state?.Version ?? 0) + 1 };
    }
}
