using static DoSnapshot.Retention.Tests.SieveCase;

namespace DoSnapshot.Retention.Tests;

/// <summary>The sieve without its verdicts: what it says is the same, and what it costs is nothing.</summary>
public sealed class SiftTests
{
    private static readonly RetentionPolicy Stacked = RetentionPolicy.Parse(["3d:1d", "1w:1w", "1m:2m", "0d:6m"]);

    // One every half day, up to nine minutes late, the oldest 200 days old: each rule has its share.
    private static readonly RestorePoint[] FourHundred =
        [.. Enumerable.Range(0, 400).Select(index => new RestorePoint(index, Noon - Hours(12 * (400 - index)) + Seconds(index * 37 % 540)))];

    private static readonly Dictionary<string, RestorePoint[]> Orders = new(StringComparer.Ordinal)
    {
        ["oldest first"] = FourHundred,
        ["newest first"] = [.. FourHundred.Reverse()],
        ["in no order"] = [.. FourHundred.OrderBy(point => point.Id * 7919 % 400)],
        ["ids fall with time"] = [.. FourHundred.Select(point => point with { Id = -point.Id })],
        ["every id twice"] = [.. FourHundred.Select(point => point with { Id = point.Id / 2 })],
        ["none"] = [],
    };

    public static TheoryData<string> OrderNames => new(Orders.Keys);

    public static TheoryData<string> CaseNames => new(SieveCases.All.Keys);

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Rules_as_the_verdicts_say(string name)
    {
        SieveCase one = SieveCases.All[name];

        Assert.Equal(
            Sieve.Judge(one.Input, one.ParsedPolicy, one.Now).Select(verdict => (verdict.Point, verdict.Keep)),
            Sift(one.Input, one.ParsedPolicy, one.Now).Select(ruled => (ruled.Point, ruled.Ruling.Keep)));
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Deletions_are_the_verdicts_that_delete(string name)
    {
        SieveCase one = SieveCases.All[name];

        Assert.Equal(
            Sieve.Judge(one.Input, one.ParsedPolicy, one.Now).Where(verdict => !verdict.Keep), Sieve.Deletions(one.Input, one.ParsedPolicy, one.Now));
    }

    [Fact]
    public void A_ruling_names_the_rule_and_the_neighbour_by_their_places()
    {
        RestorePoint[] points = [new(4, Noon), new(3, Noon - Days(3)), new(2, Noon - Days(4)), new(1, Noon - Days(200))];

        Assert.Equal(
            [new Ruling(false, 0, Ruling.None), new Ruling(true, 3, Ruling.None), new Ruling(false, 3, 1), new Ruling(true, 4, Ruling.None)],
            Sift(points, Stacked, Noon).Select(ruled => ruled.Ruling));
    }

    [Fact]
    public void What_is_behind_the_points_that_count_is_left_alone()
    {
        RestorePoint[] points = [new(1, Noon - Days(2)), new(1, Noon - Days(3))];
        Ruling[] rulings = [default, default, new Ruling(true, 7, 7)];

        Assert.Equal(1, Sieve.Sift(points, Stacked, Noon, rulings));
        Assert.Equal(Noon - Days(3), points[0].CreatedAt);
        Assert.Equal([new Ruling(true, 3, Ruling.None), default, new Ruling(true, 7, 7)], rulings);
    }

    [Theory]
    [MemberData(nameof(OrderNames))]
    public void Allocates_nothing(string order)
    {
        RestorePoint[] given = Orders[order];
        RestorePoint[] room = [.. given];
        var rulings = new Ruling[room.Length];

        Assert.Equal(0, Allocated(() =>
        {
            given.CopyTo(room, 0);
            Sieve.Sift(room, Stacked, Noon, rulings);
        }));
    }

    [Fact]
    public void Allocates_nothing_for_64_rules()
    {
        var policy = RetentionPolicy.Parse(Enumerable.Range(1, 64).Select(day => $"1h:{day}d"));
        RestorePoint[] room = [.. FourHundred];
        var rulings = new Ruling[room.Length];

        Assert.Equal(0, Allocated(() => Sieve.Sift(room, policy, Noon, rulings)));
    }

    [Fact]
    public void Deletions_allocate_nothing_while_nothing_goes()
    {
        RetentionPolicy policy = RetentionPolicy.Parse(["1h:1d", "2h:1w", "3h:1m", "6h:6m"]);

        Assert.Equal(0, Allocated(() => Assert.Same(Array.Empty<Verdict>(), Sieve.Deletions(FourHundred, policy, Noon))));
    }

    [Fact]
    public void Refuses_too_little_room_and_no_policy()
    {
        ArgumentException error = Assert.Throws<ArgumentException>("rulings", () => Sieve.Sift(new RestorePoint[2], Stacked, Noon, new Ruling[1]));
        Assert.StartsWith("There is room for 1 rulings on 2 points.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("policy", () => Sieve.Sift([], null!, Noon, []));
        Assert.Throws<ArgumentNullException>("points", () => Sieve.Deletions(null!, Stacked, Noon));
        Assert.Throws<ArgumentNullException>("policy", () => Sieve.Deletions([], null!, Noon));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(300)]
    public void Any_number_of_rules_will_do(int rules)
    {
        var policy = RetentionPolicy.Parse(Enumerable.Range(1, rules).Select(day => $"1h:{day}d"));
        RestorePoint[] points = [.. Enumerable.Range(1, rules).Select(day => new RestorePoint(day, Noon - Days(day)))];

        Assert.Equal(Enumerable.Range(0, rules), Sift(points, policy, Noon).Select(ruled => ruled.Ruling.Rule));
        Assert.All(Sift(points, policy, Noon), ruled => Assert.Equal((true, Ruling.None), (ruled.Ruling.Keep, ruled.Ruling.LastKept)));
    }

    private static List<(RestorePoint Point, Ruling Ruling)> Sift(RestorePoint[] given, RetentionPolicy policy, DateTimeOffset now)
    {
        RestorePoint[] points = [.. given];
        var rulings = new Ruling[points.Length];
        int count = Sieve.Sift(points, policy, now, rulings);
        return [.. points.Zip(rulings).Take(count)];
    }

    // The least of several: the first makes what is made once, and a collection in between empties the pools.
    private static long Allocated(Action action) => Enumerable.Range(0, 10).Min(_ =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
