using System.Globalization;
using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class PagingTests
{
    private const string Next = """{"pages":{"next":"https://api.digitalocean.com/v2/snapshots?page=2"}}""";
    private const string Last = """{"pages":{"first":"https://api.digitalocean.com/v2/snapshots?page=1","prev":"p"}}""";

    [Fact]
    public async Task Every_page_is_read()
    {
        using var rig = new Rig(Page(Next, "5", 1, 2), Page(Next, "5", 3, 4), Page(Last, "5", 5));

        Assert.Equal([1, 2, 3, 4, 5], await ListIdsAsync(rig));
        Assert.Equal(
            [
                "GET /v2/snapshots?resource_type=droplet&per_page=200&page=1",
                "GET /v2/snapshots?resource_type=droplet&per_page=200&page=2",
                "GET /v2/snapshots?resource_type=droplet&per_page=200&page=3",
            ],
            rig.Api.Sent.ConvertAll(request => request.ToString()));
    }

    /// <summary>Links of a first page of two rows, its total, and whether a second page is asked for.</summary>
    private static readonly Dictionary<string, (string? Links, string? Total, bool Followed)> LinkCases = new(StringComparer.Ordinal)
    {
        ["next"] = (Next, "3", true),
        ["next, though the total says otherwise"] = (Next, "2", true),
        ["next, no total"] = (Next, null, true),
        ["prev and first only"] = (Last, "2", false),
        ["prev and first only, though the total grew"] = (Last, "900", false),
        ["next is null"] = ("""{"pages":{"next":null}}""", "2", false),
        ["next is empty"] = ("""{"pages":{"next":""}}""", "2", false),
        ["no pages"] = ("{}", "2", false),
        ["empty pages"] = ("""{"pages":{}}""", "2", false),
        ["null pages"] = ("""{"pages":null}""", "2", false),
        ["null links"] = ("null", "2", false),
        ["links of another kind"] = ("[]", "2", false),
        ["no links"] = (null, "2", false),
        ["neither links nor total"] = (null, null, false),
        ["total of another kind"] = (null, "{}", false),
        ["no links, though the total says that there is more"] = (null, "3", true),
        ["empty pages, though the total says that there is more"] = ("""{"pages":{}}""", "3", true),
    };

    public static TheoryData<string> LinkNames => [.. LinkCases.Keys];

    [Theory]
    [MemberData(nameof(LinkNames))]
    public async Task Links_tell_whether_there_is_more(string name)
    {
        var (links, total, followed) = LinkCases[name];
        using var rig = new Rig(Page(links, total, 1, 2), Page("{}", total, 3));

        Assert.Equal(followed ? [1, 2, 3] : [1, 2], await ListIdsAsync(rig));
    }

    [Fact]
    public async Task A_total_that_promises_too_much_ends_with_an_empty_page()
    {
        using var rig = new Rig(Page(null, "9", 1, 2), Page(null, "9"));

        Assert.Equal([1, 2], await ListIdsAsync(rig));
        Assert.Equal(2, rig.Api.Sent.Count);
    }

    [Fact]
    public async Task A_next_address_elsewhere_is_never_followed()
    {
        using var rig = new Rig(
            Page("""{"pages":{"next":"https://evil.example/v2/snapshots?page=2&per_page=1"}}""", "2", 1),
            Page(Last, "2", 2));

        Assert.Equal([1, 2], await ListIdsAsync(rig));
        Assert.All(rig.Api.Sent, request => Assert.Equal("https://api.digitalocean.com", request.Url.GetLeftPart(UriPartial.Authority)));
        Assert.Equal("/v2/snapshots?resource_type=droplet&per_page=200&page=2", rig.Api.Sent[1].PathAndQuery);
    }

    /// <summary>Two pages between which the list moves, then two of a list that stands still.</summary>
    public static TheoryData<string, string, long[], string, long[]> Moves => new()
    {
        { "one was deleted, and 3 slipped through", "4", [1, 2], "3", [4] },
        { "one was created, and 2 is shown twice", "4", [1, 2], "5", [2, 3, 4] },
        { "one was deleted and one created, and one is shown twice", "4", [1, 2], "4", [2, 4] },
    };

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task A_list_that_moves_while_it_is_read_is_read_again(string name, string total, long[] first, string totalThen, long[] second)
    {
        using var rig = new Rig(Page(Next, total, first), Page(Last, totalThen, second), Page(Next, "3", 2, 3), Page(Last, "3", 4));

        Assert.True((await ListIdsAsync(rig)).SequenceEqual([2, 3, 4]), name);
        Assert.Equal(4, rig.Api.Sent.Count);
    }

    [Fact]
    public async Task A_list_that_never_stands_still_is_taken_as_it_is_the_third_time()
    {
        using var rig = new Rig(
            Page(Next, "3", 1, 2), Page(Last, "4", 3), Page(Next, "4", 1, 2), Page(Last, "5", 4), Page(Next, "5", 1, 2), Page(Last, "6", 2, 5));

        Assert.Equal([1, 2, 5], await ListIdsAsync(rig));
        Assert.Equal(6, rig.Api.Sent.Count);
    }

    [Fact]
    public async Task A_page_with_nothing_of_ours_is_not_the_end()
    {
        using var rig = new Rig(
            Replies.Json($$"""{"snapshots":[{"id":"fbe805e8-866b-11e6-96bf-000f53315a41","resource_type":"volume"}],"links":{{Next}}}"""),
            Page(Last, "2", 2));

        Assert.Equal([2], await ListIdsAsync(rig));
    }

    [Fact]
    public async Task A_page_that_fails_fails_the_list()
    {
        using var rig = new Rig(Page(Next, "2", 1), Replies.Html(504));

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.ListSnapshotsAsync(Rig.Ct));

        Assert.Contains("page=2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_without_end_is_an_error()
    {
        using var rig = new Rig(Page(Next, "2", 1));

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.ListSnapshotsAsync(Rig.Ct));

        Assert.Equal("GET /v2/snapshots?resource_type=droplet: the list has more than 500 pages of 200", failure.Message);
        Assert.False(failure.IsTransient);
        Assert.Equal(500, rig.Api.Sent.Count);
    }

    private static readonly Dictionary<string, (Func<IDigitalOcean, Task> List, string Root, string Path)> Lists =
        new(StringComparer.Ordinal)
        {
            ["regions"] = (api => api.ListRegionsAsync(Rig.Ct), "regions", "/v2/regions?"),
            ["droplets"] = (api => api.ListDropletsAsync("env:web_1", Rig.Ct), "droplets", "/v2/droplets?tag_name=env%3Aweb_1&"),
            ["all droplets"] = (api => api.ListAllDropletsAsync(Rig.Ct), "droplets", "/v2/droplets?"),
            ["droplets of a strange tag"] = (api => api.ListDropletsAsync("a&b c", Rig.Ct), "droplets", "/v2/droplets?tag_name=a%26b%20c&"),
            ["snapshots"] = (api => api.ListSnapshotsAsync(Rig.Ct), "snapshots", "/v2/snapshots?resource_type=droplet&"),
            ["snapshots of a droplet"] = (api => api.ListSnapshotsOfDropletAsync(9, Rig.Ct), "snapshots", "/v2/droplets/9/snapshots?"),
            ["actions"] = (api => api.ListActionsAsync(default, Rig.Ct), "actions", "/v2/actions?"),
            ["actions of a droplet"] = (api => api.ListDropletActionsAsync(9, default, Rig.Ct), "actions", "/v2/droplets/9/actions?"),
            ["actions of an image"] = (api => api.ListImageActionsAsync(9, default, Rig.Ct), "actions", "/v2/images/9/actions?"),
        };

    public static TheoryData<string> ListNames => [.. Lists.Keys];

    [Theory]
    [MemberData(nameof(ListNames))]
    public async Task Every_list_asks_for_large_pages_and_reads_on(string name)
    {
        var (list, root, path) = Lists[name];
        using var rig = new Rig(Replies.Json($$"""{"{{root}}":[],"links":{{Next}}}"""), Replies.Json($$"""{"{{root}}":[],"links":{} }"""));

        await list(rig.Client);

        Assert.Equal(
            [$"GET {path}per_page=200&page=1", $"GET {path}per_page=200&page=2"], rig.Api.Sent.ConvertAll(request => request.ToString()));
    }

    private static async Task<List<long>> ListIdsAsync(Rig rig) =>
        [.. (await rig.Client.ListSnapshotsAsync(Rig.Ct)).Select(snapshot => snapshot.Id)];

    private static Reply Page(string? links, string? total, params long[] ids)
    {
        var rows = ids.Select(id =>
            string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{id}}","name":"n{{id}}","created_at":"2026-02-01T00:00:00Z"}"""));
        var linksMember = links is null ? "" : $",\"links\":{links}";
        var totalMember = total is null ? "" : $",\"meta\":{{\"total\":{total}}}";
        return Replies.Json($"{{\"snapshots\":[{string.Join(',', rows)}]{linksMember}{totalMember}}}");
    }
}
