using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Inquiry.Histories;

/// <summary>What an event says, in a sentence without a full stop, for people. Times are UTC.</summary>
public static class EventWords
{
    private const int MostNamed = 5;

    /// <summary>The sentence; the name of the event's type for one of a kind that is not known here.</summary>
    public static string Of(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return OfSnapshot(@event) ?? OfTransfer(@event) ?? OfExpiry(@event) ?? OfDroplet(@event) ?? OfPower(@event) ?? OfPlan(@event) ?? @event.GetType().Name;
    }

    private static string? OfSnapshot(object @event) => @event switch
    {
        SnapshotRequested { Origin: Origin.Manual } e => $"snapshot '{e.SnapshotName}' of droplet '{e.DropletName}' asked for{By(e.Actor, e.Reason)}",
        SnapshotRequested e => $"snapshot '{e.SnapshotName}' of droplet '{e.DropletName}' asked for by plan '{e.Plan}', version {e.PlanVersion}"
            + (e.Occurrence is { } occurrence ? $", for the occurrence of {Time(occurrence)}" : "")
            + (e.SkippedOccurrences > 0 ? $", standing in for {Number(e.SkippedOccurrences)} that went by" : ""),
        SnapshotAttempted e => $"attempt {Number(e.Attempt)} is about to be sent, until {Time(e.SendBefore)} at the latest",
        SnapshotStarted e => $"DigitalOcean works on it: action {Number(e.ActionId)}{(e.Provisional ? ", found by looking, and ours if its image bears the name" : "")}",
        SnapshotDeferred e => $"put off until {Time(e.RetryAt)}: {e.Reason}",
        SnapshotCompleted e => $"complete: image {Number(e.ImageId)}, made at {Time(e.CreatedAt)}, {Size(e.SizeGigabytes)} in {Listed(e.Regions)}",
        SnapshotFailed { Final: true } e => $"given up: {e.Reason}",
        SnapshotFailed e => $"failed: {e.Reason}{(e.RetryAt is { } retry ? $"; to be tried again from {Time(retry)}" : "")}",
        SnapshotDiscovered e => $"found at DigitalOcean: '{e.SnapshotName}' of droplet '{e.DropletName}', image {Number(e.ImageId)}, made at {Time(e.CreatedAt)}, {Size(e.SizeGigabytes)} in {Listed(e.Regions)}; taken over by plan '{e.Plan}'",
        SnapshotLost e => $"gone, and not by us: image {Number(e.ImageId)} is in no list and answers 404",
        SnapshotPinned e => $"pinned{By(e.Actor, e.Reason)}: no rule removes it",
        SnapshotUnpinned e => $"no longer pinned{By(e.Actor, e.Reason)}",
        RetryRequested e => $"to be tried again at once{By(e.Actor, e.Reason)}",
        _ => null,
    };

    private static string? OfTransfer(object @event) => @event switch
    {
        TransferRequested { Origin: Origin.Manual } e => $"a copy in {e.Region} asked for{By(e.Actor, e.Reason)}",
        TransferRequested e => $"a copy in {e.Region} asked for by the plan",
        TransferAttempted e => $"attempt {Number(e.Attempt)} to copy it to {e.Region} is about to be sent, until {Time(e.SendBefore)} at the latest",
        TransferStarted e => $"DigitalOcean copies it to {e.Region}: action {Number(e.ActionId)}",
        TransferDeferred e => $"the copy to {e.Region} is put off until {Time(e.RetryAt)}: {e.Reason}",
        TransferCompleted e => $"{e.Region} holds it",
        TransferFailed { Final: true } e => $"the copy to {e.Region} is given up: {e.Reason}",
        TransferFailed e => $"the copy to {e.Region} failed: {e.Reason}{(e.RetryAt is { } retry ? $"; to be tried again from {Time(retry)}" : "")}",
        _ => null,
    };

    private static string? OfExpiry(object @event) => @event switch
    {
        SnapshotExpired { Origin: Origin.Manual } e => $"to be removed{By(e.Actor, e.Reason)}",
        SnapshotExpired e => $"to be removed by rule {e.Rule} of plan '{e.Plan}', version {e.PlanVersion}, at an age of {Span(e.Age)}"
            + (e.KeptInstead is { } kept ? $": {Span(kept.Distance)} after '{kept.SnapshotName}', which is kept instead" : ""),
        ExpiryHeld e => $"a rule would remove it, and it is held: {e.Detail}",
        ExpiryWithdrawn e => $"its removal is taken back: {e.Why}",
        PruneAttempted e => $"every guard has passed; image {Number(e.ImageId)} is about to be deleted, attempt {Number(e.Attempt)}, until {Time(e.SendBefore)} at the latest",
        SnapshotPruned e => $"deleted: image {Number(e.ImageId)} is gone",
        PruneRefused e => $"not to be deleted, and left alone from now on: {e.Detail}",
        PruneDeferred e => $"the deletion is put off until {Time(e.RetryAt)}: {e.Reason}",
        _ => null,
    };

