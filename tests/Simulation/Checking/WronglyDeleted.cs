using DoSnapshot.Contracts;
using DoSnapshot.Sandbox;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>3. Nothing is deleted that the policy keeps, that is pinned, that is not ours, or that a guard protects; and nothing without its intent.</summary>
internal sealed class WronglyDeleted() : Checker(Name)
{
    public const string Name = "3 wrongly deleted";

    /// <summary>How long a request may be on its way, at the most.</summary>
    private static readonly TimeSpan Underway = TimeSpan.FromMinutes(3);

    /// <summary>What was there so short a time ago may have been there when the pruner looked: what it saw may be some minutes old.</summary>
    private static readonly TimeSpan Sight = TimeSpan.FromMinutes(10);

    private readonly List<(Happening.Deleted Deletion, long Droplet, List<long> Newer)> _deletions = [];

    public override void See(Happening happening, Books before)
    {
        switch (happening)
        {
            case Happening.Appended { Event.Data: SnapshotExpired { Origin: Origin.Plan } e } appended:
                Judge(e, appended, before);
                break;
            case Happening.Appended { Event.Data: PruneAttempted e } appended:
                Judge(e, appended, before);
                break;
            case Happening.Deleted deletion:
                Judge(deletion, before);
                break;
            default:
                break;
        }
    }

    public override void End(World world, Books books)
    {
        var state = world.Cloud.Account.State();
        foreach (var (deletion, _, _) in _deletions.Where(d => world.Acts.Foreign.Contains(d.Deletion.ImageId)))
        {
            Violated(deletion.At, $"image {deletion.ImageId} is not ours");
        }

        // What a guard protected by the log is protected in the account, too: something newer must really have been there.
        var goneAt = state.Deleted.ToDictionary(d => d.Snapshot.Id, d => d.At);
        var there = state.Snapshots.Where(i => i.Phase is SandboxImagePhase.Listed).Select(i => i.Id).ToHashSet();
        foreach (var (deletion, droplet, newer) in _deletions)
        {
            if (newer.Count > 0 && !newer.Any(i => there.Contains(i) || (goneAt.TryGetValue(i, out var gone) && gone >= deletion.At - Sight)))
            {
                Violated(deletion.At, $"image {deletion.ImageId} was the last of droplet {droplet} that was really there: {string.Join(", ", newer)} were gone before");
            }
        }
    }

    /// <summary>The planner's decision, on what the log said right before it.</summary>
    private void Judge(SnapshotExpired e, Happening.Appended appended, Books before)
    {
        var shot = before.Shots[e.SnapshotId];
        var plan = before.Plans[e.Plan!];
        // Those that the same decision lets go were judged together with it.
        var complete = before.Of(shot.Droplet, shot.Plan).Where(s => s.Stage is Stage.Complete || (s.Stage is Stage.Going && s.ExpiredIn == appended.Decision)).ToList();
        if (!Terms.LetGo(plan.Name, plan.Terms, shot, complete, e.DecidedAt))
        {
            Violated(appended.At, $"'{shot.Name}' expired, and {string.Join(' ', plan.Terms.Keep)} keeps it");
        }

        if (shot.IsLeftAlone)
        {
            Violated(appended.At, $"'{shot.Name}' expired, and is to be left alone");
        }

        Guard(shot, plan, complete.Where(s => s.Stage is Stage.Complete), before, appended.At, "expired");
    }

    /// <summary>The pruner's decision.</summary>
    private void Judge(PruneAttempted e, Happening.Appended appended, Books before)
    {
        var shot = before.Shots[e.SnapshotId];
        if (shot.Expiry is not { } expiry || shot.Stage is not Stage.Going)
        {
            Violated(appended.At, $"'{shot.Name}' is to be deleted, and has not expired");
            return;
        }

        if (shot.Image != e.ImageId)
        {
            Violated(appended.At, $"'{shot.Name}' is image {shot.Image}, and image {e.ImageId} is to be deleted");
        }

        var complete = before.Of(shot.Droplet, shot.Plan).Where(s => s.Stage is Stage.Complete).ToList();
        if (expiry.Origin is Origin.Plan)
        {
            var plan = before.Plans[shot.Plan!];
            if (!Terms.LetGo(plan.Name, plan.Terms, shot, complete, e.At))
            {
                Violated(appended.At, $"'{shot.Name}' is to be deleted, and {string.Join(' ', plan.Terms.Keep)} keeps it");
            }

            Guard(shot, plan, complete, before, appended.At, "is to be deleted");
        }
        else if (shot.Plan is { } own && before.MachineOf(shot.Droplet).Plan == own && !before.Plans[own].IsRemoved)
        {
            GuardItself(shot, appended.At, "is to be deleted by hand");
            GuardAmong(shot, before.Plans[own].Terms, complete, appended.At, "is to be deleted by hand");
        }
        else
        {
            GuardItself(shot, appended.At, "is to be deleted by hand");
        }
    }

