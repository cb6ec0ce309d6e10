using System.Net;
using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Planner;
using DoSnapshot.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Services.Tests;

/// <summary>Which droplets no plan covers is looked for now and then, and is in the log once.</summary>
public sealed class UncoveredWatchTests : IAsyncDisposable
{
    private readonly World _world = new();
    private readonly RecordingLogger<UncoveredWatch> _logger = new();
    private readonly Reconciler _reconciler;

    public UncoveredWatchTests()
    {
        _reconciler = Reconciler(_world.Log);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Those_with_tags_that_no_plan_goes_by_are_named_and_no_others()
    {
        await _world.LeadAsync();
        _world.AddDroplet("web-1");
        var db = _world.AddDroplet("db-1", "sql", "eu");
        _world.Account.AddDroplet(new NewDroplet { Name = "bare", Region = World.Home });
        _world.AddDroplet("node", "k8s", "k8s:worker");
        await _reconciler.CompareAndLookAsync();
        var seen = Assert.Single(await SeenAsync());
        var droplet = Assert.Single(seen.Droplets);
        Assert.Equal((db, "db-1"), (droplet.DropletId, droplet.Name));
        Assert.Equal(["eu", "sql"], droplet.Tags);

        // The same again, an hour later: nothing to say. In between it is not even asked.
        var before = Listings();
        await _reconciler.CompareAndLookAsync();
        Assert.Equal(before, Listings());
        _world.Clock.Advance(TimeSpan.FromHours(1));
        await _reconciler.CompareAndLookAsync();
        Assert.Equal(before + 1, Listings());
        Assert.Single(await SeenAsync());
    }

    [Fact]
    public async Task One_that_leaves_its_plan_without_another_tag_is_named_until_it_is_gone()
    {
        await _world.LeadAsync();
        var web = _world.AddDroplet("web-1");
        await _reconciler.CompareAndLookAsync();
        Assert.Empty(await SeenAsync());

        _world.Account.RetagDroplet(web, []).OrThrow();
        await LaterAsync();
        // It has left with the comparison; whether it is still there is looked for with the next.
        await LaterAsync();
        Assert.Equal([web], (await SeenAsync())[^1].Droplets.Select(d => d.DropletId));

        _world.Account.DestroyDroplet(web);
        await LaterAsync();
        Assert.Empty((await SeenAsync())[^1].Droplets);
    }

    [Fact]
    public async Task Droplets_that_cannot_be_listed_are_said_and_the_comparison_stands()
    {
        await _world.LeadAsync();
        _world.AddDroplet("web-1");
        _world.AddDroplet("db-1", "sql");
        _world.Line.Instead = r => r.RequestUri!.PathAndQuery.StartsWith("/v2/droplets?", StringComparison.Ordinal) && !r.RequestUri.Query.Contains("tag_name", StringComparison.Ordinal)
            ? new HttpResponseMessage(HttpStatusCode.Forbidden)
            : null;
        await _reconciler.CompareAndLookAsync();
        Assert.Single((await _world.EventsAsync()).OfType<DropletEnrolled>());
        Assert.Contains("Which droplets no plan covers is not known", Assert.Single(_logger.Lines), StringComparison.Ordinal);
        Assert.Empty(await SeenAsync());
    }

    [Fact]
    public async Task One_that_comes_between_the_listings_is_claimed_by_its_tags()
    {
        await _world.LeadAsync();
        _world.AddDroplet("web-1");
        long? late = null;
        _world.Line.Afterwards = r => late ??= r.RequestUri!.Query.Contains("tag_name", StringComparison.Ordinal) ? _world.AddDroplet("web-2") : null;
        await _reconciler.CompareAndLookAsync();
        Assert.NotNull(late);
        Assert.Single((await _world.EventsAsync()).OfType<DropletEnrolled>());
        Assert.Empty(await SeenAsync());
    }

    [Fact]
    public async Task Those_that_come_and_go_by_themselves_are_news_once_a_day_and_more_of_them_or_what_somebody_did_at_once()
    {
        await _world.LeadAsync();
        var web = _world.AddDroplet("web-1");
        var (old, db) = (_world.AddDroplet("pool-0", "pool"), _world.AddDroplet("db-1", "sql"));
        await _reconciler.CompareAndLookAsync();
        Assert.Single(await SeenAsync());
        // Each hour one goes and another comes in its place.
        for (var i = 1; i <= 20; i++)
        {
            _world.Account.DestroyDroplet(old);
            old = _world.AddDroplet($"pool-{i}", "pool");
            await LaterAsync();
        }

        Assert.Single(await SeenAsync());
        await LaterAsync();
        var seen = await SeenAsync();
        Assert.Equal([db, old], seen[^1].Droplets.Select(d => d.DropletId));
        Assert.InRange(seen[^1].At - seen[0].At, TimeSpan.FromHours(22), TimeSpan.FromDays(1));

        // More of a kind than were named.
        var more = _world.AddDroplet("pool-99", "pool");
        await LaterAsync();
        Assert.Equal([db, old, more], (await SeenAsync())[^1].Droplets.Select(d => d.DropletId));

        // One is no more, and nobody did anything.
        _world.Account.DestroyDroplet(more);
        await LaterAsync();
        Assert.Equal(3, (await SeenAsync()).Count);

        // Somebody gives one to the plan.
        _world.Account.RetagDroplet(db, ["autosnapshot"]).OrThrow();
        await LaterAsync();
        Assert.Equal([old], (await SeenAsync())[^1].Droplets.Select(d => d.DropletId));

        // One leaves its plan.
        _world.Account.RetagDroplet(web, ["pool"]).OrThrow();
        await LaterAsync();
        await LaterAsync();
        Assert.Equal([web, old], (await SeenAsync())[^1].Droplets.Select(d => d.DropletId));
    }

    [Fact]
    public async Task A_log_that_goes_away_meanwhile_is_said_and_what_else_went_wrong_too()
    {
        var reconciler = Reconciler(new RefusingLog<DropletsUncovered>(_world.Log));
        await _world.LeadAsync();
        _world.AddDroplet("db-1", "sql");
        var web = _world.AddDroplet("web-1");
        await _world.ReconcileAsync();
        _world.Account.RetagDroplet(web, []).OrThrow();
        _world.Line.Instead = r => r.RequestUri!.AbsolutePath == $"/v2/droplets/{web}" ? new HttpResponseMessage(HttpStatusCode.Forbidden) : null;
        var failed = await Assert.ThrowsAsync<AggregateException>(() => reconciler.RunAsync(World.Ct));
        await reconciler.LookForUncoveredAsync(World.Ct);
        Assert.Contains("403", Assert.Single(failed.InnerExceptions).Message, StringComparison.Ordinal);
        Assert.Contains("The database is away.", Assert.Single(_logger.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_a_clock_that_turns_out_to_be_wrong_nothing_is_written()
    {
        await _world.LeadAsync();
        _world.AddDroplet("db-1", "sql");
        _world.Line.Instead = r => r.RequestUri!.PathAndQuery.StartsWith("/v2/droplets?", StringComparison.Ordinal) && !r.RequestUri.Query.Contains("tag_name", StringComparison.Ordinal)
            ? Dated(_world.Now.AddMinutes(10))
            : null;
        await Assert.ThrowsAsync<ClockSkewException>(() => _reconciler.CompareAndLookAsync());
        Assert.Empty(await SeenAsync());
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task One_that_cannot_be_asked_for_is_said_and_neither_the_list_nor_the_others_wait_for_it()
    {
        var (bad, gone) = await TwoThatLeftAsync();
        _world.Account.DestroyDroplet(bad);
        _world.Account.DestroyDroplet(gone);
        _world.Line.Instead = r => r.RequestUri!.AbsolutePath == $"/v2/droplets/{bad}" ? new HttpResponseMessage(HttpStatusCode.Forbidden) : null;
        await LaterAsync();
        await LaterAsync();
        Assert.Equal([gone], (await _world.EventsAsync()).OfType<DropletWithdrawn>().Where(w => w.Reason == "the droplet is no more").Select(w => w.DropletId));
        Assert.Contains("Whether droplets that left their plans are destroyed is not known", Assert.Single(_logger.Lines), StringComparison.Ordinal);

        var before = Listings();
        await _reconciler.CompareAndLookAsync();
        Assert.Equal((before, 1), (Listings(), _logger.Lines.Count));
        _world.Line.Instead = null;
        await LaterAsync();
        Assert.Equal(2, (await _world.EventsAsync()).OfType<DropletWithdrawn>().Count(w => w.Reason == "the droplet is no more"));
    }

    [Fact]
    public async Task Those_that_left_are_asked_for_as_what_comparisons_ask()
    {
        var (one, other) = await TwoThatLeftAsync();
        _world.Account.DestroyDroplet(one);
        _world.Account.DestroyDroplet(other);
        _world.Requests.Take(RequestPurpose.Following);
        await LaterAsync();
        await LaterAsync();
        Assert.Equal(0, _world.Requests.Take(RequestPurpose.Following));
        Assert.Equal(2, _world.Calls("GET", "/v2/droplets/").Count(c => c.Status == 404));
    }

    /// <summary>Two droplets that were in the plan and left it.</summary>
    private async Task<(long One, long Other)> TwoThatLeftAsync()
    {
        await _world.LeadAsync();
        var (one, other) = (_world.AddDroplet("web-1"), _world.AddDroplet("web-2"));
        await _reconciler.CompareAndLookAsync();
        _world.Account.RetagDroplet(one, []).OrThrow();
        _world.Account.RetagDroplet(other, []).OrThrow();
        await _reconciler.CompareAndLookAsync();
        return (one, other);
    }

    private static HttpResponseMessage Dated(DateTimeOffset date)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"droplets":[{"id":99,"name":"db-9","tags":["sql"],"status":"active"}],"links":{},"meta":{"total":1}}""") };
        answer.Headers.Date = date;
        return answer;
    }

    private Reconciler Reconciler(IEventLog log) => new(
        log,
        _world.Api,
        _world.Configured,
        _world.Clock,
        _world.Timings,
        NullLogger<Reconciler>.Instance,
        uncovered: new UncoveredWatch(log, _world.Api, _world.Clock, _world.Timings, _logger));

    private async Task LaterAsync()
    {
        _world.Clock.Advance(TimeSpan.FromHours(1.1));
        await _reconciler.CompareAndLookAsync();
    }

    private int Listings() => _world.Calls("GET", "/v2/droplets?").Count(c => !c.Path.Contains("tag_name", StringComparison.Ordinal));

    private async Task<List<DropletsUncovered>> SeenAsync() => [.. (await _world.EventsAsync()).OfType<DropletsUncovered>()];
}
