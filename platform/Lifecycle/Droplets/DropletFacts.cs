using System.Collections.Immutable;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Droplets;

/// <summary>What the log knows about a droplet itself: the fold of its stream.</summary>
public sealed record DropletFacts
{
    /// <summary>So many shutdowns are remembered: as many as a day may have for nothing.</summary>
    internal const int MostShutdowns = 3;

    /// <summary>Key of the stream.</summary>
    public required string Id { get; init; }

    /// <summary>Number of events in the stream.</summary>
    public long Version { get; init; }

    /// <summary>DigitalOcean's id.</summary>
    public required long DropletId { get; init; }

    /// <summary>Its present name.</summary>
    public required string Name { get; init; }

    /// <summary>Every name it ever had, the present one included.</summary>
    public ImmutableSortedSet<string> Names { get; init; } = [];

    /// <summary>The plan it belongs to; null when it was withdrawn.</summary>
    public string? Plan { get; init; }

    /// <summary>The plans that claim it, when they are several; empty otherwise.</summary>
    public ImmutableArray<string> Overlap { get; init; } = [];

    /// <summary>Whether it is paused.</summary>
    public bool Paused { get; init; }

    /// <summary>The last brake on it for each plan that has snapshots of it, by the plan's name.</summary>
    public ImmutableSortedDictionary<string, Brake> Brakes { get; init; } = ImmutableSortedDictionary<string, Brake>.Empty;

    /// <summary>What is owed to it since it was to be shut down for a snapshot; null when nothing is.</summary>
    public PowerDebt? Power { get; init; }

    /// <summary>Whether power is owed to it, so that somebody must follow it.</summary>
    public bool OwesPower { get; init; }

    /// <summary>When it was shut down for snapshots, the last few times, oldest first, UTC. A shutdown that had no effect does not count.</summary>
    public ImmutableArray<DateTimeOffset> Shutdowns { get; init; } = [];

    /// <summary>When it was last resumed, UTC.</summary>
    public DateTimeOffset? ResumedAt { get; init; }

    /// <summary>When it joined its plan, UTC.</summary>
    public DateTimeOffset EnrolledAt { get; init; }

    /// <summary>Documents that were written before it was counted have none.</summary>
    private static ImmutableArray<DateTimeOffset> Past(DropletFacts state) => state.Shutdowns.IsDefault ? [] : state.Shutdowns;

    /// <summary>The state after one more event of the stream.</summary>
    public static DropletFacts? Evolve(DropletFacts? state, string stream, object @event)
    {
        var next = (state, @event) switch
        {
            (null, DropletEnrolled e) => new DropletFacts
            {
                Id = stream,
                DropletId = e.DropletId,
                Name = e.DropletName,
                Names = [e.DropletName],
                Plan = e.Plan,
                EnrolledAt = e.At,
            },
            (null, _) => null,
            (_, DropletEnrolled e) => state with { Name = e.DropletName, Names = state.Names.Add(e.DropletName), Plan = e.Plan, EnrolledAt = e.At },
            (_, DropletRenamed e) => state with { Name = e.NewName, Names = state.Names.Add(e.NewName) },
            (_, DropletWithdrawn) => state with { Plan = null, Overlap = [] },
            (_, PlansOverlapped e) => state with { Overlap = [.. e.Plans] },
            (_, OverlapResolved) => state with { Overlap = [] },
            (_, DropletPaused) => state with { Paused = true },
            (_, DropletResumed e) => state with { Paused = false, ResumedAt = e.At },
            (_, BrakeApplied e) => state with { Brakes = state.Brakes.SetItem(e.Plan, new Brake(e.PlanVersion ?? 0, e.Detail, e.At)) },
            (_, BrakeReleased e) when state.Brakes.TryGetValue(e.Plan, out var brake) =>
                state with { Brakes = state.Brakes.SetItem(e.Plan, brake with { ReleasedAt = e.At }) },
            (_, PowerOnOwed e) => state with
            {
                Power = PowerDebt.Evolve(state.Power, @event),
                Shutdowns = [.. Past(state).TakeLast(MostShutdowns - 1), e.At],
            },
            (_, PowerOnWaived) => state with { Power = null, Shutdowns = [.. Past(state).SkipLast(1)] },
            _ => state with { Power = PowerDebt.Evolve(state.Power, @event) },
        };
        return next is null ? null : next with { Version = (state?.Version ?? 0) + 1, OwesPower = next.Power is not null };
    }
}
