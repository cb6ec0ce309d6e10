using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Histories;
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
    private const string NoDroplets = """{"droplets":[],"links":{},"meta":{"total":0}}""";

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
        await _reconciler.CompareAndLookAsync();
        if (isGone)
        {
            _world.Account.DestroyDroplet(web);
        }
        else if (what.StartsWith("skipped", StringComparison.Ordinal))
        {
            _world.Line.Instead = r => r.RequestUri!.PathAndQuery.StartsWith("/v2/droplets?", StringComparison.Ordinal)
                ? Answer(System.Net.HttpStatusCode.OK, NoDroplets)
                : null;
        }

        await LaterAsync(3);
        var told = (await ToldAsync())[web];
        Assert.Equal((isGone, 1), (told.GetProperty("gone").GetBoolean(), told.GetProperty("snapshots").GetInt32()));
        Assert.Equal(isGone, told.GetProperty("why").GetString() == "the droplet is no more");
        Assert.Equal(isGone, (await AskedForAsync()).Refusals.Count == 1);
    }

    [Fact]
    public async Task Each_that_is_gone_is_asked_for_and_noted_once_and_so_many_in_a_look()
    {
        await _world.Keeper.ApplyAsync(World.Ct);
        List<long> all = [.. Enumerable.Range(1, UncoveredWatch.MostAsked + 10).Select(i => _world.AddDroplet($"web-{i}", "web"))];
        await _reconciler.CompareAndLookAsync();
        all.ForEach(id => _world.Account.RetagDroplet(id, []).OrThrow());
        _world.Clock.Advance(Quarter);
        await _reconciler.CompareAndLookAsync();
        all.ForEach(id => _world.Account.DestroyDroplet(id));
        var (asked, left) = (Asked(), await LeftAsync());
        Assert.Equal(all.Count, left);

        // Missing from one look, it may have been skipped.
        await LaterAsync();
        Assert.Equal((asked, left), (Asked(), await LeftAsync()));
        await LaterAsync();
        Assert.Equal((asked + UncoveredWatch.MostAsked, left + UncoveredWatch.MostAsked), (Asked(), await LeftAsync()));
        await LaterAsync();
        Assert.Equal((asked + all.Count, left + all.Count), (Asked(), await LeftAsync()));
        await LaterAsync();
        Assert.Equal((asked + all.Count, left + all.Count), (Asked(), await LeftAsync()));

        // Nor by a planner that is started anew, nor for what the comparison itself saw to be gone.
        var another = new UncoveredWatch(_world.Log, _world.Api, _world.Clock, _world.Timings, NullLogger<UncoveredWatch>.Instance);
        var anew = new Reconciler(_world.Log, _world.Api, _world.Configured, _world.Clock, _world.Timings, NullLogger<Reconciler>.Instance, uncovered: another);
        await anew.CompareAndLookAsync();
        _world.Clock.Advance(AnHour);
        await anew.CompareAndLookAsync();
        Assert.Equal((asked + all.Count, left + all.Count), (Asked(), await LeftAsync()));
        Assert.Empty(await ToldAsync());
    }

    [Fact]
    public async Task One_that_one_look_misses_and_that_is_not_at_its_address_for_a_moment_is_not_destroyed()
    {
        var web = await LeftThePlanAsync();
        Hide(web);
        await LaterAsync();
        _world.Line.Instead = null;
        await LaterAsync();
        Hide(web);
        await LaterAsync();
        Assert.False((await ToldAsync())[web].GetProperty("gone").GetBoolean());

        // Nor one that an earlier lead had missed.
        _reconciler.BeginLead();
        await LaterAsync();
        Assert.False((await ToldAsync())[web].GetProperty("gone").GetBoolean());
        await LaterAsync();
        Assert.True((await ToldAsync())[web].GetProperty("gone").GetBoolean());
    }

    [Fact]
    public async Task One_that_was_noted_as_destroyed_and_is_there_after_all_takes_snapshots_by_hand_again()
    {
        var web = await LeftThePlanAsync();
        Hide(web);
        await LaterAsync(2);
        Assert.Single((await AskedForAsync()).Refusals);

        // The listing names it, and its address does not answer: it may name it a while longer than it is there.
        Hide(web, listed: true);
        await LaterAsync();
        Assert.Single((await AskedForAsync()).Refusals);
        var left = await LeftAsync();

        _world.Line.Instead = null;
        await LaterAsync(3);
        Assert.Equal(left + 1, await LeftAsync());
        var told = (await ToldAsync())[web];
        Assert.Equal((false, "the droplet is there after all, and in no plan"), (told.GetProperty("gone").GetBoolean(), told.GetProperty("why").GetString()));
        Assert.Equal("the droplet is there after all; its plan was 'web'", EventWords.Of((await _world.EventsAsync()).OfType<DropletWithdrawn>().Last()));
        Assert.Empty((await AskedForAsync()).Refusals);

        // And destroyed in the end.
        _world.Account.DestroyDroplet(web);
        await LaterAsync(2);
        Assert.True((await ToldAsync())[web].GetProperty("gone").GetBoolean());
        Assert.Single((await AskedForAsync()).Refusals);
    }

    [Fact]
    public async Task One_that_was_seen_to_be_destroyed_while_in_its_plan_and_is_there_without_its_tag_takes_them_too()
    {
        var web = await CoveredAsync();
        Hide(web);
        _world.Clock.Advance(Quarter);
        await _reconciler.CompareAndLookAsync();
        Assert.Single((await AskedForAsync()).Refusals);
        _world.Account.RetagDroplet(web, []).OrThrow();
        _world.Line.Instead = null;
        await LaterAsync();
        Assert.Empty((await AskedForAsync()).Refusals);
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
        await _reconciler.CompareAndLookAsync();
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
        await _reconciler.CompareAndLookAsync();
        return web;
    }

    /// <summary>A droplet that was in the plan and left it.</summary>
    private async Task<long> LeftThePlanAsync()
    {
        var web = await CoveredAsync();
        _world.Account.RetagDroplet(web, []).OrThrow();
        _world.Clock.Advance(Quarter);
        await _reconciler.CompareAndLookAsync();
        return web;
    }

    /// <summary>Nobody finds the droplet at its own address, nor in any listing unless that names it.</summary>
    private void Hide(long droplet, bool listed = false) => _world.Line.Instead = r => r.RequestUri!.AbsolutePath switch
    {
        var path when path == $"/v2/droplets/{droplet}" => Answer(System.Net.HttpStatusCode.NotFound, """{"id":"not_found","message":"The resource you were accessing could not be found."}"""),
        "/v2/droplets" when !listed => Answer(System.Net.HttpStatusCode.OK, NoDroplets),
        _ => null,
    };

    private static HttpResponseMessage Answer(System.Net.HttpStatusCode status, string json) => new(status) { Content = new StringContent(json) };

    private async Task<ActsDone> AskedForAsync() =>
        await Acting.RunAsync(_world.Log, await ManualActs.SnapshotAsync(_world.Log, ["web-1"], new CommandedBy("ann", "why not", _world.Now), World.Ct), World.Ct);

    private async Task LaterAsync(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _world.Clock.Advance(AnHour);
            await _reconciler.CompareAndLookAsync();
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
