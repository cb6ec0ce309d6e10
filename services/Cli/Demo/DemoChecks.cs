using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Cli.Demo;

/// <summary>One thing that must hold at the end.</summary>
/// <param name="What">What, in words, with the figures.</param>
/// <param name="Holds">Whether it does.</param>
internal sealed record DemoCheck(string What, bool Holds);

/// <summary>
/// Holds the outcome against the practice account's own books: what was really made, copied and deleted there, whatever the log believes.
/// </summary>
internal static class DemoChecks
{
    /// <summary>A snapshot may start this much after its occurrence: the pace of deciding, and some for the work.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromMinutes(20);

    public static IReadOnlyList<DemoCheck> Run(
        SandboxState before, SandboxState after, DemoTally tally, DateTimeOffset start, DateTimeOffset end, SandboxCounts calls)
    {
        var made = Made(before, after);
        var foreign = Foreign(before);
        var plan = tally.Fleet[0].Plan!;
        var droplets = before.Droplets.Where(d => d.Tags.Contains(SandboxSeeds.Tag, StringComparer.Ordinal)).ToList();
        return
        [
            .. Schedule(plan, droplets, made, start, end),
            Untouched(foreign, after),
            Deletions(after, tally, calls),
            Regions(plan, droplets, foreign, after),
            SameAsLog(droplets, foreign, after, tally),
            Settled(after, tally),
            new DemoCheck($"transfers asked for {tally.SlowestTransferRequest.TotalSeconds:0.#} s after completion at the latest", tally.SlowestTransferRequest <= TimeSpan.FromSeconds(1)),
        ];
    }

    /// <summary>How many snapshots were made for droplets that had one for the same occurrence already.</summary>
    public static int Doubled(Plan plan, IReadOnlyList<SandboxImage> made) => made
        .GroupBy(i => (i.DropletId, new AnchoredSchedule(plan, i.DropletId).Latest(i.CreatedAt)))
        .Sum(g => g.Count() - 1);

    /// <summary>Every snapshot that came into being during the demo, those that are gone again included.</summary>
    public static IReadOnlyList<SandboxImage> Made(SandboxState before, SandboxState after)
    {
        var old = before.Snapshots.Select(i => i.Id).ToHashSet();
        return [.. after.Snapshots.Concat(after.Deleted.Select(d => d.Snapshot)).Where(i => !old.Contains(i.Id))];
    }

    /// <summary>What was there before and is nobody's business: everything but the tagged droplets' do-snapshot.py snapshots.</summary>
    public static IReadOnlyList<SandboxImage> Foreign(SandboxState before)
    {
        var names = before.Droplets
            .Where(d => d.Tags.Contains(SandboxSeeds.Tag, StringComparer.Ordinal))
            .ToDictionary(d => d.Id, d => $"{d.Name}-autosnapshot-");
        return [.. before.Snapshots.Where(i => !(names.TryGetValue(i.DropletId, out var own) && i.Name.StartsWith(own, StringComparison.Ordinal)))];
    }

    private static IEnumerable<DemoCheck> Schedule(
        Plan plan, IReadOnlyList<SandboxDroplet> droplets, IReadOnlyList<SandboxImage> made, DateTimeOffset start, DateTimeOffset end)
    {
        var missed = 0;
        var late = 0;
        var occurrences = 0;
        foreach (var droplet in droplets)
        {
            var schedule = new AnchoredSchedule(plan, droplet.Id);
            var times = made.Where(i => i.DropletId == droplet.Id).Select(i => i.CreatedAt).ToList();
            for (var occurrence = schedule.Next(start); occurrence < end; occurrence = schedule.Next(occurrence))
            {
                occurrences++;
                var taken = times.Where(t => t >= occurrence && t < occurrence + plan.Every.Duration).ToList();
                missed += taken.Count == 0 ? 1 : 0;
                late += taken.Count > 0 && taken.Min() > occurrence + Punctual ? 1 : 0;
            }
        }

        var doubled = Doubled(plan, made);
        yield return new DemoCheck($"{occurrences} occurrences of {droplets.Count} droplets: {missed} missed, {late} late", missed == 0 && late == 0);
        var early = made.Count(i => new AnchoredSchedule(plan, i.DropletId).Latest(i.CreatedAt) < start);
        yield return new DemoCheck(
            $"{made.Count} snapshots made, {early} of them at once for what was due before, {doubled} doubled", doubled == 0);
    }

