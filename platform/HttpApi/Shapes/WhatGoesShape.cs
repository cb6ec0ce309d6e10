namespace DoSnapshot.HttpApi.Shapes;

/// <summary>What a policy would let go in the place of a plan's. The brake is left aside, and told besides.</summary>
public sealed record WhatGoesShape
{
    /// <summary>The plan in whose place it is tried.</summary>
    public required string Plan { get; init; }

    /// <summary>The version of it: what a change is based on.</summary>
    public required int Version { get; init; }

    /// <summary>So many snapshots of the plan there are.</summary>
    public required int Total { get; init; }

    /// <summary>What goes at this moment.</summary>
    public required WhatGoesMomentShape Now { get; init; }

    /// <summary>What goes by the end, that of this moment included.</summary>
    public required WhatGoesMomentShape Later { get; init; }

    /// <summary>The first hundred that go, in the order of time.</summary>
    public required WhatGoesSnapshotShape[] Snapshots { get; init; }

    /// <summary>The brakes that would be on or come on, in words.</summary>
    public required string[] Brakes { get; init; }
}

/// <summary>The plan as it is and the policy that is tried, up to a moment.</summary>
public sealed record WhatGoesMomentShape
{
    /// <summary>The moment.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The plan as it is.</summary>
    public required WhatGoesSideShape Live { get; init; }

    /// <summary>The policy.</summary>
    public required WhatGoesSideShape Tried { get; init; }

    /// <summary>So many of what the policy lets go the brake will hold until somebody has released it.</summary>
    public required int HeldByBrake { get; init; }
}

/// <summary>What one policy lets go up to a moment, of the snapshots that there are.</summary>
public sealed record WhatGoesSideShape
{
    /// <summary>How many.</summary>
    public required int Snapshots { get; init; }

    /// <summary>GB that are freed.</summary>
    public required decimal Gigabytes { get; init; }

    /// <summary>Dollars a month that these cost.</summary>
    public required decimal DollarsPerMonth { get; init; }

    /// <summary>The longest time between two restore points of a droplet that is left; null with less than two of each.</summary>
    public required GapShape? LongestGap { get; init; }
}

/// <summary>A time between two restore points that are next to each other.</summary>
public sealed record GapShape
{
    /// <summary>How long, in seconds.</summary>
    public required long Seconds { get; init; }

    /// <summary>Of this droplet.</summary>
    public required long DropletId { get; init; }

    /// <summary>The droplet's name.</summary>
    public required string DropletName { get; init; }

    /// <summary>When the earlier one was made.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When the later one was made.</summary>
    public required DateTimeOffset To { get; init; }
}

/// <summary>A snapshot that would go.</summary>
public sealed record WhatGoesSnapshotShape
{
    /// <summary>Its id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its droplet.</summary>
    public required long DropletId { get; init; }

    /// <summary>The droplet's name.</summary>
    public required string DropletName { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its size in GB.</summary>
    public required decimal SizeGigabytes { get; init; }

    /// <summary>When its removal is decided.</summary>
    public required DateTimeOffset GoesAt { get; init; }

    /// <summary>By which rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Whether the plan as it is lets it go by the end as well.</summary>
    public required bool GoesAnyway { get; init; }
}
