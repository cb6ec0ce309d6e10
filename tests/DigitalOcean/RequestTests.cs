using System.Text.Json;
using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class RequestTests
{
    private const string Account = """{"account":{"uuid":"b6fc"}}""";

    [Fact]
    public async Task Every_request_says_who_asks()
    {
        using var rig = new Rig(Replies.Json(Account));

        await rig.Client.GetAccountAsync(Rig.Ct);

        var sent = Assert.Single(rig.Api.Sent);
        Assert.Equal("https://api.digitalocean.com/v2/account", sent.Url.AbsoluteUri);
        Assert.Equal("Bearer " + Rig.Token, sent.Authorization);
        Assert.Matches(@"^DoSnapshotPlatform/\d+\.\d+\.\d+", sent.UserAgent);
        Assert.Null(sent.Body);
    }

    [Theory]
    [InlineData("http://localhost:5080", "http://localhost:5080/v2/account")]
    [InlineData("http://localhost:5080/", "http://localhost:5080/v2/account")]
    [InlineData("https://proxy.example/do/", "https://proxy.example/do/v2/account")]
    public async Task The_address_may_be_anothers(string apiUrl, string expected)
    {
        using var api = new ScriptedApi(Replies.Json(Account));
        using var http = new HttpClient(api);
        var client = new DigitalOceanClient(http, new DigitalOceanOptions { ApiUrl = new Uri(apiUrl), Token = "t" }, new CollapsedTime());

        await client.GetAccountAsync(Rig.Ct);

        Assert.Equal(expected, Assert.Single(api.Sent).Url.AbsoluteUri);
    }

    [Fact]
    public async Task Names_are_sent_as_they_are()
    {
        const string Name = "wéb \"1\" \\ 20260301T120000Z";
        using var rig = new Rig(Replies.Json("""{"action":{"id":1}}""", 201));

        await rig.Client.SnapshotDropletAsync(1, Name, Rig.Ct);

        var body = JsonElement.Parse(Assert.Single(rig.Api.Sent).Body!);
        Assert.Equal("type,name", string.Join(',', body.EnumerateObject().Select(member => member.Name)));
        Assert.Equal("snapshot", body.GetProperty("type").GetString());
        Assert.Equal(Name, body.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_transfer_names_its_region()
    {
        using var rig = new Rig(Replies.Json("""{"action":{"id":1}}""", 201));

        await rig.Client.TransferImageAsync(1, "nyc3", Rig.Ct);

        Assert.Equal("""{"type":"transfer","region":"nyc3"}""", Assert.Single(rig.Api.Sent).Body);
    }

    /// <summary>Calls that could only be mistakes.</summary>
    private static readonly Dictionary<string, Func<IDigitalOcean, Task>> Mistakes = new(StringComparer.Ordinal)
    {
        ["droplet 0"] = api => api.FindDropletAsync(0, Rig.Ct),
        ["snapshot -1"] = api => api.FindSnapshotAsync(-1, Rig.Ct),
        ["delete of snapshot 0"] = api => api.DeleteSnapshotAsync(0, Rig.Ct),
        ["snapshots of droplet 0"] = api => api.ListSnapshotsOfDropletAsync(0, Rig.Ct),
        ["actions of image 0"] = api => api.ListImageActionsAsync(0, default, Rig.Ct),
        ["snapshot of droplet 0"] = api => api.SnapshotDropletAsync(0, "n", Rig.Ct),
        ["snapshot without a name"] = api => api.SnapshotDropletAsync(1, " ", Rig.Ct),
        ["transfer to nowhere"] = api => api.TransferImageAsync(1, "", Rig.Ct),
        ["droplets of no tag"] = api => api.ListDropletsAsync("", Rig.Ct),
    };

    public static TheoryData<string> MistakeNames => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(MistakeNames))]
    public async Task A_mistake_is_not_sent(string name)
    {
        using var rig = new Rig(Replies.Nothing(204));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Mistakes[name](rig.Client));

        Assert.Empty(rig.Api.Sent);
    }

    /// <summary>Headers, and the quota that they tell; 1772366400 is noon on 1 March 2026.</summary>
    private static readonly Dictionary<string, ((string, string)[] Headers, RateLimit? Limit)> QuotaCases = new(StringComparer.Ordinal)
    {
        ["none"] = ([], null),
        ["all"] = (
            [("ratelimit-limit", "5000"), ("ratelimit-remaining", "4816"), ("ratelimit-reset", "1772366400")],
            new(5000, 4816, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))),
        ["in another case"] = ([("RateLimit-Remaining", "0")], new(null, 0, null)),
        ["not numbers"] = ([("ratelimit-limit", "many"), ("ratelimit-remaining", "-1"), ("ratelimit-reset", "")], null),
        ["beyond all bounds"] = ([("ratelimit-limit", "99999999999"), ("ratelimit-reset", "9999999999999999")], new(null, null, null)),
    };

    public static TheoryData<string> QuotaNames => [.. QuotaCases.Keys];

    [Theory]
    [MemberData(nameof(QuotaNames))]
    public async Task The_quota_is_the_one_last_told(string name)
    {
        var (headers, limit) = QuotaCases[name];
        using var rig = new Rig(Replies.Json(Account, 200, headers), Replies.Json(Account));
        Assert.Null(rig.Client.LastRateLimit);

        await rig.Client.GetAccountAsync(Rig.Ct);
        Assert.Equal(limit, rig.Client.LastRateLimit);

        await rig.Client.GetAccountAsync(Rig.Ct);
        Assert.Equal(limit, rig.Client.LastRateLimit);
    }

    [Fact]
    public async Task The_servers_clock_and_quota_are_read_from_failures_too()
    {
        using var rig = new Rig(Replies.Nothing(422, ("Date", "Sun, 01 Mar 2026 12:00:07 GMT"), ("ratelimit-remaining", "3")));
        Assert.Null(rig.Client.ClockOffset);

        await rig.Client.SnapshotDropletAsync(1, "n", Rig.Ct);

        Assert.Equal(TimeSpan.FromSeconds(7), rig.Client.ClockOffset);
        Assert.Equal(rig.Time.GetTimestamp(), rig.Client.Clocks!.Timestamp);
        Assert.Equal(3, rig.Client.LastRateLimit?.Remaining);
    }
}