    private static DemoCheck Untouched(IReadOnlyList<SandboxImage> foreign, SandboxState after)
    {
        var there = after.Snapshots.Where(i => foreign.Any(f => f.Id == i.Id && Same(f, i))).ToList();
        return new DemoCheck($"{there.Count} of {foreign.Count} foreign snapshots untouched", there.Count == foreign.Count);
    }

    private static bool Same(SandboxImage one, SandboxImage other) =>
        string.Equals(one.Name, other.Name, StringComparison.Ordinal) && one.Regions.SequenceEqual(other.Regions, StringComparer.Ordinal);

    /// <summary>As many deletions at the account as the log has, and each of a snapshot that the log had decided to remove.</summary>
    private static DemoCheck Deletions(SandboxState after, DemoTally tally, SandboxCounts calls)
    {
        var deletes = calls.ByCall.Where(c => c.Key.StartsWith("DELETE", StringComparison.Ordinal)).Sum(c => c.Value);
        return new DemoCheck(
            $"{after.Deleted.Count} deleted there, {tally.Pruned} pruned by the log, {tally.Expired} expired, {deletes} DELETE requests",
            after.Deleted.Count == tally.Pruned && tally.Pruned <= tally.Expired && deletes == tally.Pruned);
    }

    private static DemoCheck Regions(
        Plan plan, IReadOnlyList<SandboxDroplet> droplets, IReadOnlyList<SandboxImage> foreign, SandboxState after)
    {
        var own = Own(droplets, foreign, after);
        var filled = own.Count(i => plan.Regions.All(r => i.Regions.Contains(r, StringComparer.Ordinal)));
        return new DemoCheck($"{filled} of {own.Count} kept snapshots are in {string.Join(", ", plan.Regions)}", filled == own.Count && own.Count > 0);
    }

    private static DemoCheck SameAsLog(
        IReadOnlyList<SandboxDroplet> droplets, IReadOnlyList<SandboxImage> foreign, SandboxState after, DemoTally tally)
    {
        var there = Own(droplets, foreign, after).Select(i => i.Id).ToHashSet();
        var known = tally.Snapshots.Where(s => s.IsComplete).Select(s => s.ImageId!.Value).ToHashSet();
        var lost = known.Except(there).Count() + tally.Lost;
        return new DemoCheck(
            $"the log knows {known.Count} complete snapshots, the account holds {there.Count}: {lost} lost, {there.Except(known).Count()} unknown",
            there.SetEquals(known) && lost == 0);
    }

    private static DemoCheck Settled(SandboxState after, DemoTally tally)
    {
        var open = tally.Snapshots.Count(s => s.Live && !s.IsComplete)
            + tally.Snapshots.Count(s => s.Transfers.Values.Any(t => t.Phase is not TransferPhase.Completed))
            + after.Actions.Count(a => a.Status is SandboxActionStatus.InProgress);
        return new DemoCheck($"{open} left open, {tally.Failed} failed", open == 0 && tally.Failed == 0);
    }

    private static IReadOnlyList<SandboxImage> Own(
        IReadOnlyList<SandboxDroplet> droplets, IReadOnlyList<SandboxImage> foreign, SandboxState after)
    {
        var ids = droplets.Select(d => d.Id).ToHashSet();
        var others = foreign.Select(f => f.Id).ToHashSet();
        return [.. after.Snapshots.Where(i => ids.Contains(i.DropletId) && !others.Contains(i.Id))];
    }
}