    /// <summary>The effect, in the account.</summary>
    private void Judge(Happening.Deleted deletion, Books before)
    {
        var shot = before.Shots.Values.FirstOrDefault(s => s.Image == deletion.ImageId && s.Intent?.ImageId == deletion.ImageId);
        if (shot?.Intent is not { } intent)
        {
            Violated(deletion.At, $"image {deletion.ImageId} was deleted by {deletion.By} without an intent");
            _deletions.Add((deletion, 0, []));
            return;
        }

        // The intent is stamped by a clock that may be wrong by a minute.
        if (deletion.At > intent.SendBefore + Underway + TimeSpan.FromMinutes(1))
        {
            Violated(deletion.At, $"'{shot.Name}' was deleted long after {intent.SendBefore:HH:mm:ss}, until when it might be");
        }

        var isMember = shot.Plan is not null && (shot.Expiry?.Origin is Origin.Plan || before.MachineOf(shot.Droplet).Plan == shot.Plan);
        _deletions.Add((deletion, shot.Droplet, isMember
            ? [.. before.Of(shot.Droplet, shot.Plan).Where(s => s.Image is not null && s.Image != shot.Image && s.CreatedAt >= shot.CreatedAt).Select(s => s.Image!.Value)]
            : []));
    }

    private void Guard(Shot shot, PlanBooks plan, IEnumerable<Shot> complete, Books before, DateTimeOffset at, string what)
    {
        var machine = before.MachineOf(shot.Droplet);
        var applies = (machine.Plan == plan.Name && !plan.IsRemoved) || plan.Terms.Orphans is OrphanHandling.Apply;
        if (!applies)
        {
            Violated(at, $"'{shot.Name}' {what}, and plan '{plan.Name}' does not apply to droplet {shot.Droplet}");
        }

        if (machine.IsPaused || plan.IsPaused)
        {
            Violated(at, $"'{shot.Name}' {what} in a pause");
        }

        if (machine.IsOverlapped)
        {
            Violated(at, $"'{shot.Name}' {what}, and droplet {shot.Droplet} is in several plans");
        }

        GuardItself(shot, at, what);
        GuardAmong(shot, plan.Terms, [.. complete], at, what);
    }

    private void GuardItself(Shot shot, DateTimeOffset at, string what)
    {
        if (shot.IsPinned)
        {
            Violated(at, $"'{shot.Name}' {what}, and is pinned");
        }

        if (shot.HasCopyAtWork)
        {
            Violated(at, $"'{shot.Name}' {what} while it is copied");
        }
    }

    private void GuardAmong(Shot shot, PlanTerms terms, List<Shot> complete, DateTimeOffset at, string what)
    {
        var others = complete.Where(s => s.Image != shot.Image).DistinctBy(s => s.Image).ToList();
        var newer = others.Where(s => s.CreatedAt > shot.CreatedAt || (s.CreatedAt == shot.CreatedAt && s.Image > shot.Image)).ToList();
        if (newer.Count == 0)
        {
            Violated(at, $"'{shot.Name}' {what}, and is the newest of droplet {shot.Droplet}");
        }

        if (others.Count < terms.KeepAtLeast)
        {
            Violated(at, $"'{shot.Name}' {what}, and leaves {others.Count} of droplet {shot.Droplet}");
        }

        foreach (var region in terms.Regions.Where(r => shot.Regions.Contains(r) && !newer.Exists(s => s.Regions.Contains(r))))
        {
            Violated(at, $"'{shot.Name}' {what}, and is the newest of droplet {shot.Droplet} in {region}");
        }
    }
}
