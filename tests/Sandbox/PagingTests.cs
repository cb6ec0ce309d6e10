using System.Net;
using System.Text.Json;
using System.Web;

namespace DoSnapshot.Sandbox.Tests;

public sealed class PagingTests : IDisposable
{
    private readonly World _world = new();

    [Fact]
    public async Task One_page_has_empty_links()
    {
        _world.AddDroplet();

        var body = await _world.GetAsync("/v2/droplets");

        Assert.Equal("{}", body.GetProperty("links").GetRawText());
        Assert.Equal(1, body.GetProperty("meta").GetProperty("total").GetInt32());
    }

    public static TheoryData<string, int, string[]> Pages => new()
    {
        { "first, 20 by default", 20, ["next=2", "last=3"] },
        { "page=2", 20, ["first=1", "prev=1", "next=3", "last=3"] },
        { "page=3", 5, ["first=1", "prev=2"] },
        { "page=9", 0, ["first=1", "prev=3"] },
        { "per_page=45", 45, [] },
        { "per_page=200", 45, [] },
        { "per_page=44", 44, ["next=2", "last=2"] },
        { "page=45&per_page=1", 1, ["first=1", "prev=44"] },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Links_lead_to_the_neighbours_that_make_sense(string query, int rows, string[] links)
    {
        Fill(45);

        var body = await _world.GetAsync(query.Contains('=', StringComparison.Ordinal) ? $"/v2/droplets?{query}" : "/v2/droplets");

        Assert.Equal(rows, body.GetProperty("droplets").GetArrayLength());
        Assert.Equal(45, body.GetProperty("meta").GetProperty("total").GetInt32());
        Assert.Equal(links, LinksOf(body));
    }

    [Theory]
    [InlineData("/v2/droplets", "droplets")]
    [InlineData("/v2/droplets?tag_name=autosnapshot&per_page=7", "droplets")]
    [InlineData("/v2/snapshots?resource_type=droplet&per_page=200", "snapshots")]
    [InlineData("/v2/images?private=true", "images")]
    [InlineData("/v2/actions?per_page=19", "actions")]
    public async Task Following_next_to_the_last_page_gives_every_row_once(string path, string key)
    {
        Fill(230);
        foreach (var droplet in _world.Account.Droplets())
        {
            _world.Plant(droplet.Id);
            _world.Account.StartDropletAction(droplet.Id, "power_on").OrThrow();
        }

        var ids = new List<string>();
        for (var next = path; next is not null;)
        {
            var body = await _world.GetAsync(next);
            ids.AddRange(body.GetProperty(key).EnumerateArray().Select(row => row.GetProperty("id").ToString()));
            next = body.GetProperty("links").TryGetProperty("pages", out var pages) && pages.TryGetProperty("next", out var link) ? link.GetString() : null;
            Assert.True(next is null || Uri.TryCreate(next, UriKind.Absolute, out _));
        }

        Assert.Equal(230, ids.Count);
        Assert.Equal(230, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task More_than_200_to_a_page_gives_200()
    {
        Fill(201);

        var body = await _world.GetAsync("/v2/droplets?per_page=1000");

        Assert.Equal(200, body.GetProperty("droplets").GetArrayLength());
        Assert.Contains("per_page=200", body.GetProperty("links").GetProperty("pages").GetProperty("next").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=-1")]
    [InlineData("page=two")]
    [InlineData("per_page=0")]
    [InlineData("page=99999999999")]
    public Task A_page_that_cannot_be_is_refused(string query) =>
        _world.RefusedAsync(HttpMethod.Get, $"/v2/actions?{query}", HttpStatusCode.BadRequest, "bad_request");

    [Fact]
    public async Task Lists_have_an_order_that_is_stable_but_means_nothing()
    {
        Fill(60);
        var droplets = _world.Account.Droplets();
        foreach (var droplet in droplets)
            _world.Plant(droplet.Id, droplet.Name, World.Start.AddMinutes(droplet.Id % 1000));

        var first = await IdsAsync();

        Assert.Equal(first, await IdsAsync());
        Assert.NotEqual(first.Order(), first);
        Assert.NotEqual(first.OrderDescending(), first);
        Assert.NotEqual(droplets.Select(droplet => droplet.Id).Order(), droplets.Select(droplet => droplet.Id));
    }

    [Fact]
    public async Task Actions_come_newest_first()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            _world.Account.StartDropletAction(_world.AddDroplet(name).Id, "power_on").OrThrow();
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var actions = (await _world.GetAsync("/v2/actions")).GetProperty("actions").EnumerateArray();
        Assert.Equal(
            ["2026-03-01T12:02:00Z", "2026-03-01T12:01:00Z", "2026-03-01T12:00:00Z"],
            [.. actions.Select(action => action.GetProperty("started_at").GetString())]);
    }

    public void Dispose() => _world.Dispose();

    private void Fill(int droplets)
    {
        for (var i = 0; i < droplets; i++)
            _world.AddDroplet($"d{i}", "nyc3", "autosnapshot");
    }

    private async Task<long[]> IdsAsync() =>
        [.. (await _world.GetAsync("/v2/images?private=true&per_page=200")).GetProperty("images").EnumerateArray().Select(image => image.GetProperty("id").GetInt64())];

    /// <summary>The links, each with the page it leads to.</summary>
    private static string[] LinksOf(JsonElement body) =>
        body.GetProperty("links").TryGetProperty("pages", out var pages)
            ? [.. pages.EnumerateObject().Select(link => $"{link.Name}={PageOf(link.Value.GetString()!)}")]
            : [];

    private static string? PageOf(string address) => HttpUtility.ParseQueryString(new Uri(address).Query)["page"];
}
