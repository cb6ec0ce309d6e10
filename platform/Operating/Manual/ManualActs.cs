using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Operating.Manual;

/// <summary>What each command does to what it names. What cannot be found, or may be several things, is a <see cref="SubjectException"/>.</summary>
internal static class ManualActs
{
    /// <summary><c>snapshot DROPLET…</c>.</summary>
    /// <param name="log">The log.</param>
    /// <param name="droplets">Ids or names.</param>
    /// <param name="by">Who and why.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="newId">The new snapshot's id for each droplet; a random one unless it is given.</param>
    public static async Task<IReadOnlyList<ManualAct>> SnapshotAsync(
        IEventLog log, IReadOnlyList<string> droplets, CommandedBy by, CancellationToken ct, Func<long, Guid>? newId = null)
    {
        var meant = new List<FoundDroplet>();
        foreach (var text in droplets)
        {
            meant.Add(await Subjects.DropletAsync(log, "DROPLET", text, ct));
        }

        var acts = new List<ManualAct>();
        foreach (var droplet in meant.Distinct())
        {
            var id = newId?.Invoke(droplet.DropletId) ?? Guid.NewGuid();
            var gone = await WhyGoneAsync(log, droplet, ct);
            acts.Add(new ManualAct(
                $"snapshot {Subjects.Name(droplet)}",
                $"Asked for snapshot {id} of {Subjects.Name(droplet)}",
                droplet.DropletId,
                l => gone is null ? Commanding.Snapshot(l, id, by) : new Commanded([], gone),
                Stream: Streams.OfSnapshot(id),
                Follow: id.ToString(),
                IsIts: e => e is SnapshotRequested,
                Outcome: l => Outcomes.OfSnapshot(l.Find(id))));
        }

        return acts;
    }

    /// <summary>
    /// Of a droplet that was seen to be destroyed nothing can be taken: it would be tried for a day. One that is there again is in its plan again. It is for the act to
    /// refuse: the same command may have asked for it already, when the droplet was there.
    /// </summary>
    private static async Task<string?> WhyGoneAsync(IEventLog log, FoundDroplet droplet, CancellationToken ct)
    {
        var last = (await log.ReadStreamAsync(Streams.OfDroplet(droplet.DropletId), ct)).Select(e => e.Data).LastOrDefault(e => e is DropletWithdrawn or DropletEnrolled);
        return last is DropletWithdrawn { Reason: Reconciliation.DropletIsNoMore } gone
            ? $"it was destroyed, as seen at {Stamp.Of(gone.At)}; its snapshots are there as before"
            : null;
    }

