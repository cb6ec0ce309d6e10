using System.Globalization;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Questions;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Cli.Manual;

/// <summary>What each command does to what it names. What cannot be found, or may be several things, is wrong usage.</summary>
internal static class ManualActs
{
    /// <summary><c>snapshot DROPLET…</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> SnapshotAsync(IEventLog log, IReadOnlyList<string> droplets, CommandedBy by, CancellationToken ct)
    {
        var fleet = await log.LoadLedgersAsync(null, ct);
        return [.. droplets.Select(text => Subjects.Droplet(fleet, "DROPLET", text)).DistinctBy(l => l.DropletId).Select(ledger =>
        {
            var id = Guid.NewGuid();
            return new ManualAct(
                $"snapshot {Name(ledger)}",
                $"Asked for snapshot {id} of {Name(ledger)}",
                ledger.DropletId,
                l => Commanding.Snapshot(l, id, by),
                Outcome: l => l.Find(id) switch
                {
                    { Phase: SnapshotPhase.Failed } s => new ManualOutcome(false, $"given up: {s.Trouble}"),
                    { ImageId: { } image } => new ManualOutcome(true, $"complete: image {image.ToString(CultureInfo.InvariantCulture)}"),
                    _ => null,
                });
        })];
    }

    /// <summary><c>transfer SNAPSHOT -r REGION…</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> TransferAsync(
        IEventLog log, string snapshot, IReadOnlyList<string> regions, CommandedBy by, CancellationToken ct)
    {
        var s = Subjects.Snapshot(await log.LoadLedgersAsync(null, ct), snapshot);
        return [.. regions.Distinct(StringComparer.Ordinal).Select(region => new ManualAct(
            $"copy {Name(s)} to {region}",
            $"Asked for a copy of {Name(s)} in {region}",
            s.DropletId,
            l => Commanding.Transfer(l, s.SnapshotId, region, by),
            Outcome: l => l.Find(s.SnapshotId) switch
            {
                null or { Live: false } => new ManualOutcome(false, "the snapshot is gone"),
                var now when now.Regions.Contains(region) => new ManualOutcome(true, $"{region} holds it"),
                var now when now.Transfers.GetValueOrDefault(region) is { Phase: TransferPhase.Failed } t => new ManualOutcome(false, $"given up: {t.Trouble}"),
                _ => null,
            }))];
    }

    /// <summary><c>expire SNAPSHOT</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> ExpireAsync(IEventLog log, string snapshot, CommandedBy by, CancellationToken ct)
    {
        var s = Subjects.Snapshot(await log.LoadLedgersAsync(null, ct), snapshot);
        return
        [
            new ManualAct(
                $"remove {Name(s)}",
                $"Asked for the removal of {Name(s)}",
                s.DropletId,
                l => Commanding.Expire(l, s.SnapshotId, by),
                Outcome: l => l.Find(s.SnapshotId) switch
                {
                    null or { Phase: SnapshotPhase.Pruned } => new ManualOutcome(true, "deleted"),
                    { Phase: SnapshotPhase.Lost } => new ManualOutcome(true, "gone, and not by us"),
                    { Phase: SnapshotPhase.Complete } now => new ManualOutcome(
                        false, now.LeftAlone ? $"refused, and left alone: {now.Trouble}" : $"taken back: guard {now.HeldBy} holds it"),
                    _ => null,
                }),
        ];
    }

    /// <summary><c>pin</c> and <c>unpin</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> PinAsync(IEventLog log, string snapshot, bool pin, CommandedBy by, CancellationToken ct)
    {
        var s = Subjects.Snapshot(await log.LoadLedgersAsync(null, ct), snapshot);
        return
        [
            new ManualAct(
                $"{(pin ? "pin" : "unpin")} {Name(s)}",
                pin ? $"Pinned: {Name(s)}. No rule removes it" : $"No longer pinned: {Name(s)}",
                s.DropletId,
                l => pin ? Commanding.Pin(l, s.SnapshotId, by) : Commanding.Unpin(l, s.SnapshotId, by)),
        ];
    }

    /// <summary><c>pause</c> and <c>resume</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> PauseAsync(IEventLog log, string subject, bool pause, CommandedBy by, CancellationToken ct)
    {
        var fleet = await log.LoadLedgersAsync(null, ct);
        var plan = (await log.LoadFleetFactsAsync(ct)).InForce.FirstOrDefault(p => string.Equals(p.Name, subject, StringComparison.Ordinal));
        var droplets = Subjects.Droplets(fleet, subject).Where(l => l.Droplet is not null).ToList();
        if (plan is not null && droplets.Count > 0)
        {
            throw UsageException.For("PLAN|DROPLET", subject, $"there is a plan and a droplet of this name: give the droplet's id ({Listed(droplets.Select(d => d.DropletId))}), or rename the plan");
        }

        var (verb, done) = pause ? ("pause", "Paused") : ("resume", "Goes on");
        if (plan is not null)
        {
            return [new ManualAct($"{verb} plan '{plan.Name}'", $"{done}: plan '{plan.Name}'", null, null, facts => Commanding.PausePlan(facts, plan.Name, pause, by))];
        }

        var droplet = droplets.Count == 0
            ? throw UsageException.For("PLAN|DROPLET", subject, "the log knows no plan in force and no droplet of this name or id")
            : Subjects.Droplet(fleet, "PLAN|DROPLET", subject);
        return [new ManualAct($"{verb} {Name(droplet)}", $"{done}: {Name(droplet)}", droplet.DropletId, l => Commanding.PauseDroplet(l, pause, by))];
    }

    private static string Name(DropletLedger ledger) => $"droplet {ledger.DropletId.ToString(CultureInfo.InvariantCulture)} ('{ledger.Droplet?.Name}')";

    private static string Name(Snapshot s) => $"snapshot {s.SnapshotId} ('{s.Name}')";

    private static string Listed(IEnumerable<long> ids) => string.Join(", ", ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));
}
