using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Services.Tests;

/// <summary>The transfer worker: one request for each region, whatever repeats or is lost.</summary>
public sealed class TransferWorkTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan(regions: "lon1"));
    private readonly long _web;

    public TransferWorkTests()
    {
        _web = _world.AddDroplet();
    }

    [Fact]
    public async Task A_command_that_comes_ten_times_is_sent_once()
    {
        var request = await RequestedAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => _world.HandAsync(request))));
        await _world.RunAsync(TimeSpan.FromHours(1));
        await _world.HandAsync(request);

        Assert.Single(_world.Calls("POST"));
        Assert.Equal(TransferPhase.Completed, (await TransferAsync()).Phase);
    }

    [Fact]
    public async Task When_the_answer_is_lost_the_transfer_is_found_and_not_sent_again()
    {
        var request = await RequestedAsync();
        _world.Line.LoseNextAnswer = true;
        await _world.HandAsync(request);
        Assert.Equal(TransferPhase.Attempted, (await TransferAsync()).Phase);

        await _world.RunAsync(TimeSpan.FromHours(1));

        Assert.Single(_world.Calls("POST"));
        Assert.Equal(TransferPhase.Completed, (await TransferAsync()).Phase);
    }

    [Fact]
    public async Task When_the_request_is_lost_it_is_sent_again_after_it_has_settled()
    {
        var request = await RequestedAsync();
        _world.Line.LoseNextRequest = true;
        await _world.HandAsync(request);
        var settled = _world.Timings.SettledAt((await TransferAsync()).SendBefore!.Value);

        await _world.RunAsync(TimeSpan.FromHours(1));

        Assert.True(Assert.Single(_world.Calls("POST")).At >= settled);
        Assert.Equal((TransferPhase.Completed, 2), ((await TransferAsync()).Phase, (await TransferAsync()).Attempts));
    }

    [Fact]
    public async Task One_that_was_given_up_as_not_arrived_and_is_at_work_after_all_is_followed_and_not_sent_again()
    {
        var request = await RequestedAsync();
        _world.Line.LoseNextAnswer = true;
        await _world.HandAsync(request);
        // The list of actions lags behind, and the copy is not done either.
        var attempt = await TransferAsync();
        await _world.Log.DecideAsync(
            _web,
            _ => [NewEvent.Of(request.SnapshotId, new TransferFailed(request.SnapshotId, _web, "lon1", "the request did not arrive at DigitalOcean", Final: false, _world.Now, _world.Now))],
            World.Ct);
        await _world.HandAsync(request);
        Assert.Equal((TransferPhase.Started, attempt.Attempts + 1), ((await TransferAsync()).Phase, (await TransferAsync()).Attempts));

        await _world.RunAsync(TimeSpan.FromHours(1));

        Assert.Single(_world.Calls("POST"));
        Assert.Equal(TransferPhase.Completed, (await TransferAsync()).Phase);
    }

    [Fact]
    public async Task A_region_that_got_its_copy_by_another_hand_is_taken_for_what_it_is()
    {
        var request = await RequestedAsync();
        Assert.Null(_world.Account.StartTransfer(request.ImageId, "lon1").Error);
        _world.Clock.Advance(World.TransferTime);

        await _world.HandAsync(request);

        Assert.Equal(TransferPhase.Completed, (await TransferAsync()).Phase);
        Assert.Contains("lon1", (await _world.OnlyAsync(_web)).Regions);
        Assert.Equal([422], _world.Calls("POST").Select(c => c.Status));
    }

    [Fact]
    public async Task A_region_is_complete_when_the_image_says_so_and_not_when_the_action_does()
    {
        await _world.HandAsync(await RequestedAsync());
        // The action is done, and the image's own list does not have the region yet.
        var image = _world.Account.State().Snapshots[0];
        var stale = $$$"""{"snapshot":{"id":"{{{image.Id}}}","name":"{{{image.Name}}}","created_at":"2026-03-01T10:00:00Z","regions":["nyc3"],"resource_id":"{{{_web}}}","resource_type":"droplet","min_disk_size":25,"size_gigabytes":1.0,"tags":[]}}""";
        _world.Line.Instead = request => request.RequestUri!.AbsolutePath == $"/v2/snapshots/{image.Id}"
            ? new HttpResponseMessage { Content = new StringContent(stale, System.Text.Encoding.UTF8, "application/json") }
            : null;
        _world.Clock.Advance(World.TransferTime);
        await _world.FollowAsync();
        Assert.Equal(TransferPhase.Started, (await TransferAsync()).Phase);

        _world.Line.Instead = null;
        await _world.FollowAsync();
        Assert.Equal(TransferPhase.Completed, (await TransferAsync()).Phase);
    }

    [Fact]
    public async Task Copies_to_several_regions_run_side_by_side()
    {
        await using var world = new World(World.Plan(regions: "lon1 sgp1 fra1"));
        world.PlantOld(world.AddDroplet(), "web-1", World.Start.AddHours(-2));
        await world.LeadAsync();
        await world.RoundAsync();

        Assert.Equal(3, world.Calls("POST").Count);
        Assert.All(world.Calls("POST"), c => Assert.Equal((201, World.Start), (c.Status, c.At)));
    }

    [Fact]
    public async Task A_snapshot_that_is_to_go_is_not_copied_any_more()
    {
        var request = await RequestedAsync();
        var s = await _world.OnlyAsync(_web);
        await _world.Log.DecideAsync(_web, _ => [Lifecycle.NewEvent.Of(s.SnapshotId, PrunerTests.Expiry(s, _world.Now))], World.Ct);

        await _world.HandAsync(request);

        Assert.Empty(_world.Calls("POST"));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task<RegionTransfer> TransferAsync() => (await _world.OnlyAsync(_web)).Transfers["lon1"];

    /// <summary>One complete snapshot, found by reconciliation; its copy was asked for and no worker has seen that.</summary>
    private async Task<TransferRequested> RequestedAsync()
    {
        _world.PlantOld(_web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        return (await _world.EventsAsync()).OfType<TransferRequested>().Single();
    }
}
