using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Mutants;

/// <summary>The planner asks for each slot twice, under ids of its own.</summary>
internal sealed class AsksTwice : Mutant
{
    public override ILogTwist? Log(string role, Dice dice) => role == "planner" ? new Twist(dice) : null;

    private sealed class Twist(Dice dice) : ILogTwist
    {
        public IReadOnlyList<NewEvent> Decided(IReadOnlyList<NewEvent> decided) => [.. decided.SelectMany(Twice)];

        private NewEvent[] Twice(NewEvent e)
        {
            if (e.Data is not SnapshotRequested request)
            {
                return [e];
            }

            var id = dice.Guid();
            return [e, NewEvent.Of(id, request with { SnapshotId = id, SnapshotName = request.SnapshotName + "2" })];
        }
    }
}

/// <summary>Nobody sees what is pinned.</summary>
internal sealed class SeesNoPins : Mutant
{
    public override ILogTwist Log(string role, Dice dice) => new Twist();

    private sealed class Twist : ILogTwist
    {
        public DropletLedger Ledger(DropletLedger ledger) => ledger with { Snapshots = [.. ledger.Snapshots.Select(s => s with { Pinned = false })] };
    }
}

/// <summary>Planner and pruner believe in a newer snapshot that there is not.</summary>
internal sealed class BelievesInNewer : Mutant
{
    public override ILogTwist? Log(string role, Dice dice) => role is "planner" or "pruner" ? new Twist() : null;

    private sealed class Twist : ILogTwist
    {
        public DropletLedger Ledger(DropletLedger ledger)
        {
            var newest = ledger.Snapshots.Where(s => s.IsComplete).MaxBy(s => s.CreatedAt);
            return newest is null
                ? ledger
                : ledger with { Snapshots = ledger.Snapshots.Add(newest with { SnapshotId = Guid.Empty, Id = "snapshot/none", ImageId = 1, CreatedAt = newest.CreatedAt!.Value.AddYears(50) }) };
        }
    }
}

/// <summary>The rules seem to keep nothing that is older than a day.</summary>
internal sealed class ReadsRulesWrongly : Mutant
{
    public override ILogTwist? Log(string role, Dice dice) => role is "planner" or "pruner" ? new Twist() : null;

    private sealed class Twist : ILogTwist
    {
        public DropletLedger Ledger(DropletLedger ledger) => Plans.With(ledger, terms => terms with { Keep = ["0h:1d"], Brake = BrakeSetting.Off });
    }
}

/// <summary>There is no brake.</summary>
internal sealed class HasNoBrake : Mutant
{
    public override ILogTwist? Log(string role, Dice dice) => role is "planner" or "pruner" ? new Twist() : null;

    private sealed class Twist : ILogTwist
    {
        public DropletLedger Ledger(DropletLedger ledger) => Plans.With(ledger, terms => terms with { Brake = BrakeSetting.Off });
    }
}

/// <summary>The planner takes some droplets for paused.</summary>
internal sealed class OverlooksDroplets : Mutant
{
    public override ILogTwist? Log(string role, Dice dice) => role == "planner" ? new Twist() : null;

    private sealed class Twist : ILogTwist
    {
        public DropletLedger Ledger(DropletLedger ledger) =>
            ledger.DropletId % 3 == 0 && ledger.Droplet is { } droplet ? ledger with { Droplet = droplet with { Paused = true } } : ledger;
    }
}

/// <summary>The log acknowledges an event and does not keep it.</summary>
internal sealed class Forgets(Type forgotten) : Mutant
{
    public override ILogTwist Log(string role, Dice dice) => new Twist(forgotten);

    private sealed class Twist(Type forgotten) : ILogTwist
    {
        public IReadOnlyList<NewEvent> Forgotten(IReadOnlyList<NewEvent> decided) => decided is [{ Data: var data }] && data.GetType() == forgotten ? decided : [];
    }
}

/// <summary>What the log keeps changes after it was acknowledged.</summary>
internal sealed class ChangesThePast : Mutant
{
    private readonly List<List<string>> _regions = [];

    public override ILogTwist Log(string role, Dice dice) => new Twist(_regions);

    private sealed class Twist(List<List<string>> changed) : ILogTwist
    {
        public IReadOnlyList<NewEvent> Decided(IReadOnlyList<NewEvent> decided)
        {
            changed.ForEach(regions => regions.Add("mars1"));
            changed.Clear();
            return [.. decided.Select(e => e.Data is SnapshotCompleted completed ? e with { Data = completed with { Regions = Watched(completed) } } : e)];
        }

        private List<string> Watched(SnapshotCompleted completed)
        {
            List<string> regions = [.. completed.Regions];
            changed.Add(regions);
            return regions;
        }
    }
}

/// <summary>A ledger in which the plan says something else.</summary>
internal static class Plans
{
    public static DropletLedger With(DropletLedger ledger, Func<PlanTerms, PlanTerms> change) => new(
        ledger.DropletId,
        ledger.Droplet,
        ledger.PlanFacts is { Terms: { } terms } facts ? facts with { Terms = change(terms) } : ledger.PlanFacts,
        ledger.Snapshots,
        ledger.Others);
}