    private static string? OfDroplet(object @event) => @event switch
    {
        DropletEnrolled e => $"droplet '{e.DropletName}' joins plan '{e.Plan}'",
        DropletRenamed e => $"the droplet is called '{e.NewName}' now, and was '{e.OldName}'",
        DropletWithdrawn { Reason: Reconciliation.DropletIsNoMore } e => $"the droplet is no more; its plan was '{e.Plan}'",
        DropletWithdrawn { Reason: Reconciliation.DropletIsThere } e => $"the droplet is there after all; its plan was '{e.Plan}'",
        DropletWithdrawn e => $"the droplet leaves plan '{e.Plan}': {e.Reason}",
        DropletPaused e => $"the droplet is paused{By(e.Actor, e.Reason)}: nothing is asked for and nothing expires",
        DropletResumed e => $"the droplet goes on{By(e.Actor, e.Reason)}",
        PlansOverlapped e => $"several plans claim the droplet ({string.Join(", ", e.Plans.Select(p => $"'{p}'"))}): nothing of it expires until one does",
        OverlapResolved => "one plan alone claims the droplet again",
        _ => null,
    };

    private static string? OfPower(object @event) => @event switch
    {
        PowerOnOwed e => $"the droplet is about to be shut down for its snapshot; it is to run again by {Time(e.Deadline)}",
        DropletShutDown => "the droplet is asked to shut down",
        PowerOffForced => "it did not shut down in time: its power is about to be cut",
        DropletPoweredOff e => $"the droplet is off{(e.Forced ? ", its power cut" : "")}",
        PowerOnAttempted e => $"the droplet is about to be powered on, attempt {Number(e.Attempt)}",
        DropletPoweredOn => "the droplet runs again",
        PowerOnWaived e => $"the droplet need not be powered on: {e.Reason}",
        _ => null,
    };

    private static string? OfPlan(object @event) => @event switch
    {
        PlanChanged e => $"plan '{e.Plan}', version {Number(e.Version)}{(e.Actor is null ? "" : By(e.Actor, e.Reason))}: {Terms(e.Terms)}",
        PlanRemoved e => $"plan '{e.Plan}' is removed: {e.Reason}",
        PlansApplied e => $"what {e.Source} states is applied: {(e.Plans.Count == 0 ? "no plan" : $"plans {string.Join(", ", e.Plans.Select(p => $"'{p}'"))}")}",
        PlanPaused e => $"plan '{e.Plan}' is paused{By(e.Actor, e.Reason)}: nothing is asked for and nothing expires",
        PlanResumed e => $"plan '{e.Plan}' goes on{By(e.Actor, e.Reason)}",
        BrakeApplied e => $"the brake is on: {e.Detail}",
        BrakeReleased e => $"the brake is released for a day{By(e.Actor, e.Reason)}",
        AccountBound e => $"the log belongs to the account {e.AccountUuid}",
        DropletsUncovered { Droplets.Count: 0 } => "every droplet with a tag is in a plan, is kept out of one by its tag, or is a node of a Kubernetes cluster",
        DropletsUncovered e => $"in no plan: {string.Join(", ", e.Droplets.Take(MostNamed).Select(d => $"{d.Name} ({Number(d.DropletId)})"))}{More(e.Droplets.Count + e.LeftOut - MostNamed)}",
        _ => null,
    };

    private static string Terms(PlanTerms t) =>
        $"tag '{t.Tag}', every {t.Every}{(t.Timing is PlanTiming.Anchored ? $" at {t.At}" : " after the last")}, "
        + $"{(t.Keep.Count == 0 ? "kept for ever" : $"kept by {string.Join(' ', t.Keep)}")}"
        + (t.Regions.Count == 0 ? "" : $", copied to {Listed(t.Regions)}")
        + (t.Consistency is SnapshotConsistency.PoweredOff ? ", powered off" : "")
        + (t.Brake is BrakeSetting.Off ? ", without a brake" : "")
        + (t.Orphans is OrphanHandling.Apply ? ", orphans too" : "");

    private static string By(string? actor, string? reason) =>
        $" by {(string.IsNullOrWhiteSpace(actor) ? "somebody who is not named" : actor)}{(string.IsNullOrWhiteSpace(reason) ? "" : $" ({reason})")}";

    private static string Listed(IReadOnlyList<string> regions) => regions.Count == 0 ? "no region" : string.Join(", ", regions);

    private static string More(int count) => count > 0 ? $" and {Number(count)} more" : "";

    private static string Size(decimal gigabytes) => string.Create(CultureInfo.InvariantCulture, $"{gigabytes:0.##} GB");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan span) => span.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} d")
        : span.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h")
            : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} min");
}
