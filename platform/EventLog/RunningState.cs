namespace DoSnapshot.EventLog;

/// <summary>Who leads a role.</summary>
/// <param name="Role">The role: <c>planner</c>, or the follower of a worker.</param>
/// <param name="Address">From where, as PostgreSQL sees it; empty for its own machine's socket.</param>
/// <param name="Since">Since when its session is there, UTC.</param>
public sealed record Lead(string Role, string Address, DateTimeOffset Since);

/// <summary>What is left of a token's requests.</summary>
/// <param name="HourLimit">Requests in an hour.</param>
/// <param name="HourLeft">Of those, not used by anybody.</param>
/// <param name="MinuteLimit">Requests in a minute.</param>
/// <param name="MinuteLeft">Of those, not used by our processes.</param>
/// <param name="HeldUntil">Until when DigitalOcean takes none, after a 429; null when it does.</param>
public sealed record RequestsLeft(int HourLimit, int HourLeft, int MinuteLimit, int MinuteLeft, DateTimeOffset? HeldUntil);

/// <summary>What runs on a log at a moment, as its database shows it.</summary>
/// <param name="Leads">Who leads, by role.</param>
/// <param name="Behind">Events that are committed and not published yet; null where no relay has ever run.</param>
/// <param name="BehindSince">When the oldest of those was committed, UTC; null where there is none.</param>
/// <param name="Requests">What is left of the requests of each token that was used in the last hour.</param>
/// <param name="NotCompared">Why the log cannot be compared with DigitalOcean, as the planner has said last; null where it can, or nobody has tried.</param>
public sealed record RunningState(
    IReadOnlyList<Lead> Leads, long? Behind, DateTimeOffset? BehindSince, IReadOnlyList<RequestsLeft> Requests, NotCompared? NotCompared = null)
{
    /// <summary>Whether somebody decides: a planner, or a run of the command.</summary>
    public bool HasPlanner => PlannerLeads || Leads.Any(l => string.Equals(l.Role, "pass", StringComparison.Ordinal));

    /// <summary>Whether a planner decides, which looks for more than what is due, too.</summary>
    public bool PlannerLeads => Leads.Any(l => string.Equals(l.Role, "planner", StringComparison.Ordinal));
}

/// <summary>Why the log cannot be compared with DigitalOcean.</summary>
/// <param name="Reason">In words.</param>
/// <param name="Since">Since when, UTC.</param>
public sealed record NotCompared(string Reason, DateTimeOffset Since);
