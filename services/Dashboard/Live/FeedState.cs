using System.Collections.Immutable;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Live;

/// <summary>What is known at a moment, and whether it is still so.</summary>
internal sealed record FeedState
{
    /// <summary>Before anything was heard.</summary>
    public static readonly FeedState Nothing = new();

    /// <summary>How the droplets stand, as last heard; null before that.</summary>
    public StatusShape? Status { get; init; }

    /// <summary>What happened last, newest first.</summary>
    public ImmutableArray<LogEventShape> Recent { get; init; } = [];

    /// <summary>The place in the log of the last event that is known; null before any was heard.</summary>
    public long? Place { get; init; }

    /// <summary>What is wrong with the API, for people; null while it answers.</summary>
    public string? Trouble { get; init; }

    /// <summary>Of what kind that is; null while it answers.</summary>
    public ApiTrouble? TroubleKind { get; init; }

    /// <summary>Since when, UTC.</summary>
    public DateTimeOffset? TroubleSince { get; init; }

    /// <summary>Whether the API knows the caller no more, so that it must sign in again.</summary>
    public bool IsSignedOut { get; init; }

    /// <summary>Goes up where the log is found to be another, such as one that was restored: its places are not those of before.</summary>
    public int Generation { get; init; }

    /// <summary>Goes up with everything that is heard.</summary>
    public long Revision { get; init; }

    /// <summary>The same, where the API answers.</summary>
    public FeedState Well() => this with { Trouble = null, TroubleKind = null, TroubleSince = null, IsSignedOut = false };
}
