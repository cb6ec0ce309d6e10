using DoSnapshot.Contracts;
using DoSnapshot.Simulation.Tests.Checking;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Mutants;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests;

/// <summary>That the checkers see: for each invariant there are deliberate bugs, and each is caught within some seeds, by the invariant's name.</summary>
public sealed class MutantTests
{
    private const int MostSeeds = 15;

    private static readonly Dictionary<string, Func<Mutant>> Mutants = new(StringComparer.Ordinal)
    {
        ["repeats a request whose outcome is unknown"] = () => new RepeatsBlindly(),
        ["asks for a slot twice"] = () => new AsksTwice(),
        ["copies again what may be under way"] = () => new CopiesBlindly(),
        ["overlooks droplets"] = () => new OverlooksDroplets(),
        ["never publishes again"] = () => new NeverSweeps(),
        ["copies nothing"] = () => new CopiesNothing(),
        ["sees no pins"] = () => new SeesNoPins(),
        ["believes in a newer one"] = () => new BelievesInNewer(),
        ["reads the rules wrongly"] = () => new ReadsRulesWrongly(),
        ["deletes what is foreign"] = () => new DeletesForeign(),
        ["deletes without an intent"] = () => new DeletesAtSight(),
        ["forgets its intents"] = () => new Forgets(typeof(PruneAttempted)),
        ["has no brake"] = () => new HasNoBrake(),
        ["forgets what was started"] = () => new Forgets(typeof(SnapshotStarted)),
        ["changes the past"] = () => new ChangesThePast(),
        ["leaves droplets off"] = () => new LeavesOff(),
        ["grants every request"] = () => new GrantsEverything(),
    };

    public static TheoryData<string, string> Caught => new()
    {
        { "repeats a request whose outcome is unknown", Doubled.Name },
        { "asks for a slot twice", Doubled.Name },
        { "copies again what may be under way", Doubled.Name },
        { "overlooks droplets", Fulfilled.Name },
        { "never publishes again", Fulfilled.Name },
        { "copies nothing", Fulfilled.Name },
        { "sees no pins", WronglyDeleted.Name },
        { "believes in a newer one", WronglyDeleted.Name },
        { "reads the rules wrongly", WronglyDeleted.Name },
        { "deletes what is foreign", WronglyDeleted.Name },
        { "deletes without an intent", WronglyDeleted.Name },
        { "has no brake", BrakePassed.Name },
        { "forgets its intents", Remembered.Name },
        { "forgets what was started", Remembered.Name },
        { "changes the past", Remembered.Name },
        { "leaves droplets off", LeftOff.Name },
        { "grants every request", OverQuota.Name },
    };

    [Theory]
    [MemberData(nameof(Caught))]
    public void A_deliberate_bug_is_caught_by_the_checker_of_its_invariant(string mutant, string invariant)
    {
        var found = new List<string>();
        for (var seed = 1UL; seed <= MostSeeds; seed++)
        {
            var violations = Simulation.Run(seed, new WorldOptions { Profile = Rough, Mutant = Mutants[mutant]() }).Violations;
            if (violations.Any(v => v.Invariant == invariant))
            {
                return;
            }

            found.AddRange(violations.Select(v => v.ToString()));
        }

        Assert.Fail($"'{mutant}' was not caught as '{invariant}' in {MostSeeds} seeds; what was: {string.Join('\n', found.Take(5))}");
    }

    [Fact]
    public void The_same_worlds_without_a_bug_have_nothing_to_be_caught()
    {
        var violations = Enumerable.Range(1, 4).SelectMany(seed => Simulation.Run((ulong)seed, new WorldOptions { Profile = Rough }).Violations);
        Assert.Empty(violations);
    }

    /// <summary>A small world in which much goes wrong, and in which requests are scarce.</summary>
    private static Profile Rough(Dice dice) => Profile.Draw(dice, days: 10, droplets: 5) with
    {
        ApiFaults = 0.06,
        Lost = 0.1,
        Crashes = 0.002,
        ActsADay = 5,
        Quota = 300,
        ReconcileEvery = TimeSpan.FromHours(1),
    };
}
