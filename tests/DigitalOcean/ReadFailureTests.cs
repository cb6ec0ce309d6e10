using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class ReadFailureTests
{
    private sealed record Expected(int? Status, string? Code, bool Transient, int Sent);

    private static readonly Dictionary<string, (Func<CollapsedTime, Reply> Reply, Expected Expected)> Cases = new(StringComparer.Ordinal)
    {
        ["400"] = (_ => Replies.Error(400, "bad_request", "No."), new(400, "bad_request", false, 1)),
        ["401"] = (_ => Replies.Error(401, "unauthorized", "Unable to authenticate you"), new(401, "unauthorized", false, 1)),
        ["403"] = (_ => Replies.Error(403, "forbidden", "No."), new(403, "forbidden", false, 1)),
        ["404"] = (_ => Replies.Error(404, "not_found", "No."), new(404, "not_found", false, 1)),
        ["404, HTML"] = (_ => Replies.Html(404), new(404, null, true, 1)),
        ["302"] = (_ => Replies.Nothing(302, ("Location", "https://elsewhere.example/v2/snapshots")), new(302, null, false, 1)),
        ["408"] = (_ => Replies.Nothing(408), new(408, null, true, 4)),
        ["429"] = (_ => Replies.Error(429, "too_many_requests", "Too many requests"), new(429, "too_many_requests", true, 4)),
        ["429 with a wait of a minute"] = (_ => Replies.Nothing(429, ("retry-after", "60")), new(429, null, true, 4)),
        ["429 with a longer wait"] = (_ => Replies.Nothing(429, ("retry-after", "61")), new(429, null, true, 1)),
        ["500"] = (_ => Replies.Error(500, "server_error", "Unexpected server-side error"), new(500, "server_error", true, 4)),
        ["501"] = (_ => Replies.Nothing(501), new(501, null, false, 1)),
        ["502"] = (_ => Replies.Nothing(502), new(502, null, true, 4)),
        ["503"] = (_ => Replies.Error(503, "service_unavailable", "Later."), new(503, "service_unavailable", true, 4)),
        ["504, HTML"] = (_ => Replies.Html(504), new(504, null, true, 4)),
        ["200, HTML"] = (_ => Replies.Html(200), new(200, null, true, 1)),
        ["200, truncated"] = (_ => Replies.Json("""{"snapshots":[{"id":"63"""), new(200, null, true, 1)),
        ["200, no body"] = (_ => Replies.Nothing(200), new(200, null, true, 1)),
        ["200, without the list"] = (_ => Replies.Json("""{"links":{}}"""), new(200, null, true, 1)),
        ["200, list of another kind"] = (_ => Replies.Json("""{"snapshots":{}}"""), new(200, null, true, 1)),
        ["200, null for the list"] = (_ => Replies.Json("""{"snapshots":null}"""), new(200, null, true, 1)),
        ["200, a row that is no object"] = (_ => Replies.Json("""{"snapshots":[7]}"""), new(200, null, true, 1)),
        ["200, body cut off"] = (_ => Replies.BodyCut(), new(null, null, true, 4)),
        ["connection refused"] = (_ => Replies.ConnectionRefused, new(null, null, true, 4)),
        ["name not resolved"] = (_ => Replies.NameNotResolved, new(null, null, true, 4)),
        ["connection cut"] = (_ => Replies.ConnectionCut, new(null, null, true, 4)),
        ["connection reset"] = (_ => Replies.ConnectionReset, new(null, null, true, 4)),
        ["timeout"] = (Replies.Hangs, new(null, null, true, 4)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_read_that_fails_says_how(string name)
    {
        var (reply, expected) = Cases[name];
        var time = new CollapsedTime();
        using var rig = new Rig(time, Rig.Token, reply(time));

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.ListSnapshotsAsync(Rig.Ct));

        Assert.Equal(expected, new Expected(failure.Status, failure.Code, failure.IsTransient, rig.Api.Sent.Count));
        Assert.StartsWith("GET /v2/snapshots?resource_type=droplet&per_page=200&page=1: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Status is 401, failure.IsUnauthorized);
        Assert.Equal(failure.Status is 403, failure.IsForbidden);
        Assert.Equal(string.Equals(name, "404", StringComparison.Ordinal), failure.IsNotFound);
    }

    private static readonly Dictionary<string, (Func<IDigitalOcean, Task<object?>> Find, string Path)> Finders = new(StringComparer.Ordinal)
    {
        ["droplet"] = (async api => await api.FindDropletAsync(5, Rig.Ct), "/v2/droplets/5"),
        ["snapshot"] = (async api => await api.FindSnapshotAsync(5, Rig.Ct), "/v2/snapshots/5"),
        ["action"] = (async api => await api.FindActionAsync(5, Rig.Ct), "/v2/actions/5"),
    };

    public static TheoryData<string> Findables => [.. Finders.Keys];

    [Theory]
    [MemberData(nameof(Findables))]
    public async Task What_the_api_does_not_know_is_null(string what)
    {
        using var rig = new Rig(Replies.Error(404, "not_found", "The resource you were accessing could not be found."));

        Assert.Null(await Finders[what].Find(rig.Client));
        Assert.Equal($"GET {Finders[what].Path}", Assert.Single(rig.Api.Sent).ToString());
    }

    [Theory]
    [MemberData(nameof(Findables))]
    public async Task A_web_page_with_404_is_no_proof_of_absence(string what)
    {
        using var rig = new Rig(Replies.Html(404));

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => Finders[what].Find(rig.Client));

        Assert.True(failure.IsTransient);
        Assert.False(failure.IsNotFound);
    }

    [Theory]
    [MemberData(nameof(Findables))]
    public async Task An_answer_without_the_object_is_no_proof_of_absence(string what)
    {
        using var rig = new Rig(Replies.Json("{}"));

        Assert.True((await Assert.ThrowsAsync<DigitalOceanException>(() => Finders[what].Find(rig.Client))).IsTransient);
    }

    [Fact]
    public async Task The_request_id_is_that_of_the_body_or_of_the_header()
    {
        using var inBody = new Rig(
            Replies.Json("""{"id":"forbidden","message":"No.","request_id":"4d9d8375"}""", 403, ("x-request-id", "other")));
        using var inHeader = new Rig(Replies.Error(403, "forbidden", "No.", ("x-request-id", "77aa")));

        var first = await Assert.ThrowsAsync<DigitalOceanException>(() => inBody.Client.GetAccountAsync(Rig.Ct));
        var second = await Assert.ThrowsAsync<DigitalOceanException>(() => inHeader.Client.GetAccountAsync(Rig.Ct));

        Assert.Equal("4d9d8375", first.RequestId);
        Assert.Equal("77aa", second.RequestId);
        Assert.Equal("GET /v2/account: 403 forbidden: No. (request 77aa)", second.Message);
    }

    [Fact]
    public async Task A_long_error_is_cut()
    {
        using var rig = new Rig(Replies.Error(400, "bad_request", new string('x', 10_000)));

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.GetAccountAsync(Rig.Ct));

        Assert.InRange(failure.Message.Length, 500, 700);
    }

    [Fact]
    public async Task A_list_under_a_droplet_that_is_gone_is_not_an_empty_list()
    {
        using var rig = new Rig(Replies.Error(404, "not_found", "The resource you were accessing could not be found."));

        Assert.True((await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.ListSnapshotsOfDropletAsync(5, Rig.Ct))).IsNotFound);
    }
}
