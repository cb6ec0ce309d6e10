using System.Net;
using DoSnapshot.Contracts;
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
        var watch = new UncoveredWatch(_world.Log, _world.Api, _world.Clock, _logger);
        _reconciler = new Reconciler(_world.Log, _world.Api, _world.Configured, _world.Clock, _world.Timings, NullLogger<Reconciler>.Instance, uncovered: watch);
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
        await _reconciler.RunAsync(World.Ct);
        var seen = Assert.Single(await SeenAsync());
        var droplet = Assert.Single(seen.Droplets);
        Assert.Equal((db, "db-1"), (droplet.DropletId, droplet.Name));
        Assert.Equal(["eu", "sql"], droplet.Tags);

        // The same again, an hour later: nothing to say. In between it is not even asked.
        var before = Listings();
        await _reconciler.RunAsync(World.Ct);
        Assert.Equal(before, Listings());
        _world.Clock.Advance(TimeSpan.FromHours(1));
        await _reconciler.RunAsync(World.Ct);
        Assert.Equal(before + 1, Listings());
        Assert.Single(await SeenAsync());
    }

    [Fact]
    public async Task One_that_leaves_its_plan_without_another_tag_is_named_until_it_is_gone()
    {
        await _world.LeadAsync();
        var web = _world.AddDroplet("web-1");
        await _reconciler.RunAsync(World.Ct);
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
        await _reconciler.RunAsync(World.Ct);
        Assert.Single((await _world.EventsAsync()).OfType<DropletEnrolled>());
        Assert.Contains("Which droplets no plan covers is not known", Assert.Single(_logger.Lines), StringComparison.Ordinal);
        Assert.Empty(await SeenAsync());
    }

    private async Task LaterAsync()
    {
        _world.Clock.Advance(TimeSpan.FromHours(1.1));
        await _reconciler.RunAsync(World.Ct);
    }

    private int Listings() => _world.Calls("GET", "/v2/droplets?").Count(c => !c.Path.Contains("tag_name", StringComparison.Ordinal));

    private async Task<List<DropletsUncovered>> SeenAsync() => [.. (await _world.EventsAsync()).OfType<DropletsUncovered>()];
}
