using static DoSnapshot.Retention.Tests.SieveCase;

namespace DoSnapshot.Retention.Tests;

/// <summary>
/// Thirty daily snapshots, each up to half a minute early or late, under <c>-k 1d:7d -k 0d:30d</c>: by occurrences each has its place, by
/// elapsed time every one that is early behind a late one is too close.
/// </summary>
public sealed class AnchoredTests
{
    private static readonly RetentionPolicy Policy = RetentionPolicy.Parse(["1d:7d", "0d:30d"]);
    private static readonly Period Day = Period.Parse("1d");
    private static readonly DateTimeOffset Newest = Noon - Hours(9);

    [Theory]
    [InlineData(30, -30, 19)]
    [InlineData(-30, 30, 19)]
    [InlineData(30, 30, 30)]
    [InlineData(0, 1, 19)]
    public void Early_and_late_by_turns_lose_every_other_one_by_elapsed_time(int even, int odd, int kept)
    {
        // The 23 of day 29 to 7 are judged, 7 are too young. One that is earlier in its day than the one before goes, and the next stays, as
        // it is two days after the last one kept: of 23, 12 stay, whether day 28 is the first late one or day 27 the first that is not early.
        DateTimeOffset[] created = Created(day => day % 2 == 0 ? even : odd);

        Assert.Equal(kept, Kept(created.Select((time, day) => new RestorePoint(-day, time))));
        Assert.Equal(30, KeptByOccurrences(created));
    }

    [Fact]
    public void At_random_elapsed_time_loses_seven_to_ten_as_a_rule_and_occurrences_none()
    {
        var random = new Random(1);
        List<int> elapsed = [];
        for (int round = 0; round < 500; round++)
        {
            DateTimeOffset[] created = Created(_ => random.Next(-30, 31));
            Assert.Equal(30, KeptByOccurrences(created));
            elapsed.Add(Kept(created.Select((time, day) => new RestorePoint(-day, time))));
        }

        Assert.InRange(elapsed.Count(kept => kept is >= 20 and <= 23), 460, 500);
        Assert.True(elapsed.Max() < 30);
    }

    private static DateTimeOffset[] Created(Func<int, int> secondsLate) =>
        [.. Enumerable.Range(0, 30).Select(day => Newest - Days(day) + Seconds(secondsLate(day)))];

    private static int KeptByOccurrences(DateTimeOffset[] created)
    {
        Occurrences occurrences = Occurrences.Through(created, Day);
        return Kept(created.Select((time, day) => new RestorePoint(-day, time, occurrences.Nearest(time))));
    }

    private static int Kept(IEnumerable<RestorePoint> points) => Sieve.Judge([.. points], Policy, Noon).Count(verdict => verdict.Keep);
}
