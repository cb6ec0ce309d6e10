namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>What a droplet's plan promises: a good snapshot, every so often.</summary>
/// <param name="Newest">When the plan's newest good snapshot was made, UTC; null where there is none.</param>
/// <param name="Since">
/// From when on the next is waited for, UTC: since the newest, or since the droplet is in the plan, the plan says what it says and nothing is paused, if
/// that is later.
/// </param>
/// <param name="Every">The time between two, by the plan.</param>
public sealed record Promise(DateTimeOffset? Newest, DateTimeOffset Since, TimeSpan Every)
{
    /// <summary>So many times the time between two without a good snapshot are an alarm.</summary>
    public const int Patience = 2;

    /// <summary>When it counts as broken, UTC.</summary>
    public DateTimeOffset BrokenAt => Since + (Patience * Every);

    /// <summary>The promise to a droplet; null where none is made: it is in no plan, it is paused, or its plan takes one in every pass.</summary>
    public static Promise? Of(DropletLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        if (ledger is not { Plan: { } plan, Droplet: { } droplet, Paused: false } || plan.Every.Duration <= TimeSpan.Zero)
        {
            return null;
        }

        var newest = Planning.Members(ledger, plan).Where(s => s.Live && s.ImageId is not null).Max(s => s.CreatedAt);
        return new Promise(
            newest, new[] { newest, droplet.EnrolledAt, droplet.ResumedAt, ledger.PlanFacts?.CheckedSince }.Max()!.Value, plan.Every.Duration);
    }

    /// <summary>How long the next has been waited for, in multiples of the time between two.</summary>
    public double WaitedAt(DateTimeOffset now) => Math.Max(0, (now - Since) / Every);
}
