using CsCheck;
using DoSnapshot.Retention.Linting;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Retention.Tests;

/// <summary>What lint says of a policy, against what hourly runs over a long time do.</summary>
public sealed class LintPropertyTests
{
    private const int Iterations = 400;

    private static readonly Period Hour = Period.Parse("1h");

    private static readonly Gen<KeepRule> Rule = Gen.Select(
        Gen.Frequency((1, Gen.Const(0)), (6, Gen.Int[1, 100])),
        Gen.Int[0, 200],
        (interval, age) => KeepRule.Parse($"{interval}h:{age}h"));

    private static readonly Gen<(Period Every, RetentionPolicy Policy)> Policies = Gen.Select(
        Gen.Int[1, 30], Rule.Array[0, 4], (every, rules) => (Period.Parse($"{every}h"), new RetentionPolicy(rules)));

    [Fact]
    public void A_rule_gives_exactly_the_spacing_that_lint_says() => Policies.Sample(
        one =>
        {
            Finding.Spacing[] spacings = [.. ExamineForHourlyRuns(one).OfType<Finding.Spacing>()];
            SimulationResult result = Run(one, SimulationTiming.Anchored);

            Assert.All(spacings, spacing =>
            {
                // Those that the rule has passed on to the next, or still holds as the oldest rule: it must have had them to the end. The one
                // of the last run was judged by none.
                DateTimeOffset judged = result.LastRun!.Value - (spacing.NextOlder ?? spacing.Rule).Age.Duration;
                DateTimeOffset[] stayed =
                [
                    .. result.Snapshots.Where(snapshot =>
                        snapshot.Point.CreatedAt <= judged && snapshot.Point.CreatedAt < result.LastRun && Outlived(snapshot, spacing))
                        .Select(snapshot => snapshot.Point.CreatedAt),
                ];
                Assert.True(stayed.Length >= 3, $"{stayed.Length} are too few to tell");
                Assert.All(stayed.Zip(stayed.Skip(1)), pair => Assert.Equal(spacing.Given, pair.Second - pair.First));
            });
        },
        iter: Iterations,
        print: Print);

    [Fact]
    public void By_elapsed_time_it_is_the_same_unless_an_age_is_below_the_time_between_snapshots() => Policies.Sample(
        one =>
        {
            if (one.Policy.Rules.All(rule => rule.Age.Duration >= one.Every.Duration))
            {
                Assert.Equal(
                    Run(one, SimulationTiming.Anchored).Snapshots.AsEnumerable(),
                    Run(one, SimulationTiming.Elapsed).Snapshots.AsEnumerable());
            }
        },
        iter: Iterations,
        print: Print);

    [Fact]
    public void A_policy_keeps_nothing_at_times_exactly_when_lint_says_so_and_for_as_long() => Policies.Sample(
        one =>
        {
            SimulationResult result = Run(one, SimulationTiming.Anchored);
            int without = Enumerable.Range(0, 600)
                .Select(hour => result.LastRun!.Value - TimeSpan.FromHours(hour))
                .Count(run => result.Groups.Sum(group => group.CountOn(run)) == 0);

            Finding.KeepsNothing? finding = ExamineForHourlyRuns(one).OfType<Finding.KeepsNothing>().SingleOrDefault();
            TimeSpan gap = finding?.Gap ?? TimeSpan.Zero;
            double expected = finding is null ? 0 : 600 / finding.Cycle.TotalHours * gap.TotalHours;
            Assert.InRange(without, expected - gap.TotalHours, expected + gap.TotalHours);
        },
        iter: Iterations,
        print: Print);

    [Fact]
    public void The_number_grows_without_end_exactly_when_lint_says_so() => Policies.Sample(
        one =>
        {
            SimulationResult result = Run(one, SimulationTiming.Anchored);
            DateTimeOffset end = result.LastRun!.Value;
            int before = MostLiving(result, end - (result.Terms.Duration.Duration / 2));

            // Of what falls to a rule, or to none yet, there is one more or less from time to time; without end some eleven come in that half.
            int waver = one.Policy.Rules.Length + 1;
            Assert.Equal(Examine(one).OfType<Finding.NoEnd>().Any(), MostLiving(result, end) > before + waver);
        },
        iter: Iterations,
        print: Print);

    [Fact]
    public void Without_the_rules_that_never_apply_everything_is_the_same() => Policies.Sample(
        one =>
        {
            List<KeepRule> rules = [.. one.Policy.Rules];
            foreach (Finding never in Examine(one).Where(found => found is Finding.EqualAge or Finding.NeverReached))
            {
                rules.RemoveAt(rules.LastIndexOf(never.Rules[0]));
            }

            var shorter = new RetentionPolicy(rules);
            Assert.Equal(
                Run(one, SimulationTiming.Anchored).Snapshots.AsEnumerable(),
                Run((one.Every, shorter), SimulationTiming.Anchored).Snapshots.AsEnumerable());
            Assert.Equal(
                shorter.Rules.Where(rule => !rule.KeepsNone).Reverse(),
                Examine((one.Every, shorter)).OfType<Finding.Spacing>().Select(spacing => spacing.Rule));
            Assert.True(shorter.Rules.Count(rule => rule.KeepsNone) <= 1);
        },
        iter: Iterations,
        print: Print);

    /// <summary>Whether neither the rule nor a younger one deleted it: a rule of age zero deletes at the run after its own.</summary>
    private static bool Outlived(SimulatedSnapshot snapshot, Finding.Spacing spacing) => snapshot.Deletion?.Reason switch
    {
        null => true,
        Reason.TooClose close => close.Rule.Age.Duration > spacing.Rule.Age.Duration,
        Reason.IntervalZero zero => zero.Rule.Age.Duration > spacing.Rule.Age.Duration,
        var other => throw new InvalidOperationException($"No reason to delete: {other}"),
    };

    /// <summary>So many lived at once in the 600 hours up to a moment: from one to the next their number goes up and down, by more than it may grow.</summary>
    private static int MostLiving(SimulationResult result, DateTimeOffset until) =>
        Enumerable.Range(0, 600).Max(hour => result.Groups.Sum(group => group.CountOn(until - TimeSpan.FromHours(hour))));

    private static IReadOnlyList<Finding> Examine((Period Every, RetentionPolicy Policy) one) => PolicyLint.Examine(one.Every, one.Policy);

    /// <summary>
    /// Lint speaks of a tool that runs as often as need be. With runs an hour apart a snapshot is judged at an hour's age at the earliest, at the
    /// run after its own: there a rule of age zero is one of an hour's age, unless there is such a one, which then is older and goes first.
    /// </summary>
    private static IReadOnlyList<Finding> ExamineForHourlyRuns((Period Every, RetentionPolicy Policy) one)
    {
        bool hasHour = one.Policy.Rules.Any(rule => rule.Age == Hour);
        KeepRule[] rules =
        [
            .. one.Policy.Rules.Where(rule => rule.Age.Duration > TimeSpan.Zero || !hasHour)
                .Select(rule => rule.Age.Duration > TimeSpan.Zero ? rule : rule with { Age = Hour }),
        ];
        return Examine((one.Every, new RetentionPolicy(rules)));
    }

    private static SimulationResult Run((Period Every, RetentionPolicy Policy) one, SimulationTiming timing) =>
        Simulator.Run(new SimulationTerms
        {
            Every = one.Every,
            Policy = one.Policy,
            Start = SieveCase.Noon,
            Interval = Hour,
            Duration = Period.Parse("3000h"),
            Timing = timing,
        });

    private static string Print((Period Every, RetentionPolicy Policy) one) => $"-s {one.Every}, {one.Policy}";
}
