using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class AttemptTests
{
    private const string Account = """{"account":{"uuid":"b6fr89dbf6d9156cace5f3c78dc9851d957381ef","email":"sammy@example.com"}}""";

    private static readonly Dictionary<string, Func<CollapsedTime, Reply>> Hiccups = new(StringComparer.Ordinal)
    {
        ["500"] = _ => Replies.Nothing(500),
        ["HTML 504"] = _ => Replies.Html(504),
        ["429"] = _ => Replies.Nothing(429),
        ["408"] = _ => Replies.Nothing(408),
        ["connection refused"] = _ => Replies.ConnectionRefused,
        ["connection cut"] = _ => Replies.ConnectionCut,
        ["body cut off"] = _ => Replies.BodyCut(),
        ["timeout"] = Replies.Hangs,
    };

    public static TheoryData<string> HiccupNames => [.. Hiccups.Keys];

    [Theory]
    [MemberData(nameof(HiccupNames))]
    public async Task A_read_survives_three_hiccups(string name)
    {
        var time = new CollapsedTime();
        var hiccup = Hiccups[name](time);
        using var rig = new Rig(time, Rig.Token, hiccup, hiccup, hiccup, Replies.Json(Account));

        Assert.Equal("sammy@example.com", (await rig.Client.GetAccountAsync(Rig.Ct)).Email);
        Assert.Equal(4, rig.Api.Sent.Count);
    }

    [Fact]
    public async Task Waits_grow_and_stay_within_their_spread()
    {
        using var rig = new Rig(Replies.Nothing(500));

        await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.GetAccountAsync(Rig.Ct));

        Assert.Collection(
            rig.Time.Waits,
            first => Assert.InRange(first.TotalSeconds, 0.5, 1.5),
            second => Assert.InRange(second.TotalSeconds, 1, 3),
            third => Assert.InRange(third.TotalSeconds, 2, 6));
    }

    [Fact]
    public async Task Waits_of_two_clients_differ()
    {
        using var first = new Rig(Replies.Nothing(500));
        using var second = new Rig(Replies.Nothing(500));

        await Assert.ThrowsAsync<DigitalOceanException>(() => first.Client.GetAccountAsync(Rig.Ct));
        await Assert.ThrowsAsync<DigitalOceanException>(() => second.Client.GetAccountAsync(Rig.Ct));

        Assert.NotEqual(first.Time.Waits, second.Time.Waits);
    }

    /// <summary>Headers of a first answer, and the bounds of the wait after it; noon on 1 March 2026 is 1772366400.</summary>
    private static readonly Dictionary<string, (int Status, (string, string)[] Headers, double Low, double High)> WaitCases =
        new(StringComparer.Ordinal)
        {
            ["429, retry-after"] = (429, [("retry-after", "17")], 17, 17),
            ["429, retry-after of zero"] = (429, [("retry-after", "0")], 1, 1),
            ["429, reset ahead"] = (429, [("ratelimit-reset", "1772366405")], 5, 5),
            ["429, reset now"] = (429, [("ratelimit-reset", "1772366400")], 1, 1.5),
            ["429, reset in the past"] = (429, [("ratelimit-reset", "1772360000")], 1, 1.5),
            ["429, nothing"] = (429, [], 1, 1.5),
            ["503, retry-after"] = (503, [("retry-after", "9")], 9, 9),
            ["503, reset ahead is about the quota"] = (503, [("ratelimit-reset", "1772366440")], 0.5, 1.5),
            ["500, retry-after is not documented"] = (500, [("retry-after", "9")], 0.5, 1.5),
        };

    public static TheoryData<string> WaitNames => [.. WaitCases.Keys];

    [Theory]
    [MemberData(nameof(WaitNames))]
    public async Task The_wait_is_the_one_that_the_answer_asks_for(string name)
    {
        var (status, headers, low, high) = WaitCases[name];
        using var rig = new Rig(Replies.Nothing(status, headers), Replies.Json(Account));

        await rig.Client.GetAccountAsync(Rig.Ct);

        Assert.InRange(Assert.Single(rig.Time.Waits).TotalSeconds, low, high);
    }

    [Fact]
    public async Task A_wait_of_more_than_a_minute_is_left_to_the_caller()
    {
        using var rig = new Rig(Replies.Nothing(429, ("retry-after", "600")));

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.GetAccountAsync(Rig.Ct));

        Assert.Equal(TimeSpan.FromMinutes(10), failure.RetryAfter);
        Assert.Empty(rig.Time.Waits);
    }

    [Fact]
    public async Task Each_attempt_has_the_whole_timeout()
    {
        var time = new CollapsedTime();
        using var rig = new Rig(time, Rig.Token, Replies.Hangs(time));
        var start = time.GetUtcNow();

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.GetAccountAsync(Rig.Ct));

        Assert.Equal("GET /v2/account: no answer within 300 s", failure.Message);
        var waits = time.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait);
        Assert.Equal((4 * CollapsedTime.RequestTimeout) + waits, time.GetUtcNow() - start);
    }

    [Fact]
    public async Task A_cancelled_caller_sends_nothing()
    {
        using var rig = new Rig(Replies.Json(Account));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Client.GetAccountAsync(cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Client.SnapshotDropletAsync(1, "n", cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Client.DeleteSnapshotAsync(1, cancelled.Token));

        Assert.Empty(rig.Api.Sent);
    }

    private static readonly Dictionary<string, Func<IDigitalOcean, CancellationToken, Task>> Calls = new(StringComparer.Ordinal)
    {
        ["GET"] = (api, ct) => api.GetAccountAsync(ct),
        ["POST"] = (api, ct) => api.SnapshotDropletAsync(1, "n", ct),
        ["DELETE"] = (api, ct) => api.DeleteSnapshotAsync(1, ct),
    };

    public static TheoryData<string, bool> CancelledCalls => new MatrixTheoryData<string, bool>([.. Calls.Keys], [false, true]);

    [Theory]
    [MemberData(nameof(CancelledCalls))]
    public async Task A_caller_who_gives_up_meanwhile_gets_a_cancellation_and_no_outcome(string call, bool connectionBreaks)
    {
        using var caller = new CancellationTokenSource();
        using var rig = new Rig(async ct =>
        {
            await caller.CancelAsync();
            if (connectionBreaks)
                throw new HttpRequestException("The connection was closed");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            throw new InvalidOperationException("An endless wait ended.");
        });

        var cancellation = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Calls[call](rig.Client, caller.Token));

        Assert.Equal(caller.Token, cancellation.CancellationToken);
        Assert.Single(rig.Api.Sent);
    }

    [Fact]
    public async Task A_caller_who_gives_up_between_two_attempts_causes_no_further_one()
    {
        using var caller = new CancellationTokenSource();
        using var rig = new Rig(Replies.Nothing(500));
        rig.Time.OnWait = caller.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Client.GetAccountAsync(caller.Token));

        Assert.Single(rig.Api.Sent);
    }
}
