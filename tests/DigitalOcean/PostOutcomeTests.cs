using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class PostOutcomeTests
{
    private const string Action =
        """{"action":{"id":3169590176,"status":"in-progress","type":"snapshot","started_at":"2026-03-01T12:00:01Z"}}""";

    /// <summary>Each reply, the case that it means, and a word that the message must have.</summary>
    private static readonly Dictionary<string, (Func<CollapsedTime, Reply> Reply, Type Outcome, string Says)> Cases =
        new(StringComparer.Ordinal)
        {
            ["201"] = (_ => Replies.Json(Action, 201), typeof(PostOutcome.Accepted), ""),
            ["200"] = (_ => Replies.Json(Action), typeof(PostOutcome.Accepted), ""),
            ["201, action without its wrapper"] =
            (_ => Replies.Json("""{"id":7,"status":"in-progress"}""", 201), typeof(PostOutcome.Accepted), ""),
            ["201, no body"] = (_ => Replies.Nothing(201), typeof(PostOutcome.Unknown), "201"),
            ["204"] = (_ => Replies.Nothing(204), typeof(PostOutcome.Unknown), "204"),
            ["201, truncated"] = (_ => Replies.Json(Action[..40], 201), typeof(PostOutcome.Unknown), "no JSON"),
            ["201, HTML"] = (_ => Replies.Html(201), typeof(PostOutcome.Unknown), "no JSON"),
            ["201, no id"] = (_ => Replies.Json("""{"action":{"status":"in-progress"}}""", 201), typeof(PostOutcome.Unknown), "no id"),
            ["201, a list"] = (_ => Replies.Json("[]", 201), typeof(PostOutcome.Unknown), "no JSON object"),
            ["201, body cut off"] = (_ => Replies.BodyCut(201), typeof(PostOutcome.Unknown), "connection broke"),
            ["302"] = (_ => Replies.Nothing(302, ("Location", "https://elsewhere.example/")), typeof(PostOutcome.Unknown), "302"),
            ["400"] = (_ => Replies.Error(400, "bad_request", "No."), typeof(PostOutcome.Refused), "bad_request: No."),
            ["401"] = (_ => Replies.Error(401, "unauthorized", "Unable to authenticate you"), typeof(PostOutcome.Refused), "401"),
            ["403"] = (_ => Replies.Error(403, "forbidden", "You do not have access."), typeof(PostOutcome.Refused), "403"),
            ["404"] = (_ => Replies.Error(404, "not_found", "Not found."), typeof(PostOutcome.Refused), "404"),
            ["404, HTML"] = (_ => Replies.Html(404), typeof(PostOutcome.Refused), "not the API's JSON"),
            ["409"] = (_ => Replies.Error(409, "conflict", "No."), typeof(PostOutcome.Refused), "409"),
            ["422, invalid"] =
            (_ => Replies.Error(422, "unprocessable_entity", "Region is not available"), typeof(PostOutcome.Refused), "Region"),
            ["422, pending event"] =
            (_ => Replies.Error(422, "unprocessable_entity", "Droplet already has a pending event."), typeof(PostOutcome.Busy), "pending"),
            ["422, blocking events"] = (
            _ => Replies.Error(422, "unprocessable_entity", "there are currently blocking events processing for some of the droplets"),
            typeof(PostOutcome.Busy),
            "blocking"),
            ["408"] = (_ => Replies.Nothing(408), typeof(PostOutcome.Unknown), "408"),
            ["429"] = (_ => Replies.Error(429, "too_many_requests", "API Rate limit exceeded."), typeof(PostOutcome.Throttled), "429"),
            ["500"] = (_ => Replies.Error(500, "server_error", "Unexpected server-side error"), typeof(PostOutcome.Unknown), "500"),
            ["501"] = (_ => Replies.Nothing(501), typeof(PostOutcome.Unknown), "501"),
            ["503"] = (_ => Replies.Error(503, "service_unavailable", "Later."), typeof(PostOutcome.Unknown), "503"),
            ["504, HTML"] = (_ => Replies.Html(504), typeof(PostOutcome.Unknown), "504"),
            ["505, as seen on a transfer that ran"] = (_ => Replies.Nothing(505), typeof(PostOutcome.Unknown), "505"),
            ["connection refused"] = (_ => Replies.ConnectionRefused, typeof(PostOutcome.NotSent), "no connection"),
            ["name not resolved"] = (_ => Replies.NameNotResolved, typeof(PostOutcome.NotSent), "no connection"),
            ["no TLS"] = (_ => Replies.NoTls, typeof(PostOutcome.NotSent), "no connection"),
            ["connection cut"] = (_ => Replies.ConnectionCut, typeof(PostOutcome.Unknown), "connection broke"),
            ["connection reset"] = (_ => Replies.ConnectionReset, typeof(PostOutcome.Unknown), "connection broke"),
            ["handler's own timeout"] =
                (_ => Replies.Throws(new TaskCanceledException("timed out")), typeof(PostOutcome.Unknown), "no answer"),
            ["timeout"] = (Replies.Hangs, typeof(PostOutcome.Unknown), "no answer within 300 s"),
        };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_snapshot_is_asked_for_once_and_its_outcome_told(string name)
    {
        var (reply, expected, says) = Cases[name];
        var time = new CollapsedTime();
        using var rig = new Rig(time, Rig.Token, reply(time), Replies.Json(Action, 201));

        var outcome = await rig.Client.SnapshotDropletAsync(3164494, "web-20260301T120000Z", Rig.Ct);

        Assert.IsType(expected, outcome);
        var sent = Assert.Single(rig.Api.Sent);
        Assert.Equal("POST /v2/droplets/3164494/actions", sent.ToString());
        Assert.Empty(time.Waits);
        var message = Message(outcome);
        Assert.Contains(says, message, StringComparison.Ordinal);
        if (outcome is not PostOutcome.Accepted)
            Assert.StartsWith("POST /v2/droplets/3164494/actions: ", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_transfer_is_asked_for_once_and_its_outcome_told(string name)
    {
        var (reply, expected, _) = Cases[name];
        var time = new CollapsedTime();
        using var rig = new Rig(time, Rig.Token, reply(time), Replies.Json(Action, 201));

        var outcome = await rig.Client.TransferImageAsync(7938269, "nyc3", Rig.Ct);

        Assert.IsType(expected, outcome);
        Assert.Equal("POST /v2/images/7938269/actions", Assert.Single(rig.Api.Sent).ToString());
    }

    [Fact]
    public async Task The_accepted_action_is_the_one_in_the_answer()
    {
        using var rig = new Rig(Replies.Json(Action, 201));

        var accepted = Assert.IsType<PostOutcome.Accepted>(await rig.Client.SnapshotDropletAsync(1, "n", Rig.Ct));

        Assert.Equal(3169590176, accepted.Action.Id);
        Assert.Equal(CloudActionStatus.InProgress, accepted.Action.Status);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 1, TimeSpan.Zero), accepted.Action.StartedAt);
    }

    [Fact]
    public async Task A_refusal_tells_its_status()
    {
        using var rig = new Rig(Replies.Error(403, "forbidden", "No."));

        Assert.Equal(403, Assert.IsType<PostOutcome.Refused>(await rig.Client.TransferImageAsync(1, "nyc3", Rig.Ct)).Status);
    }

    /// <summary>Headers of a 429, and the wait that they mean at noon on 1 March 2026, which is 1772366400.</summary>
    private static readonly Dictionary<string, ((string, string)[] Headers, double Seconds)> ThrottleCases = new(StringComparer.Ordinal)
    {
        ["retry-after"] = ([("retry-after", "17")], 17),
        ["retry-after before reset"] = ([("retry-after", "17"), ("ratelimit-reset", "1772366900")], 17),
        ["retry-after of zero"] = ([("retry-after", "0")], 1),
        ["retry-after in capitals"] = ([("Retry-After", "3")], 3),
        ["retry-after of a day"] = ([("retry-after", "86400")], 3600),
        ["retry-after a date"] = ([("retry-after", "Sun, 01 Mar 2026 12:00:40 GMT")], 40),
        ["retry-after a date in the past"] = ([("retry-after", "Sun, 01 Mar 2026 11:00:00 GMT")], 1),
        ["retry-after nonsense"] = ([("retry-after", "soon")], 60),
        ["reset ahead"] = ([("ratelimit-reset", "1772366425")], 25),
        ["reset ahead of the server's own clock"] = ([("Date", "Sun, 01 Mar 2026 11:59:00 GMT"), ("ratelimit-reset", "1772366430")], 90),
        ["reset in the past"] = ([("ratelimit-reset", "1772366000")], 60),
        ["reset beyond all time"] = ([("ratelimit-reset", "999999999999999")], 60),
        ["nothing"] = ([], 60),
    };

    public static TheoryData<string> ThrottleNames => [.. ThrottleCases.Keys];

    [Theory]
    [MemberData(nameof(ThrottleNames))]
    public async Task A_throttled_post_tells_how_long_to_wait(string name)
    {
        var (headers, seconds) = ThrottleCases[name];
        using var rig = new Rig(Replies.Error(429, "too_many_requests", "API Rate limit exceeded.", headers));

        var throttled = Assert.IsType<PostOutcome.Throttled>(await rig.Client.SnapshotDropletAsync(1, "n", Rig.Ct));

        Assert.Equal(seconds, throttled.RetryAfter.TotalSeconds);
    }

    private static string Message(PostOutcome outcome) => outcome switch
    {
        PostOutcome.Busy busy => busy.Message,
        PostOutcome.Refused refused => refused.Message,
        PostOutcome.Throttled throttled => throttled.Message,
        PostOutcome.NotSent notSent => notSent.Message,
        PostOutcome.Unknown unknown => unknown.Message,
        _ => "",
    };
}
