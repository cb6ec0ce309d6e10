using DoSnapshot.Contracts;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>
/// 3, of many at once: what a brake holds is not deleted; and by rule never more goes of a droplet or a plan in a day than half and three, or half and
/// ten, unless an operator has looked.
/// </summary>
internal sealed class BrakePassed() : Checker(Name)
{
    public const string Name = "3 brake passed";

    /// <summary>What the brake counts over, less what clocks may differ.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(23) - TimeSpan.FromMinutes(5);

    /// <summary>A release lasts a day; what went under it counts no more for as long as the window is.</summary>
    private static readonly TimeSpan Looked = TimeSpan.FromHours(48);

    public override void See(Happening happening, Books before)
    {
        switch (happening)
        {
            case Happening.Appended { Event.Data: PruneAttempted e }:
                Judge(happening.At, before.Shots[e.SnapshotId], before);
                break;
            case Happening.Appended { Event.Data: SnapshotExpired { Origin: Origin.Plan } e }:
                Count(happening.At, e, before);
                break;
            default:
                break;
        }
    }

    private void Judge(DateTimeOffset at, Shot shot, Books before)
    {
        if (shot.Expiry is not { Origin: Origin.Plan } || before.Plans[shot.Plan!] is not { Terms.Brake: BrakeSetting.On } plan)
        {
            return;
        }

        var isHeld = plan.IsBraked || (before.MachineOf(shot.Droplet).Brakes.TryGetValue(plan.Name, out var own) && own.Version == plan.Version);
        if (isHeld)
        {
            Violated(at, $"'{shot.Name}' is to be deleted, and the brake is on");
        }
    }

    private void Count(DateTimeOffset at, SnapshotExpired e, Books before)
    {
        var plan = before.Plans[e.Plan!];
        if (plan.Terms.Brake is BrakeSetting.Off || plan.ReleasedAt > at - Looked)
        {
            return;
        }

        var machine = before.MachineOf(e.DropletId);
        if (!(machine.Released.TryGetValue(plan.Name, out var released) && released > at - Looked))
        {
            Weigh(at, $"droplet {e.DropletId}", before.Of(e.DropletId, plan.Name), free: 3);
        }

        // Where one droplet of it was released, what went of it counts for nothing.
        if (!before.Machines.Values.Any(m => m.Released.TryGetValue(plan.Name, out var r) && r > at - Looked))
        {
            Weigh(at, $"plan '{plan.Name}'", before.Shots.Values.Where(s => s.Plan == plan.Name), free: 10);
        }
    }

    /// <summary>With the one that expires just now, which is among the complete ones still.</summary>
    private void Weigh(DateTimeOffset at, string whose, IEnumerable<Shot> shots, int free)
    {
        var (gone, staying) = (1, -1);
        foreach (var shot in shots)
        {
            gone += shot.Expiry is { Origin: Origin.Plan } && shot.Stage is Stage.Going or Stage.Gone && shot.ExpiredAt > at - Window ? 1 : 0;
            staying += shot.Stage is Stage.Complete ? 1 : 0;
        }

        if (gone > free && gone > staying)
        {
            Violated(at, $"{gone} of {gone + staying} snapshots of {whose} go within a day");
        }
    }
}
