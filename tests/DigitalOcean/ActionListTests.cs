using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class ActionListTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Reading_stops_at_the_first_page_that_is_older_as_a_whole()
    {
        using var rig = new Rig(
            Page((9, "2026-03-01T12:30:00Z"), (8, "2026-03-01T12:10:00Z")),
            Page((7, "2026-03-01T11:59:59Z"), (6, "2026-03-01T12:00:00Z")),
            Page((5, "2026-03-01T11:00:00Z"), (4, "2026-03-01T10:00:00Z")),
            Page((3, "2026-03-01T13:00:00Z")));

        Assert.Equal([9, 8, 6], await ListIdsAsync(rig, Noon));
        Assert.Equal(3, rig.Api.Sent.Count);
    }

    /// <summary>A start time, how far back is asked for, and whether the action is in the list.</summary>
    private static readonly Dictionary<string, (string? StartedAt, DateTimeOffset BackTo, bool Listed)> Bounds = new(StringComparer.Ordinal)
    {
        ["later"] = ("2026-03-01T12:00:01Z", Noon, true),
        ["at the bound"] = ("2026-03-01T12:00:00Z", Noon, true),
        ["in the second of the bound, whose fraction is not told"] = ("2026-03-01T12:00:00Z", Noon.AddMilliseconds(900), true),
        ["the second before"] = ("2026-03-01T11:59:59Z", Noon.AddMilliseconds(900), false),
        ["in another offset"] = ("2026-03-01T14:00:00+02:00", Noon, true),
        ["bound in another offset"] = ("2026-03-01T11:59:59Z", Noon.ToOffset(TimeSpan.FromHours(5)), false),
        ["no start time"] = (null, Noon, true),
        ["from the beginning"] = ("2013-01-01T00:00:00Z", DateTimeOffset.MinValue, true),
    };

    public static TheoryData<string> BoundNames => [.. Bounds.Keys];

    [Theory]
    [MemberData(nameof(BoundNames))]
    public async Task Actions_are_listed_from_the_second_of_the_bound_on(string name)
    {
        var (startedAt, backTo, listed) = Bounds[name];
        using var rig = new Rig(Page((1, startedAt)), Replies.Json("""{"actions":[],"links":{}}"""));

        Assert.Equal(listed ? [1] : [], await ListIdsAsync(rig, backTo));
    }

    [Fact]
    public async Task Of_one_droplet_a_list_that_runs_from_old_to_new_is_read_to_its_end()
    {
        using var rig = new Rig(
            Page((1, "2026-03-01T09:00:00Z"), (2, "2026-03-01T10:00:00Z")),
            Page((3, "2026-03-01T11:00:00Z")),
            Replies.Json("""{"actions":[{"id":4,"status":"completed","started_at":"2026-03-01T12:30:00Z"}],"links":{}}"""));

        Assert.Equal([4], (await rig.Client.ListDropletActionsAsync(9, Noon, Rig.Ct)).Select(action => action.Id));
    }

    [Fact]
    public async Task Of_one_droplet_reading_stops_at_a_page_that_is_older_and_runs_from_new_to_old()
    {
        using var rig = new Rig(
            Page((4, "2026-03-01T12:30:00Z"), (3, "2026-03-01T11:00:00Z")),
            Page((2, "2026-03-01T10:00:00Z"), (1, "2026-03-01T09:00:00Z")));

        Assert.Equal([4], (await rig.Client.ListDropletActionsAsync(9, Noon, Rig.Ct)).Select(action => action.Id));
        Assert.Equal(2, rig.Api.Sent.Count);
    }

    private static async Task<List<long>> ListIdsAsync(Rig rig, DateTimeOffset backTo) =>
        [.. (await rig.Client.ListActionsAsync(backTo, Rig.Ct)).Select(action => action.Id)];

    private static Reply Page(params (long Id, string? StartedAt)[] actions)
    {
        var rows = actions.Select(action => action.StartedAt is null
            ? $$"""{"id":{{action.Id}},"status":"completed"}"""
            : $$"""{"id":{{action.Id}},"status":"completed","started_at":"{{action.StartedAt}}"}""");
        return Replies.Json("{\"actions\":[" + string.Join(',', rows) + "],\"links\":{\"pages\":{\"next\":\"n\"}}}");
    }
}
