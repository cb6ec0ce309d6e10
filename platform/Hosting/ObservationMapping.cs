using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Hosting;

/// <summary>From what DigitalOcean says to what a decision needs.</summary>
public static class ObservationMapping
{
    /// <summary>A listed snapshot.</summary>
    public static ObservedSnapshot Observed(this DropletSnapshot s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return new ObservedSnapshot(s.Id, s.Name, s.DropletId, s.CreatedAt, s.SizeGigabytes, [.. s.Regions]);
    }

    /// <summary>An action.</summary>
    /// <param name="a">The action; one without a start time counts as of <paramref name="otherwise"/>.</param>
    /// <param name="otherwise">The time to take when the action has none.</param>
    public static ObservedAction Observed(this CloudAction a, DateTimeOffset otherwise)
    {
        ArgumentNullException.ThrowIfNull(a);
        return new ObservedAction(a.Id, State(a), a.StartedAt ?? otherwise, a.Region, a.CompletedAt);
    }

    /// <summary>How an action stands; null means that DigitalOcean does not know it.</summary>
    public static ActionState State(this CloudAction? action) => action?.Status switch
    {
        null => ActionState.Missing,
        CloudActionStatus.Completed => ActionState.Completed,
        CloudActionStatus.Errored => ActionState.Errored,
        _ => ActionState.InProgress,
    };

    /// <summary>Whether a droplet runs; null means that DigitalOcean does not know it.</summary>
    public static DropletPower Power(this Droplet? droplet) => droplet?.Status switch
    {
        null => DropletPower.Gone,
        "active" => DropletPower.Active,
        "off" => DropletPower.Off,
        // What is being created neither runs nor is off, and neither is what is archived.
        _ => DropletPower.Unknown,
    };

    /// <summary>What came of a POST.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="now">Counts as the start of an accepted action that does not say when it started.</param>
    public static SendOutcome Outcome(this PostOutcome outcome, DateTimeOffset now) => outcome switch
    {
        PostOutcome.Accepted o => new SendOutcome.Started(o.Action.Id, o.Action.StartedAt ?? now),
        PostOutcome.Busy o => new SendOutcome.NotYet(o.Message),
        PostOutcome.Throttled o => new SendOutcome.NotYet(o.Message, o.RetryAfter),
        PostOutcome.NotSent o => new SendOutcome.NotYet(o.Message),
        // 401, 403 and 404 are also what a wrong or narrowed token gets. Whether the droplet is gone is for reconciliation to find out.
        PostOutcome.Refused o => new SendOutcome.Failed($"DigitalOcean refused ({o.Status}): {o.Message}", Final: false),
        PostOutcome.Unknown o => new SendOutcome.Unknown(o.Message),
        _ => throw new InvalidOperationException($"An outcome without a meaning: {outcome}"),
    };
}
