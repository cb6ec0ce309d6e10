using DoSnapshot.Contracts;

namespace DoSnapshot.Inquiry.Histories;

/// <summary>What an event tells of besides whose it is, for programs: what <see cref="EventWords"/> has in a sentence.</summary>
public sealed record EventFacts
{
    private static readonly EventFacts None = new();

    /// <summary>The name of its snapshot; null where the event does not name it.</summary>
    public string? SnapshotName { get; init; }

    /// <summary>The name of its droplet, from then on; null where the event does not name it.</summary>
    public string? DropletName { get; init; }

    /// <summary>The plan that it names; null for none.</summary>
    public string? Plan { get; init; }

    /// <summary>The region of the copy that it is about; null for none.</summary>
    public string? Region { get; init; }

    /// <summary>Whether nothing is tried again by itself; null where nothing failed or was put off.</summary>
    public bool? Final { get; init; }

    /// <summary>When it is tried again, UTC; null where it is not.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The guard that holds, took back or refused a removal; null for none.</summary>
    public Guard? Guard { get; init; }

    /// <summary>Who asked; null where nobody did.</summary>
    public Origin? Origin { get; init; }

    /// <summary>The person who did it; null for nobody.</summary>
    public string? Actor { get; init; }

    /// <summary>Why, as it was given: by that person, by DigitalOcean, or by a decision; null for no reason.</summary>
    public string? Reason { get; init; }

    /// <summary>What an event tells of; nothing of one of a kind that is not known here.</summary>
    public static EventFacts Of(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return OfSnapshot(@event) ?? OfTransfer(@event) ?? OfExpiry(@event) ?? OfDroplet(@event) ?? OfPlan(@event) ?? None;
    }

    private static EventFacts? OfSnapshot(object @event) => @event switch
    {
        SnapshotRequested e => new EventFacts { SnapshotName = e.SnapshotName, DropletName = e.DropletName, Plan = e.Plan, Origin = e.Origin, Actor = e.Actor, Reason = e.Reason },
        SnapshotDeferred e => new EventFacts { Final = false, RetryAt = e.RetryAt, Reason = e.Reason },
        SnapshotFailed e => new EventFacts { Final = e.Final, RetryAt = e.RetryAt, Reason = e.Reason },
        SnapshotDiscovered e => new EventFacts { SnapshotName = e.SnapshotName, DropletName = e.DropletName, Plan = e.Plan },
        SnapshotPinned e => By(e.Actor, e.Reason),
        SnapshotUnpinned e => By(e.Actor, e.Reason),
        RetryRequested e => By(e.Actor, e.Reason),
        _ => null,
    };

    private static EventFacts? OfTransfer(object @event) => @event switch
    {
        TransferRequested e => By(e.Actor, e.Reason) with { Region = e.Region, Origin = e.Origin },
        TransferAttempted e => new EventFacts { Region = e.Region },
        TransferStarted e => new EventFacts { Region = e.Region },
        TransferDeferred e => new EventFacts { Region = e.Region, Final = false, RetryAt = e.RetryAt, Reason = e.Reason },
        TransferCompleted e => new EventFacts { Region = e.Region },
        TransferFailed e => new EventFacts { Region = e.Region, Final = e.Final, RetryAt = e.RetryAt, Reason = e.Reason },
        _ => null,
    };

    private static EventFacts? OfExpiry(object @event) => @event switch
    {
        SnapshotExpired e => By(e.Actor, e.Reason) with { SnapshotName = e.SnapshotName, Plan = e.Plan, Origin = e.Origin },
        ExpiryHeld e => new EventFacts { Guard = e.Guard, Reason = e.Detail },
        ExpiryWithdrawn e => new EventFacts { Guard = e.Guard, Reason = e.Why },
        PruneRefused e => new EventFacts { Guard = e.Guard, Final = true, Reason = e.Detail },
        PruneDeferred e => new EventFacts { Final = false, RetryAt = e.RetryAt, Reason = e.Reason },
        _ => null,
    };

    private static EventFacts? OfDroplet(object @event) => @event switch
    {
        DropletEnrolled e => new EventFacts { DropletName = e.DropletName, Plan = e.Plan },
        DropletRenamed e => new EventFacts { DropletName = e.NewName },
        DropletWithdrawn e => new EventFacts { Plan = e.Plan, Reason = e.Reason },
        DropletPaused e => By(e.Actor, e.Reason),
        DropletResumed e => By(e.Actor, e.Reason),
        PowerOnWaived e => new EventFacts { Reason = e.Reason },
        _ => null,
    };

    private static EventFacts? OfPlan(object @event) => @event switch
    {
        PlanChanged e => By(e.Actor, e.Reason) with { Plan = e.Plan },
        PlanRemoved e => new EventFacts { Plan = e.Plan, Reason = e.Reason },
        PlanPaused e => By(e.Actor, e.Reason) with { Plan = e.Plan },
        PlanResumed e => By(e.Actor, e.Reason) with { Plan = e.Plan },
        BrakeApplied e => new EventFacts { Plan = e.Plan, Guard = Contracts.Guard.Brake, Reason = e.Detail },
        BrakeReleased e => By(e.Actor, e.Reason) with { Plan = e.Plan },
        _ => null,
    };

    private static EventFacts By(string? actor, string? reason) => new() { Actor = actor, Reason = reason };
}
