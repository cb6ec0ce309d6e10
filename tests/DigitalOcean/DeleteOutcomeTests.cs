using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class DeleteOutcomeTests
{
    private static readonly Dictionary<string, (Func<CollapsedTime, Reply[]> Script, Type Outcome)> Cases =
        new(StringComparer.Ordinal)
        {
            ["204"] = (_ => [Replies.Nothing(204)], typeof(DeleteOutcome.Deleted)),
            ["404"] = (_ => [Replies.Error(404, "not_found", "Not found.")], typeof(DeleteOutcome.AlreadyGone)),
            ["404, no body"] = (_ => [Replies.Nothing(404)], typeof(DeleteOutcome.AlreadyGone)),
            ["404, HTML of who knows whom"] = (_ => [Replies.Html(404)], typeof(DeleteOutcome.Failed)),
            ["400, no snapshot"] =
            (_ => [Replies.Error(400, "bad_request", "the resource is not a snapshot")], typeof(DeleteOutcome.Refused)),
            ["401"] = (_ => [Replies.Error(401, "unauthorized", "No.")], typeof(DeleteOutcome.Refused)),
            ["403"] = (_ => [Replies.Error(403, "forbidden", "No.")], typeof(DeleteOutcome.Refused)),
            ["422"] = (_ => [Replies.Error(422, "unprocessable_entity", "In use.")], typeof(DeleteOutcome.Refused)),
            ["501"] = (_ => [Replies.Nothing(501)], typeof(DeleteOutcome.Refused)),
            ["301"] = (_ => [Replies.Nothing(301)], typeof(DeleteOutcome.Refused)),
            ["429"] = (_ => [Replies.Nothing(429)], typeof(DeleteOutcome.Throttled)),
            ["503"] = (_ => [Replies.Nothing(503)], typeof(DeleteOutcome.Failed)),
            ["HTML 504"] = (_ => [Replies.Html(504)], typeof(DeleteOutcome.Failed)),
            ["connection refused"] = (_ => [Replies.ConnectionRefused], typeof(DeleteOutcome.Failed)),
            ["connection cut"] = (_ => [Replies.ConnectionCut], typeof(DeleteOutcome.Failed)),
            ["timeout"] = (time => [Replies.Hangs(time)], typeof(DeleteOutcome.Failed)),
        };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_delete_is_sent_once_and_its_outcome_told(string name)
    {
        var (script, expected) = Cases[name];
        var time = new CollapsedTime();
        using var rig = new Rig(time, Rig.Token, script(time));

        var outcome = await rig.Client.DeleteSnapshotAsync(6372321, Rig.Ct);

        Assert.IsType(expected, outcome);
        Assert.Equal("DELETE /v2/snapshots/6372321", Assert.Single(rig.Api.Sent).ToString());
    }

    [Fact]
    public async Task A_refusal_tells_status_and_words()
    {
        using var rig = new Rig(Replies.Error(400, "bad_request", "the resource is not a snapshot"));

        var refused = Assert.IsType<DeleteOutcome.Refused>(await rig.Client.DeleteSnapshotAsync(5, Rig.Ct));

        Assert.Equal(new DeleteOutcome.Refused(400, "DELETE /v2/snapshots/5: 400 bad_request: the resource is not a snapshot"), refused);
    }
}
