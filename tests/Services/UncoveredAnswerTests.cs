using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Operating.Answers;
using DoSnapshot.Operating.Manual;
using DoSnapshot.Planner;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Services.Tests;

/// <summary>From the planner's look to what is told of the droplets that no plan covers: which are destroyed, and which were never in one.</summary>
public sealed class UncoveredAnswerTests : IAsyncDisposable
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1.1);

    private readonly World _world = new(plans: WithOptOut());
    private readonly Reconciler _reconciler;

    public UncoveredAnswerTests()
    {
        var watch = new UncoveredWatch(_world.Log, _world.Api, _world.Clock, _world.Timings, NullLogger<UncoveredWatch>.Instance);
        _reconciler = new Reconciler(_world.Log, _world.Api, _world.Configured, _world.Clock, _world.Timings, NullLogger<Reconciler>.Instance, uncovered: watch);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("untagged", false)]
    [InlineData("kept out by a tag", false)]
    [InlineData("a node of a cluster", false)]
    [InlineData("skipped by the listing", false)]
    [InlineData("untagged, and destroyed within the hour", true)]
    [InlineData("kept out by a tag, and destroyed within the hour", true)]
    public async Task One_that_left_its_plan_is_destroyed_when_it_is_not_at_its_own_address_and_never_before(string what, bool isGone)
    {
        var web = await CoveredAsync();
        _world.Account.RetagDroplet(web, what.Contains("kept out", StringComparison.Ordinal) ? ["web", "off"] : what.Contains("node", StringComparison.Ordinal) ? ["k8s"] : []).OrThrow();
        _world.Clock.Advance(Quarter);
        await _reconciler.RunAsync(World.Ct);
        if (isGone)
        {
            _world.Account.DestroyDroplet(web);
        }
        else if (what.StartsWith("skipped", StringComparison.Ordinal))
        {
            _world.Line.Instead = r => r.RequestUri!.PathAndQuery.StartsWith("/v2/droplets?", StringComparison.Ordinal)
                ? new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent("""{"droplets":[],"links":{},"meta":{"total":0}}""") }
                : null;
        }

        await LaterAsync(3);
        var told = (await ToldAsync())[web];
        Assert.Equal((isGone, 1), (told.GetProperty("gone").GetBoolean(), told.GetProperty("snapshots").GetInt32()));
        Assert.Equal(isGone, told.GetProperty("why").GetString() == "the droplet is no more");
        var asked = await Acting.RunAsync(_world.Log, await ManualActs.SnapshotAsync(_world.Log, ["web-1"], new CommandedBy("ann", "why not", _world.Now), World.Ct), World.Ct);
        Assert.Equal(isGone, asked.Refusals.Count == 1);
    }

    [Fact]
    public async Task Each_that_is_gone_is_asked_for_and_noted_once_and_so_many_in_a_look()
    {
        await _world.Keeper.ApplyAsync(World.Ct);
        List<long> all = [.. Enumerable.Range(1, UncoveredWatch.MostAsked + 10).Select(i => _world.AddDroplet($"web-{i}", "web"))];
        await _reconciler.RunAsync(World.Ct);
        all.ForEach(id => _world.Account.RetagDroplet(id, []).OrThrow());
        _world.Clock.Advance(Quarter);
        await _reconciler.RunAsync(World.Ct);
        all.ForEach(id => _world.Account.DestroyDroplet(id));
        var (asked, left) = (Asked(), await LeftAsync());
        Assert.Equal(all.Count, left);

        await LaterAsync();
        Assert.Equal((asked + UncoveredWatch.MostAsked, left + UncoveredWatch.MostAsked), (Asked(), await LeftAsync()));
        await LaterAsync();
        Assert.Equal((asked + all.Count, left + all.Count), (Asked(), await LeftAsync()));
        await LaterAsync();
        Assert.Equal((asked + all.Count, left + all.Count), (Asked(), await LeftAsync()));

        // Nor by a planner that is started anew, nor for what the comparison itself saw to be gone.
        var another = new UncoveredWatch(_world.Log, _world.Api, _world.Clock, _world.Timings, NullLogger<UncoveredWatch>.Instance);
        await new Reconciler(_world.Log, _world.Api, _world.Configured, _world.Clock, _world.Timings, NullLogger<Reconciler>.Instance, uncovered: another).RunAsync(World.Ct);
        Assert.Equal((asked + all.Count, left + all.Count), (Asked(), await LeftAsync()));
        Assert.Empty(await ToldAsync());
    }

    [Fact]
    public async Task One_that_was_never_in_a_plan_is_told_of_until_a_plan_takes_it_or_would()
    {
        await CoveredAsync();
        var (db, cache, kept) = (_world.AddDroplet("db-1", "sql"), _world.AddDroplet("cache-1", "cache"), _world.AddDroplet("kept-1", "other"));
        await LaterAsync();
        Assert.Equal([db, cache, kept], (await ToldAsync()).Keys.Order());

        // No look has been since.
        _world.Account.RetagDroplet(db, ["web"]).OrThrow();
        _world.Clock.Advance(Quarter);
        await _reconciler.RunAsync(World.Ct);
        Assert.Equal([cache, kept], (await ToldAsync()).Keys.Order());

        // Nor a comparison.
        var terms = World.Stating("cache").Terms with { OptOutTag = "other" };
        await _world.Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("cache"), new PlanChanged("cache", 1, terms, _world.Now))], World.Ct);
        Assert.Empty(await ToldAsync());
    }

    [Fact]
    public async Task Where_no_planner_looks_nobody_knows_of_those_that_were_never_in_one()
    {
        var web = await CoveredAsync();
        var db = _world.AddDroplet("db-1", "sql");
        _world.Account.RetagDroplet(web, []).OrThrow();
        await LaterAsync();
        Assert.Equal([web, db], (await ToldAsync()).Keys.Order());
        Assert.Equal([web], (await ToldAsync(plannerLeads: false)).Keys);
        Assert.True((await AnswerAsync(plannerLeads: true)).GetProperty("othersKnown").GetBoolean());
        Assert.False((await AnswerAsync(plannerLeads: false)).GetProperty("othersKnown").GetBoolean());
    }

    private static StatedPlan[] WithOptOut()
    {
        var stated = World.Stating("web");
        return [stated with { Terms = stated.Terms with { OptOutTag = "off" } }];
    }

    /// <summary>A droplet in the plan, with a snapshot.</summary>
    private async Task<long> CoveredAsync()
    {
        await _world.Keeper.ApplyAsync(World.Ct);
        var web = _world.AddDroplet("web-1", "web");
        _world.Plant(web, "web-1-web-20260301T030000Z", World.Start.AddHours(-9));
        await _reconciler.RunAsync(World.Ct);
        return web;
    }

    private async Task LaterAsync(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _world.Clock.Advance(AnHour);
            await _reconciler.RunAsync(World.Ct);
        }
    }

    private int Asked() => _world.Calls("GET", "/v2/droplets/").Count;

    private async Task<int> LeftAsync() => (await _world.EventsAsync()).OfType<DropletWithdrawn>().Count();

    private async Task<Dictionary<long, JsonElement>> ToldAsync(bool plannerLeads = true) =>
        (await AnswerAsync(plannerLeads)).GetProperty("droplets").EnumerateArray().ToDictionary(d => d.GetProperty("dropletId").GetInt64());

    private async Task<JsonElement> AnswerAsync(bool plannerLeads)
    {
        using var output = new StringWriter();
        await UncoveredAnswer.WriteAsync(_world.Log, _world.Now, json: true, output, plannerLeads, World.Ct);
        return JsonElement.Parse(output.ToString());
    }
}
