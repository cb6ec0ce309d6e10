using DoSnapshot.DigitalOcean.Tests.Support;
using DoSnapshot.Sandbox;

namespace DoSnapshot.DigitalOcean.Tests;

/// <summary>What the client makes of each fault that the sandbox can inject, in this process and over real connections.</summary>
public sealed class SandboxFaultTests
{
    /// <summary>Each fault of a POST, what it means, and whether the action was started all the same.</summary>
    private static readonly Dictionary<string, (SandboxFaultRule Rule, Type Outcome, bool Started)> Posts = new(StringComparer.Ordinal)
    {
        ["cut before"] = (Rule(SandboxFaultKind.CutBefore), typeof(PostOutcome.Unknown), false),
        ["cut after"] = (Rule(SandboxFaultKind.CutAfter), typeof(PostOutcome.Unknown), true),
        ["cut in the body"] = (Rule(SandboxFaultKind.CutInBody), typeof(PostOutcome.Unknown), true),
        ["truncated JSON of what took effect"] = (Rule(SandboxFaultKind.TruncatedJson), typeof(PostOutcome.Unknown), true),
        ["500 before"] = (Rule(SandboxFaultKind.ErrorBefore), typeof(PostOutcome.Unknown), false),
        ["500 after"] = (Rule(SandboxFaultKind.ErrorAfter), typeof(PostOutcome.Unknown), true),
        ["505 after"] = (Rule(SandboxFaultKind.ErrorAfter, status: 505), typeof(PostOutcome.Unknown), true),
        ["HTML 504 before"] = (Rule(SandboxFaultKind.HtmlBefore), typeof(PostOutcome.Unknown), false),
        ["HTML 504 after"] = (Rule(SandboxFaultKind.HtmlAfter), typeof(PostOutcome.Unknown), true),
        ["HTML 200 after"] = (Rule(SandboxFaultKind.HtmlAfter, status: 200), typeof(PostOutcome.Unknown), true),
        ["429 of the hour"] = (Rule(SandboxFaultKind.HourlyLimit), typeof(PostOutcome.Throttled), false),
        ["429 of the minute"] = (Rule(SandboxFaultKind.BurstLimit), typeof(PostOutcome.Throttled), false),
        ["slow answer"] = (Rule(SandboxFaultKind.SlowAnswer, seconds: 10), typeof(PostOutcome.Accepted), true),
        ["slow request"] = (Rule(SandboxFaultKind.SlowRequest, seconds: 10), typeof(PostOutcome.Accepted), true),
    };

    private static readonly Dictionary<string, (SandboxFaultRule Rule, Type Outcome, bool Deleted)> Deletes = new(StringComparer.Ordinal)
    {
        ["cut before"] = (Rule(SandboxFaultKind.CutBefore), typeof(DeleteOutcome.Failed), false),
        ["cut after"] = (Rule(SandboxFaultKind.CutAfter), typeof(DeleteOutcome.Failed), true),
        ["500 before"] = (Rule(SandboxFaultKind.ErrorBefore), typeof(DeleteOutcome.Failed), false),
        ["500 after"] = (Rule(SandboxFaultKind.ErrorAfter), typeof(DeleteOutcome.Failed), true),
        ["HTML 504 before"] = (Rule(SandboxFaultKind.HtmlBefore), typeof(DeleteOutcome.Failed), false),
        ["HTML 504 after"] = (Rule(SandboxFaultKind.HtmlAfter), typeof(DeleteOutcome.Failed), true),
        ["429 of the hour"] = (Rule(SandboxFaultKind.HourlyLimit), typeof(DeleteOutcome.Throttled), false),
        ["429 of the minute"] = (Rule(SandboxFaultKind.BurstLimit), typeof(DeleteOutcome.Throttled), false),
    };

    private static readonly SandboxFaultKind[] Unreadable =
    [
        SandboxFaultKind.CutBefore, SandboxFaultKind.CutAfter, SandboxFaultKind.CutInBody, SandboxFaultKind.TruncatedJson, SandboxFaultKind.ErrorBefore,
        SandboxFaultKind.ErrorAfter, SandboxFaultKind.HtmlBefore, SandboxFaultKind.HtmlAfter, SandboxFaultKind.HourlyLimit, SandboxFaultKind.BurstLimit,
    ];

