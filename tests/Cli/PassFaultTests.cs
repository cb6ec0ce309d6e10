using System.Net;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Cli.Tests;

/// <summary>What a pass does when something goes wrong, at one droplet or at all.</summary>
public sealed class PassFaultTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly World world = new();

    [Fact]
    public async Task No_droplet_at_all_is_warned_of()
    {
        var outcome = await world.PassAsync("-s", "1d", "-t", "misspelt");

        Assert.Equal(0, outcome.Code);
        Assert.Contains(outcome.Lines, l => l.StartsWith("Warning: no droplet has the tag misspelt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_busy_droplet_is_told_and_the_others_have_their_turn()
    {
        var busy = world.AddDroplet("busy");
        var free = world.AddDroplet("free");
        world.Account.StartDropletAction(busy, "power_off").OrThrow();

        var outcome = await world.PassAsync("-s", "1d");

        Assert.Equal(1, outcome.Code);
        Assert.Equal([busy, free], outcome.Snapshotted.Order());
        Assert.Single(world.Account.State().Snapshots);
        outcome.Tells("Error: snapshot busy-autosnapshot-20260301T120000Z was not begun: ", "pending event");
    }

    [Fact]
    public async Task A_deletion_that_fails_leaves_a_survivor_and_is_told()
    {
        var droplet = world.AddDroplet();
        var stays = world.PlantOwn(droplet, 40 * Day);
        var goes = world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, Hour, World.Home, "lon1");
        world.Line.Instead = r => r.Method == HttpMethod.Delete && r.RequestUri!.AbsolutePath == $"/v2/snapshots/{stays}"
            ? Answer(HttpStatusCode.Forbidden, "forbidden", "You do not have access for the attempted action.")
            : null;

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1", "-k", "0d:1w");

        Assert.Equal(1, outcome.Code);
        Assert.Equal([goes], outcome.Deleted);
        Assert.Equal([stays], outcome.Transferred);
        outcome.Tells("Error: snapshot web-1-autosnapshot-20260120T120000Z was not deleted: ", "403");
    }

    [Fact]
    public async Task What_is_another_snapshot_than_was_listed_is_not_deleted()
    {
        var droplet = world.AddDroplet();
        var old = world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, Hour);
        // Between the listing and the deletion, something else stands under the same number.
        world.Line.Before = r =>
        {
            if (r.RequestUri!.AbsolutePath == $"/v2/snapshots/{old}" && world.Account.Image(old) is { Name: not "golden" })
            {
                Assert.Null(world.Account.DeleteSnapshot(old));
                world.Account.PlantSnapshot(new NewSnapshot { Id = old, Name = "golden", DropletId = droplet }).OrThrow();
            }
        };

        var outcome = await world.PassAsync("-s", "1d", "-k", "0d:1w");

        Assert.Equal(0, outcome.Code);
        Assert.Empty(outcome.Deleted);
        Assert.Equal("golden", world.Account.Image(old)?.Name);
        outcome.Tells("Warning: keeping snapshot web-1-", "guard IdentityChanged holds it, as its name is 'golden'");
    }

    [Fact]
    public async Task What_somebody_else_deleted_meanwhile_is_no_failure()
    {
        var droplet = world.AddDroplet();
        var old = world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, Hour);
        world.Line.Before = r =>
        {
            if (r.RequestUri!.AbsolutePath.EndsWith($"/v2/snapshots/{old}", StringComparison.Ordinal))
            {
                world.Account.DeleteSnapshot(old);
            }
        };

        var outcome = await world.PassAsync("-s", "1d", "-k", "0d:1w");

        Assert.Equal(0, outcome.Code);
        Assert.Empty(outcome.Deleted);
        Assert.Contains("Information: snapshot web-1-autosnapshot-20260130T120000Z was gone already", outcome.Lines);
    }

    [Fact]
    public async Task A_wrong_token_is_one_line_and_nothing_is_done()
    {
        using var closed = new World(token: "the-right-one");
        closed.AddDroplet();

        var outcome = await closed.PassAsync("-s", "1d");

        Assert.Equal(1, outcome.Code);
        Assert.All(outcome.Calls, c => Assert.Equal("GET", c.Method));
        var error = Assert.Single(outcome.Lines, l => l.StartsWith("Error", StringComparison.Ordinal));
        Assert.Contains("401", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_begun_where_it_cannot_be_told_what_is_in_progress()
    {
        var blind = world.AddDroplet("blind");
        var clear = world.AddDroplet("clear");
        var old = world.PlantOwn(blind, 30 * Day);
        var copy = world.PlantOwn(blind, 2 * Day);
        world.Line.Instead = r => r.Method == HttpMethod.Get
            && (r.RequestUri!.AbsolutePath == $"/v2/droplets/{blind}/actions" || r.RequestUri.AbsolutePath == $"/v2/images/{old}/actions")
                ? Answer(HttpStatusCode.Forbidden, "forbidden", "no")
                : null;

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1", "-k", "0d:1w");

        Assert.Equal(1, outcome.Code);
        Assert.Equal([clear], outcome.Snapshotted);
        Assert.Empty(outcome.Deleted);
        Assert.Equal([copy], outcome.Transferred);
        Assert.Equal(2, outcome.Lines.Count(l => l.StartsWith("Error", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_lost_answer_is_told_and_the_next_pass_sees_what_became_of_it()
    {
        var droplet = world.AddDroplet();
        var old = world.PlantOwn(droplet, 2 * Day);
        world.Line.Loses = r => r.Method == HttpMethod.Post;

        var lost = await world.PassAsync("-s", "1d", "-r", "lon1");
        world.Line.Loses = _ => false;
        var next = await world.PassAsync("-s", "1d", "-r", "lon1");

        Assert.Equal(1, lost.Code);
        Assert.Equal(2, lost.Lines.Count(l => l.StartsWith("Error: it is not known whether ", StringComparison.Ordinal)));
        Assert.Equal(0, next.Code);
        Assert.Empty(next.Snapshotted);
        Assert.Empty(next.Transferred);
        Assert.NotNull(world.Account.Image(old));
    }

    [Fact]
    public async Task Where_DigitalOcean_asks_to_wait_a_little_it_is_waited()
    {
        using var limited = new World(limited: true);
        for (var i = 0; i < 140; i++)
        {
            limited.AddDroplet($"web-{i}");
        }

        var outcome = await limited.PassAsync("-s", "1d");

        Assert.Equal(0, outcome.Code);
        Assert.Equal(140, limited.Account.State().Snapshots.Count);
        Assert.Contains(outcome.Calls, c => c.Status == 429);
    }

    [Fact]
    public async Task Deletions_wait_too_and_none_is_left_out()
    {
        using var limited = new World(limited: true);
        var droplet = limited.AddDroplet();
        limited.PlantOwn(droplet, Hour);
        for (var i = 0; i < 100; i++)
        {
            limited.PlantOwn(droplet, (30 + i) * Day);
        }

        var outcome = await limited.PassAsync("-s", "1d", "-k", "0d:1w");

        Assert.True(outcome.Code == 0, outcome.Text);
        Assert.Single(limited.Account.Images());
        Assert.Contains(outcome.Calls, c => c.Status == 429);
    }

    [Fact]
    public async Task A_deletion_that_is_put_off_is_repeated_when_its_time_has_come()
    {
        var droplet = world.AddDroplet();
        var old = world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, Hour);
        var refusals = 2;
        world.Line.Instead = r => r.Method == HttpMethod.Delete && refusals-- > 0
            ? Answer(HttpStatusCode.TooManyRequests, "too_many_requests", "API Rate limit exceeded.")
            : null;

        var outcome = await world.PassAsync("-s", "1d", "-k", "0d:1w");

        Assert.Equal(0, outcome.Code);
        Assert.Equal([old], outcome.Deleted);
        Assert.Equal(2, outcome.Lines.Count(l => l == "Information: DigitalOcean asks to wait 60 s"));
    }

    [Theory]
    [InlineData(-10, "10 min ahead of")]
    [InlineData(10, "10 min behind")]
    public async Task By_a_wrong_clock_nothing_is_done(int minutes, string way)
    {
        world.PlantOwn(world.AddDroplet(), 30 * Day);
        world.Line.Change = answer => answer.Headers.Date = world.Clock.GetUtcNow().AddMinutes(minutes);

        var outcome = await world.PassAsync("-s", "1d", "-k", "0d:1w");

        Assert.Equal(1, outcome.Code);
        Assert.All(outcome.Calls, c => Assert.Equal("GET", c.Method));
        Assert.Contains($"Error: this machine's clock is {way} DigitalOcean's: nothing is done until it is set right", outcome.Lines);
    }

    [Fact]
    public async Task A_transfer_that_is_refused_is_told()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, Hour);
        world.Line.Instead = request => request.Method == HttpMethod.Post ? new HttpResponseMessage(HttpStatusCode.UnprocessableEntity) { Content = new StringContent("""{"id":"unprocessable_entity","message":"no"}""") } : null;

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1");

        Assert.Equal(1, outcome.Code);
        outcome.Tells("Error: the transfer of snapshot web-1-autosnapshot-20260301T110000Z to region lon1 was not begun: ");
    }

    [Fact]
    public async Task A_region_that_there_is_not_is_told_before_anything_is_done()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, Hour * 50);

        var refused = await Assert.ThrowsAsync<Arguments.UsageException>(() => world.PassAsync("-s", "1d", "-r", "lon1", "-r", "xyz9", "-k", "0d:1d"));

        Assert.StartsWith("-r/--region 'xyz9': DigitalOcean has no such region; it has ", refused.Message, StringComparison.Ordinal);
        Assert.All(world.Account.Journal.All(), c => Assert.Equal("GET", c.Method));
    }

    [Fact]
    public async Task A_token_that_may_not_see_the_regions_does_its_work()
    {
        var droplet = world.AddDroplet();
        world.Line.Instead = request => request.RequestUri!.AbsolutePath == "/v2/regions" ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("""{"id":"forbidden","message":"no"}""") } : null;

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1");

        Assert.Equal(0, outcome.Code);
        Assert.Equal([droplet], outcome.Snapshotted);
        outcome.Tells("Warning: whether DigitalOcean has the regions could not be seen: ");
    }

    [Fact]
    public async Task A_mistake_of_ours_cannot_make_a_dry_run_change_anything()
    {
        using var handler = new DoSnapshot.Cli.Pass.ReadOnlyHandler(world.Line);
        using var client = new HttpClient(handler, disposeHandler: false);

        var image = new Uri("https://api.digitalocean.com/v2/snapshots/1");
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.DeleteAsync(image, World.Ct));
        Assert.Equal(0, world.Account.Journal.Total);
    }

    public void Dispose() => world.Dispose();

    private static HttpResponseMessage Answer(HttpStatusCode status, string id, string message) => new(status)
    {
        Content = new StringContent($$"""{"id":"{{id}}","message":"{{message}}"}"""),
    };
}
