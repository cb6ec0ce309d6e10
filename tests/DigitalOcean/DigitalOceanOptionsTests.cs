using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class DigitalOceanOptionsTests
{
    /// <summary>Options, and a word of the problem that they have; null for none.</summary>
    private static readonly Dictionary<string, (DigitalOceanOptions Options, string? Problem)> Cases = new(StringComparer.Ordinal)
    {
        ["defaults and a token"] = (new() { Token = Rig.Token }, null),
        ["bare token"] = (new() { Token = Rig.Hex }, null),
        ["token of no known shape"] = (new() { Token = "sandbox" }, null),
        ["no token"] = (new(), "Token is missing"),
        ["token with a line end"] = (new() { Token = Rig.Token + "\n" }, "Token contains"),
        ["token with a blank"] = (new() { Token = " " + Rig.Token }, "Token contains"),
        ["token with a letter no header can hold"] = (new() { Token = "tökenöfsömekind" }, "Token contains"),
        ["http to loopback by name"] = (new() { Token = "t", ApiUrl = new("http://localhost:5080") }, null),
        ["http to loopback by number"] = (new() { Token = "t", ApiUrl = new("http://127.0.0.1:5080/") }, null),
        ["http to IPv6 loopback"] = (new() { Token = "t", ApiUrl = new("http://[::1]:5080/") }, null),
        ["http elsewhere"] = (new() { Token = "t", ApiUrl = new("http://sandbox:8080") }, "plain http"),
        ["http elsewhere, allowed"] = (new() { Token = "t", ApiUrl = new("http://sandbox:8080"), AllowPlainHttp = true }, null),
        ["ftp"] = (new() { Token = "t", ApiUrl = new("ftp://x") }, "absolute https"),
        ["relative"] = (new() { Token = "t", ApiUrl = new("/v2", UriKind.Relative) }, "absolute https"),
        ["user name"] = (new() { Token = "t", ApiUrl = new("https://u:p@x") }, "no user name"),
        ["query"] = (new() { Token = "t", ApiUrl = new("https://x/?a=b") }, "no user name, query"),
        ["with the version, as the vendor writes it"] = (new() { Token = "t", ApiUrl = new("https://api.digitalocean.com/v2/") }, "without the /v2"),
        ["shortest timeout"] = (new() { Token = "t", RequestTimeout = TimeSpan.FromSeconds(1) }, null),
        ["longest timeout"] = (new() { Token = "t", RequestTimeout = TimeSpan.FromMinutes(10) }, null),
        ["no timeout"] = (new() { Token = "t", RequestTimeout = TimeSpan.Zero }, "RequestTimeout"),
        ["endless timeout"] = (new() { Token = "t", RequestTimeout = Timeout.InfiniteTimeSpan }, "RequestTimeout"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Problems_are_named_and_the_client_refuses_them(string name)
    {
        var (options, problem) = Cases[name];
        using var http = new HttpClient();

        if (problem is null)
        {
            Assert.Empty(options.Problems());
            _ = new DigitalOceanClient(http, options, new CollapsedTime());
            return;
        }

        Assert.Contains(problem, Assert.Single(options.Problems()), StringComparison.Ordinal);
        var refusal = Assert.Throws<InvalidOperationException>(() => new DigitalOceanClient(http, options, new CollapsedTime()));
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Rig.Hex, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_told_at_once() =>
        Assert.Equal(3, new DigitalOceanOptions { ApiUrl = new Uri("http://x"), RequestTimeout = TimeSpan.Zero }.Problems().Count);

    [Theory]
    [InlineData("https://api.digitalocean.com", Rig.Token, "https://api.digitalocean.com/, token set, timeout 30 s")]
    [InlineData("https://u:secret@x:8443/api", "", "https://x:8443/api, token missing, timeout 30 s")]
    [InlineData("x", Rig.Token, "no address, token set, timeout 30 s")]
    public void The_text_never_shows_a_secret(string url, string token, string text) =>
        Assert.Equal(text, new DigitalOceanOptions { ApiUrl = new Uri(url, UriKind.RelativeOrAbsolute), Token = token }.ToString());

    [Fact]
    public void The_http_clients_own_timeout_is_off()
    {
        using var http = new HttpClient();

        _ = new DigitalOceanClient(http, new DigitalOceanOptions { Token = "t" }, new CollapsedTime());

        Assert.Equal(Timeout.InfiniteTimeSpan, http.Timeout);
    }
}