    public static TheoryData<string, bool> PostCases => Cases(Posts.Keys);

    public static TheoryData<string, bool> DeleteCases => Cases(Deletes.Keys);

    public static TheoryData<SandboxFaultKind, bool> UnreadableCases => Cases(Unreadable);

    [Theory]
    [MemberData(nameof(PostCases))]
    public async Task A_post_ends_as_what_is_certain_of_it(string fault, bool overTheWire)
    {
        var (rule, expected, started) = Posts[fault];
        foreach (var transfers in new[] { false, true })
        {
            await using var api = await FaultyApi.StartAsync(overTheWire);
            api.Account.Faults.Set(rule);

            var outcome = transfers
                ? await api.Client.TransferImageAsync(api.ImageId, "lon1", Rig.Ct)
                : await api.Client.SnapshotDropletAsync(api.DropletId, "new", Rig.Ct);

            Assert.IsType(expected, outcome);
            Assert.Equal(started ? 1 : 0, api.Account.State().Actions.Count);
            // Sent once, whatever came of it.
            Assert.Equal(1, api.Account.Faults.Counts().Total);
            Assert.InRange(api.Arrived("POST"), 0, 1);
        }
    }

    [Theory]
    [MemberData(nameof(DeleteCases))]
    public async Task A_delete_ends_as_what_is_certain_of_it(string fault, bool overTheWire)
    {
        var (rule, expected, deleted) = Deletes[fault];
        await using var api = await FaultyApi.StartAsync(overTheWire);
        api.Account.Faults.Set(rule with { Times = 1 });

        Assert.IsType(expected, await api.Client.DeleteSnapshotAsync(api.ImageId, Rig.Ct));
        Assert.Equal(deleted, api.Account.State().Deleted.Count == 1);
        Assert.IsType(
            deleted ? typeof(DeleteOutcome.AlreadyGone) : typeof(DeleteOutcome.Deleted), await api.Client.DeleteSnapshotAsync(api.ImageId, Rig.Ct));
    }

    [Theory]
    [InlineData(SandboxFaultKind.SlowRequest, false)]
    [InlineData(SandboxFaultKind.SlowRequest, true)]
    [InlineData(SandboxFaultKind.SlowAnswer, false)]
    [InlineData(SandboxFaultKind.SlowAnswer, true)]
    public async Task A_post_that_is_slower_than_the_timeout_is_unknown_and_takes_effect_late_or_not(SandboxFaultKind kind, bool overTheWire)
    {
        await using var api = await FaultyApi.StartAsync(overTheWire);
        api.Account.Faults.Set(Rule(kind, seconds: 2 * CollapsedTime.RequestTimeout.TotalSeconds));
        var asked = api.Client.SnapshotDropletAsync(api.DropletId, "new", Rig.Ct);
        while (api.Account.Faults.Counts().Total == 0)
            await Task.Yield();
        api.Time.Advance(CollapsedTime.RequestTimeout);

        Assert.IsType<PostOutcome.Unknown>(await asked);
        while (api.Account.State().Actions.Count == 0)
        {
            api.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.Equal(kind == SandboxFaultKind.SlowAnswer, api.Account.State().Actions[0].StartedAt <= Start + CollapsedTime.RequestTimeout);
    }

    [Theory]
    [InlineData(SandboxFaultKind.HourlyLimit, 90)]
    [InlineData(SandboxFaultKind.HourlyLimit, 2_000)]
    [InlineData(SandboxFaultKind.BurstLimit, 17)]
    public async Task Both_kinds_of_429_say_not_yet_and_how_long(SandboxFaultKind kind, int seconds)
    {
        await using var api = await FaultyApi.StartAsync(overTheWire: true);
        // A clock that is wrong there makes no difference to the wait.
        api.Account.Faults.ClockSkew = TimeSpan.FromMinutes(-7);
        api.Account.Faults.Set(Rule(kind, seconds: seconds));

        var post = Assert.IsType<PostOutcome.Throttled>(await api.Client.SnapshotDropletAsync(api.DropletId, "new", Rig.Ct));
        var delete = Assert.IsType<DeleteOutcome.Throttled>(await api.Client.DeleteSnapshotAsync(api.ImageId, Rig.Ct));

        Assert.Equal((seconds, seconds), (post.RetryAfter.TotalSeconds, delete.RetryAfter.TotalSeconds));
    }

    [Theory]
    [MemberData(nameof(UnreadableCases))]
    public async Task A_list_that_cannot_be_read_is_an_exception_and_never_empty_or_short(SandboxFaultKind kind, bool overTheWire)
    {
        await using var api = await FaultyApi.StartAsync(overTheWire);
        for (var i = 0; i < 250; i++)
            api.Account.PlantSnapshot(new NewSnapshot { Name = $"n-{i}", DropletId = api.DropletId }).OrThrow();
        // From the second page on: the first alone is no list.
        api.Account.Faults.Set(Rule(kind) with { Calls = "GET /v2/snapshots", Skip = 1 });

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => api.Client.ListSnapshotsAsync(Rig.Ct));
        Assert.True(failure.IsTransient);

        api.Account.Faults.Clear();
        Assert.Equal(251, (await api.Client.ListSnapshotsAsync(Rig.Ct)).Count);
    }

