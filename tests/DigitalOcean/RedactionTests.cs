using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class RedactionTests
{
    private const string Hex = Rig.Hex;

    private static readonly Dictionary<string, (string? Text, string Masked)> Cases = new(StringComparer.Ordinal)
    {
        ["null"] = (null, ""),
        ["nothing to mask"] = ("GET /v2/droplets: 404", "GET /v2/droplets: 404"),
        ["personal token"] = ("dop_v1_" + Hex, "dop_v1_…"),
        ["OAuth token"] = ("doo_v1_" + Hex, "doo_v1_…"),
        ["refresh token"] = ("dor_v1_" + Hex, "dor_v1_…"),
        ["token in capitals"] = (("dop_v1_" + Hex).ToUpperInvariant(), "DOP_V1_…"),
        ["token cut short"] = ("dop_v1_0123456789", "dop_v1_…"),
        ["token longer than today's"] = ($"dop_v1_{Hex}{Hex}xyz.", "dop_v1_…."),
        ["bare token"] = (Hex, "…"),
        ["bare token in capitals"] = (Hex.ToUpperInvariant(), "…"),
        ["bare token in a sentence"] = ($"token '{Hex}', sent twice: {Hex}", "token '…', sent twice: …"),
        ["bare token within a word"] = ($"key={Hex}&next=1", "key=…&next=1"),
        ["both shapes"] = ($"{Hex} or dop_v1_{Hex}", "… or dop_v1_…"),
        ["header"] = ("Authorization: Bearer x", "Authorization: Bearer …"),
        ["header among others"] =
            ("Accept: */*\nauthorization: bearer abc.def\nHost: x", "Accept: */*\nauthorization: bearer …\nHost: x"),
        ["header with a token"] = ($"Authorization: Bearer dop_v1_{Hex}", "Authorization: Bearer …"),
        ["header in JSON"] = ("""{"Authorization":"Bearer x y"}""", """{"Authorization":"Bearer … y"}"""),
        ["basic header"] = ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic …"),
        ["scheme and token alone"] = ("Bearer abcdefghijklmnopqrstuvwxyz", "Bearer …"),
        ["an account's uuid stays"] = ("b6fr89dbf6d9156cace5f3c78dc9851d957381ef", "b6fr89dbf6d9156cace5f3c78dc9851d957381ef"),
        ["63 digits stay"] = (Hex[1..], Hex[1..]),
        ["a snapshot's uuid stays"] = ("fbe805e8-866b-11e6-96bf-000f53315a41", "fbe805e8-866b-11e6-96bf-000f53315a41"),
        ["the word bearer stays"] = ("a bearer of news", "a bearer of news"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Tokens_are_masked_and_nothing_else(string name)
    {
        var (text, masked) = Cases[name];

        Assert.Equal(masked, Redaction.Mask(text));
        Assert.Equal(masked, Redaction.Mask(Redaction.Mask(text)));
    }

    [Theory]
    [InlineData("of-no-known-shape", "sent OF-no-known-shape to x", "sent … to x")]
    [InlineData("dop_v1_" + Hex, "sent dop_v1_" + Hex, "sent dop_v1_…")]
    [InlineData("GET", "GET /v2/account", "GET /v2/account")]
    [InlineData("", "GET /v2/account", "GET /v2/account")]
    public void A_token_in_use_is_masked_whatever_its_shape_unless_it_is_too_short_to_be_one(string secret, string text, string masked) =>
        Assert.Equal(masked, Redaction.Mask(text, secret));

    /// <summary>Tokens of each shape, with what of them must nowhere be seen.</summary>
    public static TheoryData<string, string> Tokens => new()
    {
        { "dop_v1_" + Hex, Hex },
        { Hex, Hex },
        { "a-token-of-no-known-shape", "no-known-shape" },
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task No_exception_shows_a_token_that_the_server_sent_back(string token, string secret)
    {
        foreach (var status in new[] { 400, 401, 404, 500 })
        {
            var message = $"{new string('x', 480)} bad {token}";
            using var rig = new Rig(
                new CollapsedTime(),
                token,
                Replies.Json($$"""{"id":"id {{token}}","message":"{{message}}","request_id":"{{token}}"}""", status));

            var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.GetAccountAsync(Rig.Ct));

            Assert.Equal($"Bearer {token}", rig.Api.Sent[0].Authorization);
            Assert.DoesNotContain(secret, failure.ToString(), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret[..10], failure.ToString(), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret, failure.Code + failure.RequestId, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task No_exception_shows_a_token_that_another_exception_held(string token, string secret)
    {
        var inner = new IOException($"sent Authorization: Bearer {token}");
        using var rig = new Rig(new CollapsedTime(), token, Replies.Throws(new HttpRequestException("outer", inner)));

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.GetAccountAsync(Rig.Ct));

        Assert.Null(failure.InnerException);
        Assert.DoesNotContain(secret, failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_harmless_cause_is_kept()
    {
        using var rig = new Rig(Replies.ConnectionRefused);

        Assert.IsType<HttpRequestException>(
            (await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.GetAccountAsync(Rig.Ct))).InnerException);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task No_outcome_shows_a_token(string token, string secret)
    {
        Reply[] replies =
        [
            Replies.Error(401, "unauthorized", "bad " + token),
            Replies.Error(422, token, "pending event " + token),
            Replies.Error(429, "too_many_requests", token),
            Replies.Error(500, "server_error", token),
            Replies.Throws(new IOException(token)),
            Replies.Throws(new HttpRequestException(HttpRequestError.ConnectionError, token)),
        ];
        foreach (var reply in replies)
        {
            using var rig = new Rig(new CollapsedTime(), token, reply);

            var post = await rig.Client.SnapshotDropletAsync(1, "n", Rig.Ct);
            var delete = await rig.Client.DeleteSnapshotAsync(1, Rig.Ct);

            Assert.DoesNotContain(secret, $"{post} {delete}", StringComparison.OrdinalIgnoreCase);
        }
    }
}
