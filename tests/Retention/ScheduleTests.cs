namespace DoSnapshot.Retention.Tests;

public sealed class ScheduleTests
{
    private static readonly Dictionary<string, (string? Newest, string Every, string Now, bool Due)> Cases = new(StringComparer.Ordinal)
    {
        ["no snapshot yet"] = (null, "1d", "2026-07-01T12:00:00Z", true),
        ["no snapshot yet and the longest wait"] = (null, "36500d", "2026-07-01T12:00:00Z", true),
        ["exactly old enough"] = ("2026-06-30T12:00:00Z", "1d", "2026-07-01T12:00:00Z", true),
        ["one second short"] = ("2026-06-30T12:00:01Z", "1d", "2026-07-01T12:00:00Z", false),
        ["one second past"] = ("2026-06-30T11:59:59Z", "1d", "2026-07-01T12:00:00Z", true),
        ["the newest's fraction is cut"] = ("2026-06-30T12:00:00.999Z", "1d", "2026-07-01T12:00:00Z", true),
        ["the present's fraction is cut"] = ("2026-06-30T12:00:01Z", "1d", "2026-07-01T12:00:00.999Z", false),
        ["fractions of both are cut"] = ("2026-06-30T12:00:00.900Z", "1d", "2026-07-01T12:00:00.100Z", true),
        ["other offsets"] = ("2026-06-30T14:00:00+02:00", "1d", "2026-07-01T05:00:00-07:00", true),
        ["other offsets, one second short"] = ("2026-06-30T14:00:01+02:00", "1d", "2026-07-01T05:00:00-07:00", false),
        ["in the future"] = ("2026-07-01T12:00:01Z", "1h", "2026-07-01T12:00:00Z", false),
        ["in the future, always due otherwise"] = ("2026-07-01T12:00:01Z", "0h", "2026-07-01T12:00:00Z", false),
        ["this second, always due"] = ("2026-07-01T12:00:00Z", "0h", "2026-07-01T12:00:00Z", true),
        ["a month is 30 days"] = ("2026-02-01T00:00:00Z", "1m", "2026-03-03T00:00:00Z", true),
        ["a calendar month may be too short"] = ("2026-02-01T00:00:00Z", "1m", "2026-03-01T00:00:00Z", false),
    };

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_due_when_the_newest_is_old_enough(string name)
    {
        (string? newest, string every, string now, bool due) = Cases[name];

        Assert.Equal(due, Schedule.IsDue(newest is null ? null : SieveCase.At(newest), Period.Parse(every), SieveCase.At(now)));
    }
}
