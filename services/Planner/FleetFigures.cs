using DoSnapshot.Inquiry.Status;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Planner;

/// <summary>A droplet in a plan.</summary>
internal sealed record DropletFigures(string Id, string Name, string Plan, DateTimeOffset? NewestAt, Promise? Promise);

/// <summary>The alarms of one kind that are on for one droplet.</summary>
internal sealed record AlarmFigures(AlarmKind Kind, string Id, string Name, string Plan, DateTimeOffset Since);

/// <summary>What can be counted of a plan's droplets.</summary>
internal sealed record PlanFigures(int Complete, decimal Gigabytes, int Pending, int AtWork, int Leaving, int Held);

/// <summary>The figures of a fleet, as <c>do-snapshot status</c> counts them. A plan's name is empty for droplets in none.</summary>
internal sealed record FleetFigures
{
    public required IReadOnlyList<DropletFigures> Droplets { get; init; }

    public required IReadOnlyDictionary<string, TimeSpan> Every { get; init; }

    public required IReadOnlyDictionary<(string Plan, DropletCondition Condition), int> Conditions { get; init; }

    public required IReadOnlyDictionary<string, PlanFigures> Plans { get; init; }

    public required IReadOnlyDictionary<string, int> Awaiting { get; init; }

    public required IReadOnlyDictionary<string, int> Deferred { get; init; }

    public required IReadOnlyDictionary<(string Plan, string Scope), int> Brakes { get; init; }

    public required int OwedPower { get; init; }

    public required IReadOnlyDictionary<AlarmKind, int> Alarms { get; init; }

    public required IReadOnlyList<AlarmFigures> AlarmsOn { get; init; }

    public static FleetFigures Of(IReadOnlyList<DropletLedger> fleet, FleetStatus status, IReadOnlyList<BrakeInForce> brakes)
    {
        var byId = status.Droplets.ToDictionary(d => d.DropletId);
        var plans = status.Droplets.GroupBy(d => d.Plan ?? "", StringComparer.Ordinal).ToList();
        var named = plans.Select(p => p.Key).Where(p => p.Length > 0).Union(brakes.Select(b => b.Plan), StringComparer.Ordinal).ToList();
        return new FleetFigures
        {
            Droplets =
            [
                .. from ledger in fleet
                   let droplet = byId.GetValueOrDefault(ledger.DropletId)
                   where droplet is { Plan: not null }
                   select new DropletFigures(IdOf(ledger.DropletId), droplet!.Name, droplet.Plan!, droplet.LastGood?.CreatedAt, Promise.Of(ledger)),
            ],
            Every = status.Droplets.Where(d => d is { Plan: not null, Every: not null }).GroupBy(d => d.Plan!, StringComparer.Ordinal)
                .ToDictionary(p => p.Key, p => p.First().Every!.Value, StringComparer.Ordinal),
            Conditions = plans.SelectMany(p => Enum.GetValues<DropletCondition>().Select(c => (p.Key, c, Count: p.Count(d => d.Condition == c))))
                .ToDictionary(c => (c.Key, c.c), c => c.Count),
            Plans = plans.ToDictionary(p => p.Key, Count, StringComparer.Ordinal),
            Awaiting = fleet.SelectMany(l => l.Plan?.Regions ?? []).Concat(status.Droplets.SelectMany(d => d.Transfers).Select(t => t.Region))
                .Distinct(StringComparer.Ordinal)
                .ToDictionary(r => r, r => status.Droplets.Sum(d => d.Transfers.Count(t => string.Equals(t.Region, r, StringComparison.Ordinal))), StringComparer.Ordinal),
            Deferred = new Dictionary<string, int>(StringComparer.Ordinal)
            {
                ["snapshot"] = status.Droplets.Sum(d => d.Pending.Count(p => p.RetryAt is not null)),
                ["transfer"] = status.Droplets.Sum(d => d.Transfers.Count(t => t.RetryAt is not null)),
                ["deletion"] = fleet.Sum(l => l.Snapshots.Count(s => s is { Phase: SnapshotPhase.Expired or SnapshotPhase.Pruning, RetryAt: not null })),
            },
            Brakes = named.SelectMany(p => ((string[])["plan", "droplet"]).Select(s => (Plan: p, Scope: s)))
                .ToDictionary(b => b, b => brakes.Count(i => string.Equals(i.Plan, b.Plan, StringComparison.Ordinal) && ScopeOf(i).Equals(b.Scope, StringComparison.Ordinal))),
            OwedPower = fleet.Count(l => l.Droplet is { OwesPower: true }),
            Alarms = Enum.GetValues<AlarmKind>().ToDictionary(k => k, k => status.Alarms.Count(a => a.Kind == k)),
            AlarmsOn =
            [
                .. from alarm in status.Alarms
                   group alarm by (alarm.Kind, alarm.DropletId) into same
                   let droplet = byId.GetValueOrDefault(same.Key.DropletId)
                   select new AlarmFigures(same.Key.Kind, IdOf(same.Key.DropletId), droplet?.Name ?? "", droplet?.Plan ?? "", same.Min(a => a.Since)),
            ],
        };
    }

    private static PlanFigures Count(IEnumerable<DropletStatus> droplets)
    {
        var all = droplets.ToList();
        return new PlanFigures(
            all.Sum(d => d.Snapshots),
            all.Sum(d => d.Gigabytes),
            all.Sum(d => d.Pending.Count(p => p.Phase is SnapshotPhase.Requested)),
            all.Sum(d => d.Pending.Count(p => p.Phase is not SnapshotPhase.Requested)),
            all.Sum(d => d.Going),
            all.Sum(d => d.Held));
    }

    private static string ScopeOf(BrakeInForce brake) => brake.DropletId is null ? "plan" : "droplet";

    private static string IdOf(long dropletId) => dropletId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
