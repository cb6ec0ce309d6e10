using System.Runtime.CompilerServices;
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

    /// <summary>The brake on the whole plan; null where it never was applied to this version.</summary>
    public Brake? Brake { get; init; }

    /// <summary>When an operator last released the whole plan, UTC: a brake that was on by then is off.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>
    /// Up to here an operator has looked at what goes, UTC: a day from the last release, or less where the plan was changed or resumed before that was over.
    /// </summary>
    public DateTimeOffset? LookedAtUntil { get; init; }

    /// <summary>Since when the plan says what it says and is not paused, UTC: it was to be checked as a whole then.</summary>
    public DateTimeOffset? CheckedSince { get; init; }

    /// <summary>What was read once: a fleet asks for its few plans again with every droplet.</summary>
    private static readonly ConditionalWeakTable<PlanFacts, Plan> Read = [];

    /// <summary>The plan, ready to decide with; null when none was stated.</summary>
    public Plan? ToPlan() => Terms is null ? null : Read.GetValue(this, facts => Plan.From(facts.Name, facts.PlanVersion, facts.Terms!));

    /// <summary>The state after one more event of the stream.</summary>
    public static PlanFacts? Evolve(PlanFacts? state, string stream, object @event)
    {
        var next = (state, @event) switch
        {
            (null, PlanChanged e) => new PlanFacts { Id = stream, Name = e.Plan, PlanVersion = e.Version, Terms = e.Terms, CheckedSince = e.At },
            (null, _) => null,
            // Another version is checked as a whole before anything of it expires, whatever was found and said of the last.
            (_, PlanChanged e) => state.ToBeChecked(e.At) with { PlanVersion = e.Version, Terms = e.Terms, Removed = false, Brake = null },
            (_, PlanRemoved) => state with { Removed = true },
            (_, PlanPaused) => state with { Paused = true },
            (_, PlanResumed e) => state.ToBeChecked(e.At) with { Paused = false },
            (_, BrakeApplied e) => state with { Brake = new Brake(e.PlanVersion ?? state.PlanVersion, e.Detail, e.At) },
            (_, BrakeReleased e) => state with
            {
                Brake = state.Brake is { } brake ? brake with { ReleasedAt = e.At } : null,
                ReleasedAt = e.At,
                LookedAtUntil = e.At + Plans.Brake.ReleaseLasts,
            },
            _ => state,
        };
        return next is null ? null : next with { Version = (state?.Version ?? 0) + 1 };
    }

    private PlanFacts ToBeChecked(DateTimeOffset at) => this with { CheckedSince = at, LookedAtUntil = LookedAtUntil > at ? at : LookedAtUntil };
}
