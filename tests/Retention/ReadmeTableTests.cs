namespace DoSnapshot.Retention.Tests;

/// <summary>The example of the original's README run pass by pass: <c>-s 1d -k 2w:1w -k 1w:1m --simulate 4h:3m</c>.</summary>
public sealed class ReadmeTableTests
{
    private static readonly string[] Table =
    [
        "2018-10-09", "2018-10-23", "2018-11-06", "2018-11-20", "2018-12-04", "2018-12-18",
        "2018-12-31", "2019-01-01", "2019-01-02", "2019-01-03", "2019-01-04", "2019-01-05", "2019-01-06",
    ];

    [Fact]
    public void Passes_every_four_hours_for_three_months_leave_the_readmes_table()
    {
        RetentionPolicy policy = RetentionPolicy.Parse(["2w:1w", "1w:1m"]);
        DateTimeOffset start = SieveCase.At("2018-10-09T01:47:36Z");

        List<RestorePoint> points = [];
        for (DateTimeOffset now = start; now < start + Period.Parse("3m").Duration; now += Period.Parse("4h").Duration)
        {
            points = Pass(points, policy, now);
        }

        Assert.Equal(Table.Select(day => SieveCase.At($"{day}T01:47:36Z")), points.Select(point => point.CreatedAt));
    }

    private static List<RestorePoint> Pass(List<RestorePoint> points, RetentionPolicy policy, DateTimeOffset now)
    {
        if (Schedule.IsDue(points.Count == 0 ? null : points[^1].CreatedAt, Period.Parse("1d"), now))
        {
            points.Add(new RestorePoint(now.ToUnixTimeSeconds(), now));
        }

        return [.. Sieve.Judge(points, policy, now).Where(verdict => verdict.Keep).Select(verdict => verdict.Point)];
    }
}