    [Theory]
    [InlineData(SandboxFaultKind.CutBefore)]
    [InlineData(SandboxFaultKind.CutInBody)]
    [InlineData(SandboxFaultKind.ErrorBefore)]
    [InlineData(SandboxFaultKind.HtmlBefore)]
    [InlineData(SandboxFaultKind.BurstLimit)]
    public async Task A_list_that_fails_now_and_then_is_read_in_the_end(SandboxFaultKind kind)
    {
        await using var api = await FaultyApi.StartAsync(overTheWire: true);
        api.Account.Faults.Set(Rule(kind) with { Calls = "GET *", Times = 3 });

        Assert.Single(await api.Client.ListSnapshotsAsync(Rig.Ct));
        Assert.Single(await api.Client.ListDropletsAsync("web", Rig.Ct));
        Assert.Equal(3, api.Account.Faults.Counts().Total);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stale_list_is_what_was_and_not_empty(bool overTheWire)
    {
        await using var api = await FaultyApi.StartAsync(overTheWire);
        api.Account.Faults.Set(Rule(SandboxFaultKind.StaleList, seconds: 60));
        Assert.Null(api.Account.DeleteSnapshot(api.ImageId));
        api.Account.RenameDroplet(api.DropletId, "www").OrThrow();
        api.Account.StartDropletAction(api.DropletId, "snapshot").OrThrow();

        Assert.Equal(api.ImageId, Assert.Single(await api.Client.ListSnapshotsAsync(Rig.Ct)).Id);
        Assert.Equal("web-1", Assert.Single(await api.Client.ListDropletsAsync("web", Rig.Ct)).Name);
        Assert.Empty(await api.Client.ListActionsAsync(Start, Rig.Ct));
        // Its own address tells the truth.
        Assert.Null(await api.Client.FindSnapshotAsync(api.ImageId, Rig.Ct));
        Assert.Equal("www", (await api.Client.FindDropletAsync(api.DropletId, Rig.Ct))!.Name);
    }

    [Theory]
    [InlineData(-400)]
    [InlineData(400)]
    public async Task A_wrong_clock_there_is_known_by_its_date(int seconds)
    {
        await using var api = await FaultyApi.StartAsync(overTheWire: true);
        api.Account.Faults.ClockSkew = TimeSpan.FromSeconds(seconds);

        var accepted = Assert.IsType<PostOutcome.Accepted>(await api.Client.SnapshotDropletAsync(api.DropletId, "new", Rig.Ct));

        Assert.Equal(TimeSpan.FromSeconds(seconds), api.Client.ClockOffset);
        Assert.Equal(Start.AddSeconds(seconds), accepted.Action.StartedAt);
    }

    private static DateTimeOffset Start { get; } = new CollapsedTime().GetUtcNow();

    private static SandboxFaultRule Rule(SandboxFaultKind kind, int? status = null, double? seconds = null) =>
        new() { Kind = kind, Status = status, Seconds = seconds };

    private static TheoryData<T, bool> Cases<T>(IEnumerable<T> faults)
    {
        var cases = new TheoryData<T, bool>();
        foreach (var fault in faults)
        {
            cases.Add(fault, false);
            cases.Add(fault, true);
        }

        return cases;
    }
}
