using CsCheck;

namespace DoSnapshot.Retention.Tests;

public sealed class SievePropertyTests
{
    private const int Iterations = 5_000;

    [Fact]
    public void Agrees_with_the_naive_model_in_every_detail() => Scenario.Any.Sample(
        scenario => Assert.Equal(
            NaiveModel.Judge(scenario.Points, scenario.Rules, scenario.Now),
            scenario.Judge().Select(ModelVerdict.Of)),
        iter: Iterations);

    [Fact]
    public void Does_not_depend_on_the_order_of_its_input() => Scenario.Any
        .SelectMany(scenario => Gen.Shuffle(scenario.Input).Select(shuffled => (scenario, shuffled)))
        .Sample(
            pair => Assert.Equal(pair.scenario.Judge(), Sieve.Judge(pair.shuffled, pair.scenario.Policy, pair.scenario.Now)),
            iter: Iterations);

    [Fact]
    public void Gives_each_id_one_verdict_oldest_first() => Scenario.Any.Sample(
        scenario =>
        {
            RestorePoint[] judged = [.. scenario.Judge().Select(verdict => verdict.Point)];

            Assert.Equal(scenario.Points.Select(point => point.Id).Distinct().Order(), judged.Select(point => point.Id).Order());
            Assert.Equal(judged.OrderBy(point => point.Slot).ThenBy(point => point.CreatedAt).ThenBy(point => point.Id), judged);
            Assert.All(judged, point => Assert.Contains(point, scenario.Input));
        },
        iter: Iterations);

    [Fact]
    public void Deletes_nothing_more_when_it_judges_the_survivors_again() => Scenario.Any.Sample(
        scenario =>
        {
            RestorePoint[] survivors = Survivors(scenario.Judge());

            Assert.Equal(survivors, Survivors(Sieve.Judge(survivors, scenario.Policy, scenario.Now)));
        },
        iter: Iterations);

    [Fact]
    public void Does_not_touch_its_input() => Scenario.Any.Sample(
        scenario =>
        {
            RestorePoint[] given = scenario.Input;
            RestorePoint[] copy = [.. given];
            Sieve.Judge(given, scenario.Policy, scenario.Now);

            Assert.Equal(copy, given);
        },
        iter: Iterations);

    [Fact]
    public void Keeps_something_unless_an_interval_is_zero() => Scenario.Any.Sample(
        scenario => Assert.True(
            scenario.Points.Length == 0 || scenario.Rules.Any(rule => rule.Interval == 0) || scenario.Judge().Any(verdict => verdict.Keep)),
        iter: Iterations);

    [Fact]
    public void Keeps_a_survivor_of_elapsed_spacing_until_its_next_change() => Scenario.Elapsed
        .SelectMany(scenario => Gen.Int[0, 400].Select(hours => (scenario, later: scenario.Now + TimeSpan.FromHours(hours))))
        .Sample(
            pair =>
            {
                IReadOnlyList<Verdict> before = [.. pair.scenario.Judge().Where(verdict => verdict.Keep)];
                RestorePoint[] survivors = Survivors(before);
                HashSet<long> kept = [.. Survivors(Sieve.Judge(survivors, pair.scenario.Policy, pair.later)).Select(point => point.Id)];

                Assert.All(
                    before.Where(verdict => verdict.NextChange is null || verdict.NextChange > pair.later),
                    verdict => Assert.Contains(verdict.Point.Id, kept));
            },
            iter: Iterations);

    [Fact]
    public void A_point_falls_to_another_rule_at_its_next_change_and_not_a_second_before() => Scenario.Any.Sample(
        scenario => Assert.All(
            scenario.Judge().Where(verdict => verdict.NextChange is not null),
            verdict =>
            {
                DateTimeOffset change = verdict.NextChange!.Value;
                Assert.Equal(RuleOf(verdict), RuleOf(Alone(verdict.Point, scenario, change - TimeSpan.FromSeconds(1))));
                Assert.NotEqual(RuleOf(verdict), RuleOf(Alone(verdict.Point, scenario, change)));
            }),
        iter: Iterations / 2);

    private static RestorePoint[] Survivors(IReadOnlyList<Verdict> verdicts) =>
        [.. verdicts.Where(verdict => verdict.Keep).Select(verdict => verdict.Point)];

    private static Verdict Alone(RestorePoint point, Scenario scenario, DateTimeOffset now) =>
        Assert.Single(Sieve.Judge([point], scenario.Policy, now));

    private static KeepRule? RuleOf(Verdict verdict) => verdict.Reason switch
    {
        Reason.FirstOfGroup first => first.Rule,
        Reason.FarEnough far => far.Rule,
        Reason.IntervalZero zero => zero.Rule,
        Reason.TooClose close => close.Rule,
        _ => null,
    };
}