    /// <summary><c>transfer SNAPSHOT -r REGION…</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> TransferAsync(
        IEventLog log, string snapshot, IReadOnlyList<string> regions, CommandedBy by, CancellationToken ct)
    {
        var s = await Subjects.SnapshotAsync(log, snapshot, ct);
        return [.. regions.Distinct(StringComparer.Ordinal).Select(region => new ManualAct(
            $"copy {Name(s)} to {region}",
            $"Asked for a copy of {Name(s)} in {region}",
            s.DropletId,
            l => Commanding.Transfer(l, s.SnapshotId, region, by),
            Stream: s.Id,
            Follow: s.SnapshotId.ToString(),
            IsIts: e => e is TransferRequested t && string.Equals(t.Region, region, StringComparison.Ordinal) && by.Gave(t.Actor, t.Reason, t.RequestedAt),
            Outcome: l => Outcomes.OfTransfer(l.Find(s.SnapshotId), region)))];
    }

    /// <summary><c>expire SNAPSHOT</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> ExpireAsync(IEventLog log, string snapshot, CommandedBy by, CancellationToken ct)
    {
        var s = await Subjects.SnapshotAsync(log, snapshot, ct);
        return
        [
            new ManualAct(
                $"remove {Name(s)}",
                $"Asked for the removal of {Name(s)}",
                s.DropletId,
                l => Commanding.Expire(l, s.SnapshotId, by),
                Stream: s.Id,
                Follow: s.SnapshotId.ToString(),
                IsIts: e => e is SnapshotExpired x && by.Gave(x.Actor, x.Reason, x.DecidedAt),
                Outcome: l => Outcomes.OfExpiry(l.Find(s.SnapshotId))),
        ];
    }

    /// <summary><c>pin</c> and <c>unpin</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> PinAsync(IEventLog log, string snapshot, bool pin, CommandedBy by, CancellationToken ct)
    {
        var s = await Subjects.SnapshotAsync(log, snapshot, ct);
        return
        [
            new ManualAct(
                $"{(pin ? "pin" : "unpin")} {Name(s)}",
                pin ? $"Pinned: {Name(s)}. No rule removes it" : $"No longer pinned: {Name(s)}",
                s.DropletId,
                l => pin ? Commanding.Pin(l, s.SnapshotId, by) : Commanding.Unpin(l, s.SnapshotId, by),
                Stream: s.Id,
                Follow: s.SnapshotId.ToString(),
                IsIts: e => pin
                    ? e is SnapshotPinned p && by.Gave(p.Actor, p.Reason, p.At)
                    : e is SnapshotUnpinned u && by.Gave(u.Actor, u.Reason, u.At)),
        ];
    }

    /// <summary><c>retry SNAPSHOT</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> RetryAsync(IEventLog log, string snapshot, CommandedBy by, CancellationToken ct)
    {
        var s = await Subjects.SnapshotAsync(log, snapshot, ct);
        return
        [
            new ManualAct(
                $"retry {Name(s)}",
                $"To be tried again at once: {Name(s)}",
                s.DropletId,
                l => Commanding.Retry(l, s.SnapshotId, by),
                Stream: s.Id,
                Follow: s.SnapshotId.ToString(),
                IsIts: e => e is RetryRequested r && by.Gave(r.Actor, r.Reason, r.At),
                Outcome: l => Outcomes.OfRetry(l.Find(s.SnapshotId))),
        ];
    }

    /// <summary><c>pause</c> and <c>resume</c>.</summary>
    public static async Task<IReadOnlyList<ManualAct>> PauseAsync(IEventLog log, string subject, bool pause, CommandedBy by, CancellationToken ct)
    {
        var inForce = (await log.LoadFleetFactsAsync(ct)).InForce;
        // No droplet's name has a slash in it: whoever means the plan can say so.
        var meant = inForce.FirstOrDefault(p => string.Equals(p.Id, subject, StringComparison.Ordinal));
        var plan = meant ?? inForce.FirstOrDefault(p => string.Equals(p.Name, subject, StringComparison.Ordinal));
        var droplets = meant is not null ? [] : (await log.FindAsync(subject, ct)).Droplets.Where(d => d.Name is not null).ToList();
        if (plan is not null && droplets.Count > 0)
        {
            throw new SubjectException(
                "PLAN|DROPLET",
                subject,
                SubjectTrouble.Ambiguous,
                $"there is a plan and a droplet of this name: give the droplet's id ({Listed(droplets.Select(d => d.DropletId))}), or {plan.Id} for the plan",
                [$"plan '{plan.Name}'", .. droplets.Select(Subjects.Name)]);
        }

        var (verb, done) = pause ? ("pause", "Paused") : ("resume", "Goes on");
        if (plan is not null)
        {
            return
            [
                new ManualAct(
                    $"{verb} plan '{plan.Name}'",
                    $"{done}: plan '{plan.Name}'",
                    null,
                    null,
                    facts => Commanding.PausePlan(facts, plan.Name, pause, by),
                    Stream: plan.Id,
                    Follow: plan.Name,
                    IsIts: e => pause
                        ? e is PlanPaused p && by.Gave(p.Actor, p.Reason, p.At)
                        : e is PlanResumed r && by.Gave(r.Actor, r.Reason, r.At)),
            ];
        }

        var droplet = droplets.Count == 0
            ? throw SubjectException.Unknown("PLAN|DROPLET", subject, "the log knows no plan in force and no droplet of this name or id")
            : await Subjects.DropletAsync(log, "PLAN|DROPLET", subject, ct);
        return
        [
            new ManualAct(
                $"{verb} {Subjects.Name(droplet)}",
                $"{done}: {Subjects.Name(droplet)}",
                droplet.DropletId,
                l => Commanding.PauseDroplet(l, pause, by),
                Stream: Streams.OfDroplet(droplet.DropletId),
                Follow: droplet.DropletId.ToString(CultureInfo.InvariantCulture),
                IsIts: e => pause
                    ? e is DropletPaused p && by.Gave(p.Actor, p.Reason, p.At)
                    : e is DropletResumed r && by.Gave(r.Actor, r.Reason, r.At)),
        ];
    }

    private static string Name(Snapshot s) => $"snapshot {s.SnapshotId} ('{s.Name}')";

    private static string Listed(IEnumerable<long> ids) => string.Join(", ", ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Whether an event is of this command and no other.</summary>
    internal static bool Gave(this CommandedBy by, string? actor, string? reason, DateTimeOffset at) =>
        by.At == at && string.Equals(by.Actor, actor, StringComparison.Ordinal) && string.Equals(by.Reason, reason, StringComparison.Ordinal);
}
