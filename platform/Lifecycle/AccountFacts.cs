using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle;

/// <summary>What the log knows about the DigitalOcean account it belongs to.</summary>
public sealed record AccountFacts
{
    /// <summary>Key of the stream.</summary>
    public required string Id { get; init; }

    /// <summary>Number of events in the stream.</summary>
    public long Version { get; init; }

    /// <summary>The account's uuid.</summary>
    public required string Uuid { get; init; }

    /// <summary>The droplets that no plan covers, as seen last; null before they were looked for.</summary>
    public DropletsUncovered? Uncovered { get; init; }

    /// <summary>The state after one more event of the stream.</summary>
    public static AccountFacts? Evolve(AccountFacts? state, string stream, object @event) => @event switch
    {
        AccountBound e => new AccountFacts { Id = stream, Uuid = e.AccountUuid, Version = (state?.Version ?? 0) + 1 },
        DropletsUncovered e when state is not null => state with { Uncovered = e, Version = state.Version + 1 },
        _ => state,
    };
}
