using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>Answers of the API.</summary>
internal static class Sample
{
    public const long Droplet = 41;

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static StatusShape Status(params DropletShape[] droplets) => new()
    {
        At = Now,
        Counts = new CountsShape
        {
            Droplets = droplets.Length,
            Unwell = droplets.Count(d => d.State is "alarm" or "trouble"),
            Snapshots = droplets.Sum(d => d.Snapshots),
            Gigabytes = droplets.Sum(d => d.Gigabytes),
            Pending = 0,
            AtWork = 0,
            AwaitingTransfer = 0,
            Deferred = 0,
            Going = 0,
            Held = 0,
        },
        Brakes = [],
        Droplets = droplets,
        Running = new RunningShape { Leads = [new LeadShape { Role = "planner", Address = "", Since = Now }], Behind = 0, BehindSince = null, Requests = [] },
    };

    public static DropletShape Of(long id, string name, string state = "good", params AlarmShape[] alarms) => new()
    {
        DropletId = id,
        Name = name,
        Plan = "p",
        State = state,
        NextDue = Now.AddHours(3),
        Snapshots = 3,
        Gigabytes = 10m,
        Going = 0,
        Held = 0,
        Pinned = 0,
        Failure = null,
        LastGood = new LastGoodShape { SnapshotId = Guid.NewGuid(), Name = "s", CreatedAt = Now.AddHours(-5), AgeSeconds = 18_000 },
        Pending = [],
        Transfers = [],
        Alarms = alarms,
    };

    public static AlarmShape Alarm(string kind, DateTimeOffset? since = null) => new() { Kind = kind, Since = since ?? Now.AddDays(-1), Text = $"text of {kind}" };

    public static SnapshotShape Snapshot(string name, double hoursAgo, string phase = "complete", string[]? regions = null, string[]? copies = null, string? expiryOrigin = null) => new()
    {
        SnapshotId = Guid.NewGuid(),
        Name = name,
        DropletId = Droplet,
        DropletName = "web-41",
        Plan = "p",
        Origin = "plan",
        Discovered = false,
        RequestedAt = Now.AddHours(-hoursAgo),
        Phase = phase,
        Live = phase is not ("pruned" or "failed" or "lost"),
        Attempts = 1,
        RetryAt = null,
        Trouble = null,
        ActionId = 7,
        ImageId = 8,
        Gigabytes = 2.5m,
        CreatedAt = phase is "failed" or "requested" or "attempted" or "started" ? null : Now.AddHours(-hoursAgo),
        Regions = regions ?? ["nyc3"],
        Transfers = [.. (copies ?? []).Select(r => new TransferShape { Region = r, Phase = "completed", Origin = "plan", RequestedAt = Now, ChangedAt = Now, Attempts = 1, RetryAt = null, ActionId = null, Trouble = null })],
        Pinned = false,
        HeldBy = null,
        LeftAlone = false,
        Expiry = expiryOrigin is null ? null : new ExpiryShape { Origin = expiryOrigin, Rule = expiryOrigin == "plan" ? "0h:3d" : null, PlanVersion = 2, DecidedAt = Now },
        PruneAttempts = 0,
        ChangedAt = Now,
    };

    public static DropletViewShape View(params SnapshotShape[] snapshots) => new()
    {
        At = Now,
        DropletId = Droplet,
        Name = "web-41",
        Paused = false,
        EarlierLeftOut = false,
        Plan = new PlanShape { Name = "p", Version = 2, Tag = "t", Every = "1d", At = "03:00", Timing = "anchored", Keep = ["0h:3d"], Regions = [], KeepAtLeast = 1, Paused = false },
        Slots = [.. Enumerable.Range(0, 3).Select(n => new SlotShape { From = Now.AddDays(n - 3), Until = Now.AddDays(n - 2), State = n == 0 ? "thinned" : "good", SnapshotId = null })],
        Snapshots = snapshots,
    };

    public static ExplanationShape Explanation(SnapshotShape s) => new()
    {
        SnapshotId = s.SnapshotId,
        Name = s.Name,
        DropletId = s.DropletId,
        At = Now,
        Exists = "asked for by plan 'p'",
        Verdict = "kept: far enough",
        Kept = true,
        NextChange = Now.AddDays(2),
        Remarks = ["a remark"],
    };

    public static LogEventShape Event(long sequence, string type = "snapshot_completed", string stream = "snapshot/1", string says = "complete") => new()
    {
        Sequence = sequence,
        Id = Guid.NewGuid(),
        Stream = stream,
        Version = sequence,
        Type = type,
        At = Now,
        DropletId = Droplet,
        SnapshotId = Guid.Empty,
        Says = says,
    };

    public static ForecastShape Forecast(params ForecastSnapshotShape[] snapshots) => new() { At = Now, Until = Now.AddDays(30), Brakes = [], Snapshots = snapshots, LeftOut = 0, Days = [] };

    public static ForecastSnapshotShape Going(string name, DateTimeOffset at) => new()
    {
        SnapshotId = Guid.NewGuid(),
        Name = name,
        DropletId = Droplet,
        DropletName = "web-41",
        Plan = "p",
        CreatedAt = Now.AddDays(-3),
        SizeGigabytes = 2m,
        ToCome = false,
        Held = null,
        Goes = new DepartureShape { At = at, Rule = "0h:3d", PlanVersion = 2, InFavourOf = null, Why = "rule 0h:3d" },
    };

    public static UncoveredShape Uncovered(params (long Id, string Name, string Why, int Snapshots)[] droplets) => new()
    {
        At = Now,
        LeftOut = 0,
        Droplets =
        [
            .. droplets.Select(d => new UncoveredDropletShape
            {
                DropletId = d.Id,
                Name = d.Name,
                Plan = "p",
                Tag = "t",
                Since = Now.AddDays(-d.Id),
                Why = d.Why,
                Snapshots = d.Snapshots,
            }),
        ],
    };

    public static BrakesShape Brakes(params (string Plan, long? Droplet, int Held)[] on) => new()
    {
        At = Now,
        Released = [],
        On =
        [
            .. on.Select(b => new BrakeShape
            {
                Plan = b.Plan,
                DropletId = b.Droplet,
                DropletName = b.Droplet is { } id ? $"web-{id}" : null,
                PlanVersion = 1,
                Since = Now.AddHours(-1),
                Detail = $"{b.Held} of {b.Held + 1} would go within a day",
                Held = [.. Enumerable.Range(1, b.Held).Select(n => new HeldShape { SnapshotId = Guid.NewGuid(), Name = $"held-{n}", DropletId = b.Droplet ?? n, CreatedAt = Now.AddDays(-n), Gigabytes = 2m })],
            }),
        ],
    };
}
