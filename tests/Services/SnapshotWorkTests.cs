using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Services.Tests;

/// <summary>The snapshot worker: one request for each snapshot, whatever repeats, is lost or is in the way.</summary>
public sealed class SnapshotWorkTests : IAsyncDisposable
{
    private readonly World _world = new();
    private readonly long _web;

    public SnapshotWorkTests()
    {
        _web = _world.AddDroplet();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public async Task A_command_that_comes_several_times_is_sent_once(int times)
    {
        var request = await RequestedAsync();
        for (var i = 0; i < times; i++)
        {
            await _world.HandAsync(request);
        }

        await Task.WhenAll(Enumerable.Range(0, times).Select(_ => Task.Run(() => _world.HandAsync(request))));
        await _world.RunAsync(TimeSpan.FromHours(1));
        await _world.HandAsync(request);

        Assert.Single(_world.Calls("POST"));
        Assert.Equal(SnapshotPhase.Complete, (await _world.OnlyAsync(_web)).Phase);
        Assert.Single(_world.Account.State().Snapshots);
    }

    [Fact]
    public async Task A_droplet_that_is_busy_with_something_else_is_left_to_finish_and_asked_again()
    {
        // Somebody takes a snapshot of their own.
        Assert.Null(_world.Account.StartDropletAction(_web, "snapshot", "by-hand").Error);
        var request = await RequestedAsync();
        await _world.HandAsync(request);

        var deferred = await _world.OnlyAsync(_web);
        Assert.Equal((SnapshotPhase.Requested, _world.Now + _world.Timings.RetryFirst), (deferred.Phase, deferred.RetryAt));
        Assert.Equal([422], _world.Calls("POST").Select(c => c.Status));
        // Before its time a repeat is nothing.
        await _world.HandAsync(request);
        Assert.Single(_world.Calls("POST"));

        await _world.RunAsync(TimeSpan.FromHours(1));

        Assert.Equal(SnapshotPhase.Complete, (await _world.OnlyAsync(_web)).Phase);
        Assert.Equal(request.SnapshotName, (await _world.OnlyAsync(_web)).Name);
        Assert.Single(_world.Calls("POST"), c => c.Status == 201);
        Assert.Equal(["by-hand", request.SnapshotName], _world.Account.State().Snapshots.Select(s => s.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(await _world.EventsAsync(), e => e is SnapshotDiscovered);
    }

    [Fact]
    public async Task When_the_answer_is_lost_nobody_sends_again_and_the_action_is_adopted()
    {
        var request = await RequestedAsync();
        _world.Line.LoseNextAnswer = true;
        await _world.HandAsync(request);
        Assert.Equal(SnapshotPhase.Attempted, (await _world.OnlyAsync(_web)).Phase);

        // Up to the settled moment nothing is sent, and nothing is concluded, however often it is asked.
        var settled = _world.Timings.SettledAt((await _world.OnlyAsync(_web)).SendBefore!.Value);
        while (_world.Now < settled)
        {
            Assert.Equal(SnapshotPhase.Attempted, (await _world.OnlyAsync(_web)).Phase);
            await _world.HandAsync(request);
            await _world.RoundAsync();
            _world.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        await _world.RoundAsync();
        var adopted = await _world.OnlyAsync(_web);
        Assert.Equal((SnapshotPhase.Started, true), (adopted.Phase, adopted.Provisional));

        await _world.RunAsync(TimeSpan.FromHours(1));
        Assert.Single(_world.Calls("POST"));
        Assert.Equal(SnapshotPhase.Complete, (await _world.OnlyAsync(_web)).Phase);
        Assert.Single(_world.Account.State().Snapshots);
    }

    [Fact]
    public async Task When_the_request_is_lost_it_is_sent_once_more_after_it_has_settled()
    {
        var request = await RequestedAsync();
        _world.Line.LoseNextRequest = true;
        await _world.HandAsync(request);
        Assert.Empty(_world.Calls("POST"));
        var settled = _world.Timings.SettledAt((await _world.OnlyAsync(_web)).SendBefore!.Value);

        await _world.RunAsync(TimeSpan.FromHours(1));

        Assert.True(Assert.Single(_world.Calls("POST")).At >= settled);
        Assert.Equal((SnapshotPhase.Complete, 2), ((await _world.OnlyAsync(_web)).Phase, (await _world.OnlyAsync(_web)).Attempts));
        Assert.Single(_world.Account.State().Snapshots);
    }

    [Fact]
    public async Task It_is_complete_when_its_image_is_listed_and_not_when_the_action_says_so()
    {
        await _world.HandAsync(await RequestedAsync());
        _world.Clock.Advance(World.SnapshotTime + (World.ListingLag / 2));
        await _world.FollowAsync();
        Assert.All(_world.Account.State().Actions, a => Assert.Equal(SandboxActionStatus.Completed, a.Status));
        Assert.Equal(SnapshotPhase.Started, (await _world.OnlyAsync(_web)).Phase);

        _world.Clock.Advance(World.ListingLag);
        await _world.FollowAsync();

        var complete = await _world.OnlyAsync(_web);
        var image = Assert.Single(_world.Account.State().Snapshots);
        Assert.Equal((SnapshotPhase.Complete, image.Id, image.CreatedAt), (complete.Phase, complete.ImageId, complete.CreatedAt));
    }

    [Fact]
    public async Task An_action_that_failed_at_DigitalOcean_is_tried_again()
    {
        // DigitalOcean accepts, and the action comes to nothing.
        const string action = """{"action":{"id":77,"status":"%","type":"snapshot","started_at":"2026-03-01T12:00:00Z","resource_id":1,"resource_type":"droplet"}}""";
        _world.Line.Instead = request => request.Method == HttpMethod.Post
            ? Answer(action.Replace("%", "in-progress", StringComparison.Ordinal), 201)
            : request.RequestUri!.AbsolutePath == "/v2/actions/77" ? Answer(action.Replace("%", "errored", StringComparison.Ordinal), 200) : null;
        await _world.HandAsync(await RequestedAsync());
        Assert.Equal((SnapshotPhase.Started, 77L), ((await _world.OnlyAsync(_web)).Phase, (await _world.OnlyAsync(_web)).ActionId));

        await _world.FollowAsync();
        var failed = await _world.OnlyAsync(_web);
        Assert.Equal((SnapshotPhase.Requested, _world.Now + _world.Timings.RetryFirst), (failed.Phase, failed.RetryAt));

        _world.Line.Instead = null;
        await _world.RunAsync(TimeSpan.FromHours(1));
        Assert.Equal((SnapshotPhase.Complete, 2), ((await _world.OnlyAsync(_web)).Phase, (await _world.OnlyAsync(_web)).Attempts));
        Assert.Single(_world.Calls("POST"));
    }

    [Fact]
    public async Task Of_two_snapshots_of_one_droplet_the_second_waits_without_asking()
    {
        var request = await RequestedAsync();
        await _world.HandAsync(request);
        var manual = request with { SnapshotId = Guid.NewGuid(), SnapshotName = "web-1-by-hand" };
        await _world.Taker.HandleAsync(manual, fromLog: false, World.Ct);
        await _world.DeliverAsync();

        Assert.Single(_world.Calls("POST"));
        Assert.NotNull((await _world.LedgerAsync(_web)).Find(manual.SnapshotId)!.RetryAt);

        await _world.RunAsync(TimeSpan.FromHours(1));
        Assert.All((await _world.LedgerAsync(_web)).Snapshots, s => Assert.Equal(SnapshotPhase.Complete, s.Phase));
        Assert.All(_world.Calls("POST"), c => Assert.Equal(201, c.Status));
    }

    [Fact]
    public async Task A_worker_that_wakes_up_too_late_does_not_send()
    {
        // Between the intent and the call the process stood still for longer than it may.
        var log = new LateLog(_world.Log, () => _world.Clock.Advance(_world.Timings.SendWindow + TimeSpan.FromSeconds(1)));
        var request = await RequestedAsync();
        var late = new SnapshotWorker.SnapshotTaker(
            log, _world.Api, _world.Clock, _world.Timings, Microsoft.Extensions.Logging.Abstractions.NullLogger<SnapshotWorker.SnapshotTaker>.Instance);

        await late.HandleAsync(request, fromLog: true, World.Ct);

        Assert.Empty(_world.Calls("POST"));
        Assert.Equal(SnapshotPhase.Attempted, (await _world.OnlyAsync(_web)).Phase);
        await _world.RunAsync(TimeSpan.FromHours(1));
        Assert.Single(_world.Calls("POST"));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static HttpResponseMessage Answer(string json, int status) =>
        new((System.Net.HttpStatusCode)status) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };

    /// <summary>The planner has asked for the snapshot that is due; no worker has seen it.</summary>
    private async Task<SnapshotRequested> RequestedAsync()
    {
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        return (await _world.EventsAsync()).OfType<SnapshotRequested>().Single();
    }
}
