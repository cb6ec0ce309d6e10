namespace DoSnapshot.Retention.Tests;

public sealed class SieveTests
{
    public static TheoryData<string> CaseNames => new(SieveCases.All.Keys);

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Gives_the_verdicts_worked_out_by_hand(string name)
    {
        SieveCase one = SieveCases.All[name];

        Assert.Equal(one.Expected(), Judge(one, one.Input));
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Gives_the_same_verdicts_for_the_input_in_other_orders(string name)
    {
        SieveCase one = SieveCases.All[name];
        RestorePoint[] input = one.Input;
        RestorePoint[] turned = [.. input.Skip(input.Length / 2), .. input.Take(input.Length / 2)];
        RestorePoint[] evenBeforeOdd = [.. input.Where((_, index) => index % 2 == 0), .. input.Where((_, index) => index % 2 == 1)];

        Assert.Equal(one.Expected(), Judge(one, [.. input.Reverse()]));
        Assert.Equal(one.Expected(), Judge(one, turned));
        Assert.Equal(one.Expected(), Judge(one, evenBeforeOdd));
    }

    [Fact]
    public void Refuses_to_judge_without_points_or_policy()
    {
        Assert.Throws<ArgumentNullException>("points", () => Sieve.Judge(null!, RetentionPolicy.Empty, SieveCase.Noon));
        Assert.Throws<ArgumentNullException>("policy", () => Sieve.Judge([], null!, SieveCase.Noon));
    }

    [Fact]
    public void A_verdict_holds_the_point_in_utc_and_whole_seconds()
    {
        RestorePoint given = new(7, SieveCase.At("2026-06-30T14:00:00.250+02:00"), SieveCase.At("2026-06-30T13:59:59.750+02:00"));

        RestorePoint judged = Assert.Single(Sieve.Judge([given], RetentionPolicy.Empty, SieveCase.Noon)).Point;

        Assert.Equal(7, judged.Id);
        Assert.True(judged.CreatedAt.EqualsExact(SieveCase.At("2026-06-30T12:00:00Z")));
        Assert.True(judged.Slot.EqualsExact(SieveCase.At("2026-06-30T11:59:59Z")));
    }

    private static IEnumerable<(long Id, bool Keep, Reason Reason)> Judge(SieveCase one, RestorePoint[] input) =>
        Sieve.Judge(input, one.ParsedPolicy, one.Now).Select(verdict => (verdict.Point.Id, verdict.Keep, verdict.Reason));
}
