namespace DoSnapshot.HttpApi.Shapes;

/// <summary>How the droplets and their snapshots stand, and what runs on the log.</summary>
public sealed record StatusShape
{
    /// <summary>The moment of the answer.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Sums over all droplets.</summary>
    public required CountsShape Counts { get; init; }

    /// <summary>Each brake that is on, in words.</summary>
    public required string[] Brakes { get; init; }

    /// <summary>Each brake that is released and until when, in words: what it held goes.</summary>
    public string[] Releases { get; init; } = [];

    /// <summary>Worst first.</summary>
    public required DropletShape[] Droplets { get; init; }

    /// <summary>What runs on the log.</summary>
    public required RunningShape Running { get; init; }
}

/// <summary>Sums over all droplets.</summary>
public sealed record CountsShape
{
    /// <summary>Droplets.</summary>
    public required int Droplets { get; init; }

    /// <summary>Those to look at.</summary>
    public required int Unwell { get; init; }

    /// <summary>Snapshots.</summary>
    public required int Snapshots { get; init; }

    /// <summary>Their size in GB.</summary>
    public required decimal Gigabytes { get; init; }

    /// <summary>Snapshots asked for.</summary>
    public required int Pending { get; init; }

    /// <summary>Snapshots at work.</summary>
    public required int AtWork { get; init; }

    /// <summary>Copies to come.</summary>
    public required int AwaitingTransfer { get; init; }

    /// <summary>Put off.</summary>
    public required int Deferred { get; init; }

    /// <summary>Snapshots to go.</summary>
    public required int Going { get; init; }

    /// <summary>Snapshots that a guard holds.</summary>
    public required int Held { get; init; }
}

/// <summary>How a droplet stands.</summary>
public sealed record DropletShape
{
    /// <summary>Its id at DigitalOcean.</summary>
    public required long DropletId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its plan; null where it has none.</summary>
    public required string? Plan { get; init; }

    /// <summary>The plans that it is in no more, or that were removed, and whose rules go on for its snapshots; none where they stay as they are.</summary>
    public LeftPlanShape[] LeftPlans { get; init; } = [];

    /// <summary>alarm, trouble, overlap, working, good, paused or unplanned.</summary>
    public required string State { get; init; }

    /// <summary>When the next snapshot is due.</summary>
    public required DateTimeOffset? NextDue { get; init; }

    /// <summary>Its snapshots.</summary>
    public required int Snapshots { get; init; }

    /// <summary>Their size in GB.</summary>
    public required decimal Gigabytes { get; init; }

    /// <summary>Those to go.</summary>
    public required int Going { get; init; }

    /// <summary>Those that a guard holds at this moment: what it holds by a decision that the planner has not come to yet is not counted.</summary>
    public required int Held { get; init; }

    /// <summary>Those that are pinned.</summary>
    public required int Pinned { get; init; }

    /// <summary>Why the last one was given up.</summary>
    public required string? Failure { get; init; }

    /// <summary>The newest that is complete.</summary>
    public required LastGoodShape? LastGood { get; init; }

    /// <summary>Those that are asked for or at work.</summary>
    public required PendingShape[] Pending { get; init; }

    /// <summary>Copies that are to come.</summary>
    public required CopyShape[] Transfers { get; init; }

    /// <summary>What is wrong.</summary>
    public required AlarmShape[] Alarms { get; init; }
}

/// <summary>The newest snapshot that is complete.</summary>
public sealed record LastGoodShape
{
    /// <summary>Its id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its age.</summary>
    public required long AgeSeconds { get; init; }
}

/// <summary>A snapshot that is asked for or at work.</summary>
public sealed record PendingShape
{
    /// <summary>Its id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required string Phase { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Attempts so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>Not tried before.</summary>
    public required DateTimeOffset? RetryAt { get; init; }

    /// <summary>What went wrong last.</summary>
    public required string? Trouble { get; init; }
}

/// <summary>A copy that is to come.</summary>
public sealed record CopyShape
{
    /// <summary>Of this snapshot.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>To this region.</summary>
    public required string Region { get; init; }

    /// <summary>Where it is; null where it is not asked for yet.</summary>
    public required string? Phase { get; init; }

    /// <summary>Not tried before.</summary>
    public required DateTimeOffset? RetryAt { get; init; }

    /// <summary>What went wrong last.</summary>
    public required string? Trouble { get; init; }
}

/// <summary>What is wrong with a droplet.</summary>
public sealed record AlarmShape
{
    /// <summary>Its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>In words.</summary>
    public required string Text { get; init; }
}

/// <summary>What runs on the log.</summary>
public sealed record RunningShape
{
    /// <summary>Who leads.</summary>
    public required LeadShape[] Leads { get; init; }

    /// <summary>Whether somebody decides: a planner leads, or a run of the command is at work.</summary>
    public bool HasPlanner { get; init; } = true;

    /// <summary>Events that are not published yet; null where nothing was ever published.</summary>
    public required long? Behind { get; init; }

    /// <summary>The oldest of them.</summary>
    public required DateTimeOffset? BehindSince { get; init; }

    /// <summary>Why the log cannot be compared with DigitalOcean, as the planner has said last; null where it can.</summary>
    public NotComparedShape? NotCompared { get; init; }

    /// <summary>What is left, for each token.</summary>
    public required RequestsShape[] Requests { get; init; }
}

/// <summary>Why the log cannot be compared with DigitalOcean.</summary>
public sealed record NotComparedShape
{
    /// <summary>In words.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>Who leads in a role.</summary>
public sealed record LeadShape
{
    /// <summary>The role.</summary>
    public required string Role { get; init; }

    /// <summary>Its address.</summary>
    public required string Address { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>What is left of a token's requests.</summary>
public sealed record RequestsShape
{
    /// <summary>Requests in an hour.</summary>
    public required int HourLimit { get; init; }

    /// <summary>Those left.</summary>
    public required int HourLeft { get; init; }

    /// <summary>Requests in a minute.</summary>
    public required int MinuteLimit { get; init; }

    /// <summary>Those left.</summary>
    public required int MinuteLeft { get; init; }

    /// <summary>DigitalOcean takes none before.</summary>
    public required DateTimeOffset? HeldUntil { get; init; }
}
