using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Planner.Plans;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>The plans as the configuration states them, and how it comes to state others.</summary>
internal sealed class PlanBook
{
    public static readonly IReadOnlyList<string> Tags = ["web", "db"];

    private static readonly string[] Everies = ["1d", "1d", "1d", "1d", "12h", "2d"];
    private static readonly string[] Spreads = ["0h", "0h", "1h", "2h"];
    private static readonly string[][] Keeps =
        [["0h:4d"], ["1d:2d", "0d:8d"], ["1d:3d", "1w:6d"], ["2d:3d", "0d:12d"], ["12h:1d", "1d:3d", "0d:10d"], []];
    private static readonly string[][] Regions = [[], ["lon1"], ["lon1"], ["lon1", "sgp1"]];

    private readonly Dice _dice;
    private readonly Dictionary<string, StatedPlan> _all;
    private readonly HashSet<string> _left = [];

    public PlanBook(Dice dice, string name)
    {
        _dice = dice;
        _all = Tags.ToDictionary(tag => tag, tag => new StatedPlan($"{name}-{tag}", Draw(tag)), StringComparer.Ordinal);
    }

    /// <summary>Those that are stated.</summary>
    public IEnumerable<StatedPlan> Stated => Tags.Where(tag => !_left.Contains(tag)).Select(tag => _all[tag]);

    public ConfiguredPlans Configured => new(new PlanSet(Stated), "plans.yaml", onlyWayIn: false, (plan, term) => $"plans.yaml: {plan}: {term}");

    /// <summary>A plan says something else from now on.</summary>
    public string Change()
    {
        var tag = _dice.Pick(Tags);
        var (old, other) = (_all[tag], Draw(tag));
        // Mostly one thing at a time.
        var terms = _dice.Below(5) switch
        {
            0 => old.Terms with { Keep = other.Keep },
            1 => old.Terms with { Regions = other.Regions },
            2 => old.Terms with { Every = other.Every, At = other.At, Spread = other.Spread },
            3 => old.Terms with { KeepAtLeast = other.KeepAtLeast, Brake = other.Brake, Orphans = other.Orphans, Consistency = other.Consistency },
            _ => other,
        };
        _all[tag] = old with { Terms = terms };
        return $"plan '{old.Name}' now says every {terms.Every} at {terms.At} + {terms.Spread}, keep {string.Join(' ', terms.Keep)}, in {string.Join(' ', terms.Regions)}, {terms.Timing}, {terms.Consistency}";
    }

    /// <summary>A slip in a plan's rules: nearly everything is to go.</summary>
    /// <returns>What it says now, and how it is set right.</returns>
    public (string What, Func<string> Mend) Slip()
    {
        var tag = _dice.Pick(Tags);
        var right = _all[tag].Terms.Keep;
        return (Say(["0h:1d"], "by mistake"), () => Say(right, "again"));

        string Say(IReadOnlyList<string> keep, string why)
        {
            _all[tag] = _all[tag] with { Terms = _all[tag].Terms with { Keep = keep } };
            return $"plan '{_all[tag].Name}' now says keep {string.Join(' ', keep)} {why}";
        }
    }

    /// <summary>A plan is stated no more.</summary>
    public void Leave(string tag) => _left.Add(tag);

    /// <summary>All plans are stated again.</summary>
    public bool Return()
    {
        var any = _left.Count > 0;
        _left.Clear();
        return any;
    }

    private PlanTerms Draw(string tag) => new(
        tag,
        $"$droplet-{tag}-",
        _dice.Pick(Everies),
        $"{_dice.Below(24):00}:{_dice.Pick([0, 0, 15, 30]):00}",
        _dice.Pick(Spreads),
        _dice.Pick(Keeps),
        _dice.Pick(Regions),
        _dice.Chance(0.3) ? 2 : 1,
        _dice.Chance(0.12) ? PlanTiming.Elapsed : PlanTiming.Anchored,
        Orphans: _dice.Chance(0.3) ? OrphanHandling.Apply : OrphanHandling.Keep,
        Brake: _dice.Chance(0.25) ? BrakeSetting.Off : BrakeSetting.On,
        Consistency: _dice.Chance(0.2) ? SnapshotConsistency.PoweredOff : SnapshotConsistency.Live,
        ForcePowerOff: _dice.Chance(0.5) ? ForcedPowerOff.AfterGrace : ForcedPowerOff.Never);
}
