using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Services.Tests;

/// <summary>What planner and workers make of an API that answers late, wrongly or not at all.</summary>
public sealed class ApiFaultTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan(keep: "0h:1d", regions: "lon1"));
    private readonly long _web;

    public ApiFaultTests() => _web = _world.AddDroplet();

    private SandboxFaults Faults => _world.Account.Faults;

    public static TheoryData<SandboxFaultKind> OfPosts =>
    [
        SandboxFaultKind.CutBefore, SandboxFaultKind.CutAfter, SandboxFaultKind.CutInBody, SandboxFaultKind.TruncatedJson, SandboxFaultKind.ErrorBefore,
        SandboxFaultKind.ErrorAfter, SandboxFaultKind.HtmlBefore, SandboxFaultKind.HtmlAfter, SandboxFaultKind.HourlyLimit, SandboxFaultKind.BurstLimit,
    ];

    [Theory]
    [MemberData(nameof(OfPosts))]
    public async Task Whatever_becomes_of_the_first_posts_there_is_one_snapshot_and_one_copy(SandboxFaultKind kind)
    {
        Faults.Set(
            new SandboxFaultRule { Kind = kind, Calls = "POST /v2/droplets/{id}/actions", Times = 2 },
            new SandboxFaultRule { Kind = kind, Calls = "POST /v2/images/{id}/actions", Times = 2 });
        await _world.LeadAsync();

        await _world.RunAsync(TimeSpan.FromHours(6));

        Assert.Equal(["lon1", World.Home], Assert.Single(_world.Account.State().Snapshots).Regions.Order(StringComparer.Ordinal));
        Assert.True((await _world.OnlyAsync(_web)).IsComplete);
        Assert.Equal(2, _world.Account.State().Actions.Count);
        Assert.True(Faults.Counts().Total >= 2);
    }

    [Theory]
    [InlineData(SandboxFaultKind.CutBefore)]
    [InlineData(SandboxFaultKind.CutAfter)]
    [InlineData(SandboxFaultKind.ErrorAfter)]
    [InlineData(SandboxFaultKind.HtmlAfter)]
    [InlineData(SandboxFaultKind.HourlyLimit)]
    public async Task Whatever_becomes_of_the_first_deletes_the_old_one_goes_and_the_new_one_stays(SandboxFaultKind kind)
    {
        var old = _world.PlantOld(_web, "web-1", World.Start.AddDays(-3), World.Home, "lon1");
        Faults.Set(new SandboxFaultRule { Kind = kind, Calls = "DELETE *", Times = 2 });
        await _world.LeadAsync();

        await _world.RunAsync(TimeSpan.FromHours(6));

        Assert.Equal(old, Assert.Single(_world.Account.State().Deleted).Snapshot.Id);
        Assert.Single(_world.Account.State().Snapshots);
        Assert.Single((await _world.EventsAsync()).OfType<SnapshotPruned>());
        Assert.DoesNotContain(await _world.EventsAsync(), e => e is SnapshotLost);
    }

    [Theory]
    [InlineData("GET /v2/snapshots")]
    [InlineData("GET /v2/droplets")]
    [InlineData("GET /v2/account")]
    public async Task From_half_a_list_nothing_is_concluded(string calls)
    {
        _world.PlantOld(_web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        var head = await _world.Log.HeadAsync(World.Ct);
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.TruncatedJson, Calls = calls });
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<DigitalOceanException>(() => _world.ReconcileAsync());
            _world.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        Assert.Equal(head, await _world.Log.HeadAsync(World.Ct));
    }

    [Fact]
    public async Task A_snapshot_that_stale_lists_do_not_have_yet_is_neither_lost_nor_made_again()
    {
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromMinutes(20));
        Assert.True((await _world.OnlyAsync(_web)).IsComplete);
        // All of them, for half an hour: the lists still are as before the snapshot was there.
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.StaleList, Seconds = 1800 });
        var image = Assert.Single(_world.Account.Images());
        Assert.Null(_world.Account.DeleteSnapshot(image.Id));
        _world.Plant(_web, image.Name, image.CreatedAt, image.Id, [.. image.Regions]);

        await _world.RunAsync(TimeSpan.FromMinutes(45));

        Assert.DoesNotContain(await _world.EventsAsync(), e => e is SnapshotLost);
        Assert.Single((await _world.EventsAsync()).OfType<SnapshotRequested>());
    }

    [Fact]
    public async Task A_snapshot_that_stale_lists_still_have_is_deleted_once_and_is_not_back()
    {
        var old = _world.PlantOld(_web, "web-1", World.Start.AddDays(-3), World.Home, "lon1");
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.StaleList, Seconds = 300 });
        await _world.LeadAsync();

        await _world.RunAsync(TimeSpan.FromHours(6));

        Assert.Equal(old, Assert.Single(_world.Account.State().Deleted).Snapshot.Id);
        Assert.Single((await _world.EventsAsync()).OfType<SnapshotPruned>());
        Assert.Single(_world.Account.State().Snapshots);
        Assert.Single((await _world.LedgerAsync(_web)).Snapshots, s => s.IsComplete);
    }

    [Fact]
    public async Task A_late_request_after_an_unknown_outcome_makes_no_second_snapshot()
    {
        // As late as the client's patience and the settling time allow for.
        Faults.Set(
            new SandboxFaultRule { Kind = SandboxFaultKind.SlowRequest, Calls = "POST /v2/droplets/{id}/actions", Seconds = 240, Times = 1 });
        await _world.LeadAsync();
        await RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));

        Assert.Single(_world.Account.State().Actions, a => a.Type is "snapshot");
        Assert.True((await _world.OnlyAsync(_web)).IsComplete);
    }

    [Fact]
    public async Task Days_of_an_api_that_often_fails_lose_nothing_and_double_nothing()
    {
        await _world.LeadAsync();
        Faults.Reseed(11);
        Faults.Set([.. Enum.GetValues<SandboxFaultKind>()
            .Where(kind => kind is not (SandboxFaultKind.SlowAnswer or SandboxFaultKind.SlowRequest))
            .Select(kind => new SandboxFaultRule { Kind = kind, Probability = 0.04 })]);
        await RunAsync(TimeSpan.FromDays(5), TimeSpan.FromMinutes(5));

        Faults.Clear();
        await _world.RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(5));
        var made = _world.Account.State().Actions.Where(a => a.Type is "snapshot" && a.Status != SandboxActionStatus.InProgress).ToList();
        var taken = (await _world.EventsAsync()).OfType<SnapshotCompleted>().Count();
        Assert.InRange(made.Count, 5, 6);
        Assert.Equal(made.Count, taken);
        Assert.True(Faults.Counts().Total > 100, $"{Faults.Counts().Total}");
        Assert.DoesNotContain(await _world.EventsAsync(), e => e is SnapshotLost);
        Assert.Equal((await _world.EventsAsync()).OfType<SnapshotPruned>().Count(), _world.Account.State().Deleted.Count);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    /// <summary>Round by round, each awaited outside the clock: what runs within a timer would move it without waking anybody.</summary>
    private async Task RunAsync(TimeSpan duration, TimeSpan step)
    {
        var end = _world.Now + duration;
        while (_world.Now < end)
        {
            await WhileTimePassesAsync(TryRoundAsync());
            _world.Clock.Advance(step);
        }
    }

    private async Task TryRoundAsync()
    {
        try
        {
            await _world.RoundAsync();
        }
        catch (Exception e) when (e is DigitalOceanException or AggregateException or Planner.ClockSkewException)
        {
            // As its service would, the next round begins where this one ended.
        }
    }

    /// <summary>The client waits for its next attempt in the world's time.</summary>
    private async Task WhileTimePassesAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 50 && !work.IsCompleted; i++)
                await Task.Yield();
        }

        await work;
    }
}
