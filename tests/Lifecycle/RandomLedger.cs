using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>A plan and a droplet's snapshots, drawn at random, with the plainest possible reading of what may go.</summary>
internal sealed record RandomLedger(string[] Keep, string[] Regions, int KeepAtLeast, bool Anchored, bool Paused, IReadOnlyList<Shot> Shots)
{
    private static readonly string[][] Policies =
    [
        [], ["0h:1d"], ["0h:0h"], ["1d:7d"], ["3d:1d"], ["3d:1d", "1w:1w"], ["1d:1d", "1w:2w", "0h:1m"], ["2d:0h"], ["1w:3d", "0h:20d"],
    ];

    public PlanTerms Terms => World.Terms(
        keep: Keep, regions: Regions, keepAtLeast: KeepAtLeast, timing: Anchored ? PlanTiming.Anchored : PlanTiming.Elapsed, brake: Brake);

    /// <summary>Off, so that what the rules and the guards of each snapshot say can be held against the plainest reading of them.</summary>
    public BrakeSetting Brake { get; init; } = BrakeSetting.Off;

    public static Gen<RandomLedger> Any(params SnapshotPhase[] phases) => Gen.Select(
        Gen.Int[0, Policies.Length - 1],
        Gen.Int[0, 3],
        Gen.Int[0, 3],
        Gen.Bool,
        Gen.Int[0, 9],
        Shot.Any(Gen.Int[0, phases.Length - 1].Select(i => phases[i])).Array[0, 9],
        (policy, regions, keep, anchored, paused, shots) => new RandomLedger(
            Policies[policy],
            regions switch { 0 => [], 1 => ["lon1"], 2 => ["nyc3"], _ => ["lon1", "sfo3"] },
            keep,
            anchored,
            paused == 0,
            [.. shots.Select((shot, i) => shot with { Image = 1001 + i })]));

    public DropletLedger Ledger()
    {
        var ledger = Given.Ledger(Terms, Shots.Select(s => s.State()));
        return Paused ? ledger with { Droplet = Given.Droplet(new DropletPaused(World.Droplet, "ann", "", World.Start)) } : ledger;
    }

    public Shot Of(Guid id) => Shots.Single(s => s.Id == id);

    /// <summary>Whether the rules, read literally, let one go among these.</summary>
    public bool RulesLetGo(Shot shot, IEnumerable<Shot> among)
    {
        if (Rule(shot) is not { } rule)
        {
            return false;
        }

        DateTimeOffset? lastKept = null;
        foreach (var member in among.Where(s => Rule(s) == rule).OrderBy(Slot).ThenBy(s => s.Created).ThenBy(s => s.Image))
        {
            var keep = rule.Interval > TimeSpan.Zero && (lastKept is null || Slot(member) - lastKept >= rule.Interval);
            if (member.Image == shot.Image)
            {
                return !keep;
            }

            lastKept = keep ? Slot(member) : lastKept;
        }

        throw new InvalidOperationException("It is not among them.");
    }

    /// <summary>Whether nothing that must be kept would be lost with one, if these were all that is left.</summary>
    public bool MaySpare(Shot shot, IEnumerable<Shot> left)
    {
        var others = left.Where(s => s.Complete && s.OfPlan && s.Image != shot.Image).ToList();
        var newer = others.Where(s => s.Created > shot.Created || (s.Created == shot.Created && s.Image > shot.Image)).ToList();
        return !shot.Pinned
            && !shot.Transferring
            && newer.Count > 0
            && others.Count >= KeepAtLeast
            && Regions.Intersect(shot.Regions).All(region => newer.Any(s => s.Regions.Contains(region)));
    }

    public override string ToString() =>
        $"keep [{string.Join(' ', Keep)}] regions [{string.Join(' ', Regions)}] at least {KeepAtLeast} anchored {Anchored} paused {Paused}\n"
        + string.Join('\n', Shots.Select(s => $"{s} [{string.Join(' ', s.Regions)}]"));

    private (TimeSpan Interval, TimeSpan Age)? Rule(Shot shot)
    {
        var reached = Keep.Select(text => text.Split(':')).Select(t => (Interval: Length(t[0]), Age: Length(t[1])))
            .Where(rule => rule.Age <= World.Start - shot.Created).OrderByDescending(rule => rule.Age).ToList();
        return reached.Count == 0 ? null : reached[0];
    }

    /// <summary>What its spacing is measured from: the 03:00 that it was made for, or else the nearest.</summary>
    private DateTimeOffset Slot(Shot shot)
    {
        if (!Anchored)
        {
            return shot.Created;
        }

        var day = new DateTimeOffset(shot.Created.UtcDateTime.Date, TimeSpan.Zero).AddHours(3);
        return shot.Occurrence ?? new[] { day.AddDays(-1), day, day.AddDays(1) }.MinBy(at => (shot.Created - at).Duration());
    }

    private static TimeSpan Length(string period) => int.Parse(period[..^1]) * (period[^1] switch
    {
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => TimeSpan.FromDays(30),
    });
}
