using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Lives;

/// <summary>What of a life goes its own way, whatever becomes of the rest.</summary>
internal enum Strand
{
    /// <summary>The snapshot, droplet or plan itself.</summary>
    Itself = 0,

    /// <summary>A copy, one for each region.</summary>
    Copy = 1,

    /// <summary>Its end, or the decision of it: no copy is wanted any more.</summary>
    End = 2,

    /// <summary>A pin.</summary>
    Pin = 3,

    /// <summary>A person's wish that what waits is tried at once.</summary>
    Retry = 4,

    /// <summary>A pause.</summary>
    Pause = 5,

    /// <summary>Several plans that claim the droplet.</summary>
    Claims = 6,

    /// <summary>A brake, one for each plan.</summary>
    Brake = 7,

    /// <summary>The power that is owed to a droplet.</summary>
    Power = 8,
}

/// <summary>The turn that a life takes with an event.</summary>
/// <param name="Of">What takes it.</param>
/// <param name="To">How that goes from then on.</param>
internal readonly record struct Turn(Strand Of, LifeCourse To)
{
    /// <summary>The turn that an event is, by its type and what it tells; null for a type that is not known here.</summary>
    public static Turn? Taken(AnyEventShape e) => e.Type switch
    {
        "snapshot_requested" or "snapshot_attempted" or "snapshot_started" => new(Strand.Itself, LifeCourse.Running),
        "snapshot_deferred" => new(Strand.Itself, LifeCourse.PutOff),
        "snapshot_failed" => new(Strand.Itself, Failed(e)),
        "snapshot_completed" or "snapshot_discovered" => new(Strand.Itself, LifeCourse.Done),
        "snapshot_pinned" or "snapshot_unpinned" => new(Strand.Pin, LifeCourse.Done),
        "retry_requested" => new(Strand.Retry, LifeCourse.Running),
        "transfer_requested" or "transfer_attempted" or "transfer_started" => new(Strand.Copy, LifeCourse.Running),
        "transfer_deferred" => new(Strand.Copy, LifeCourse.PutOff),
        "transfer_completed" => new(Strand.Copy, LifeCourse.Done),
        "transfer_failed" => new(Strand.Copy, Failed(e)),
        "expiry_held" => new(Strand.Itself, LifeCourse.Held),
        "expiry_withdrawn" => new(Strand.Itself, LifeCourse.Done),
        "prune_attempted" => new(Strand.Itself, LifeCourse.Running),
        "prune_deferred" => new(Strand.Itself, LifeCourse.PutOff),
        "prune_refused" => new(Strand.Itself, LifeCourse.GivenUp),
        "snapshot_expired" => new(Strand.End, LifeCourse.Running),
        "snapshot_pruned" => new(Strand.End, LifeCourse.Done),
        "snapshot_lost" => new(Strand.End, LifeCourse.Lost),
        "droplet_enrolled" or "droplet_renamed" or "droplet_withdrawn" or "droplets_uncovered" => new(Strand.Itself, LifeCourse.Done),
        "plan_changed" or "plan_removed" or "plans_applied" or "account_bound" => new(Strand.Itself, LifeCourse.Done),
        "droplet_paused" or "plan_paused" => new(Strand.Pause, LifeCourse.Held),
        "droplet_resumed" or "plan_resumed" => new(Strand.Pause, LifeCourse.Done),
        "plans_overlapped" => new(Strand.Claims, LifeCourse.Held),
        "overlap_resolved" => new(Strand.Claims, LifeCourse.Done),
        "brake_applied" => new(Strand.Brake, LifeCourse.Held),
        "brake_released" => new(Strand.Brake, LifeCourse.Done),
        "power_on_owed" or "droplet_shut_down" or "power_off_forced" or "droplet_powered_off" or "power_on_attempted" => new(Strand.Power, LifeCourse.Running),
        "power_on_waived" or "droplet_powered_on" => new(Strand.Power, LifeCourse.Done),
        _ => null,
    };

    private static LifeCourse Failed(AnyEventShape e) => e.Final is true ? LifeCourse.GivenUp : LifeCourse.PutOff;
}
