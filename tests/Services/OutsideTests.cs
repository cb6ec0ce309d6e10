using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.SnapshotWorker;

namespace DoSnapshot.Services.Tests;

/// <summary>Commands that did not come from the log: one of them may start something, and none may make anything be deleted.</summary>
public sealed class OutsideTests : IAsyncDisposable
{
    private readonly World _world = new();
    private readonly long _web;

    public OutsideTests()
    {
        _web = _world.AddDroplet("web-1", "unrelated");
    }

    [Fact]
    public async Task A_request_for_a_snapshot_starts_a_manual_one_that_is_taken_like_any_other()
    {
        var request = Request() with { Plan = "default", Occurrence = World.Start, RequestedAt = World.Start.AddYears(-1) };
        await _world.Taker.HandleAsync(request, fromLog: false, World.Ct);

        var s = await _world.OnlyAsync(_web);
        Assert.Equal((Origin.Manual, null, false, SnapshotPhase.Requested), (s.Origin, s.Plan, s.Scheduled, s.Phase));
        Assert.Equal((null, _world.Now), (s.Occurrence, s.RequestedAt));
        Assert.Empty(_world.Calls("POST"));

        // The relay brings it back, and that is when it is sent.
        await _world.DeliverAsync();
        Assert.Single(_world.Calls("POST"));
    }

    [Fact]
    public async Task A_manual_snapshot_of_a_droplet_in_no_plan_is_retried_like_any_other()
    {
        await _world.LeadAsync();
        Assert.Null(_world.Account.StartDropletAction(_web, "snapshot", "somebody-else").Error);
        await _world.Taker.HandleAsync(Request(), fromLog: false, World.Ct);
        await _world.DeliverAsync();
        Assert.NotNull((await _world.OnlyAsync(_web)).RetryAt);

        await _world.RunAsync(TimeSpan.FromHours(1));

        Assert.Equal(SnapshotPhase.Complete, (await _world.OnlyAsync(_web)).Phase);
    }

    [Fact]
    public async Task A_request_that_comes_twice_from_outside_is_one_snapshot()
    {
        var request = Request();
        await _world.Taker.HandleAsync(request, fromLog: false, World.Ct);
        await _world.Taker.HandleAsync(request, fromLog: false, World.Ct);
        await _world.Taker.HandleAsync(request, fromLog: false, World.Ct);
        await _world.DeliverAsync();

        Assert.Single((await _world.EventsAsync()).OfType<SnapshotRequested>());
        Assert.Single(_world.Calls("POST"));
    }

    [Fact]
    public async Task A_message_cannot_give_a_known_snapshot_another_name_or_droplet()
    {
        var request = Request();
        await _world.Taker.HandleAsync(request, fromLog: false, World.Ct);

        // The same snapshot by another name: what counts is what the log says.
        await _world.Taker.HandleAsync(request with { SnapshotName = "made-up" }, fromLog: false, World.Ct);
        await _world.RunFollowersAsync();
        Assert.Equal([request.SnapshotName], _world.Account.State().Snapshots.Select(s => s.Name));

        // The same snapshot of another droplet: refused.
        var other = _world.AddDroplet("other", "unrelated");
        await Assert.ThrowsAsync<LogConflictException>(() => _world.Taker.HandleAsync(request with { DropletId = other }, fromLog: false, World.Ct));
        Assert.Single(_world.Calls("POST"));
    }

    [Theory]
    [InlineData(0, "a-name")]
    [InlineData(-5, "a-name")]
    [InlineData(1, "")]
    [InlineData(1, " ")]
    public async Task A_request_that_cannot_be_met_is_refused_aloud(long droplet, string name)
    {
        await Assert.ThrowsAnyAsync<Exception>(
            () => _world.Taker.HandleAsync(Request() with { DropletId = droplet, SnapshotName = name }, fromLog: false, World.Ct));
        Assert.Empty(await _world.EventsAsync());
    }

    [Fact]
    public void A_request_without_an_id_takes_that_of_its_message()
    {
        var (message, own) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.Equal(message, SnapshotRequestedConsumer.Identified(Request() with { SnapshotId = Guid.Empty }, message).SnapshotId);
        Assert.Equal(own, SnapshotRequestedConsumer.Identified(Request() with { SnapshotId = own }, message).SnapshotId);
    }

    [Fact]
    public async Task A_request_that_has_no_id_at_all_starts_nothing()
    {
        var request = SnapshotRequestedConsumer.Identified(Request() with { SnapshotId = Guid.Empty }, messageId: null);
        await Assert.ThrowsAnyAsync<Exception>(() => _world.Taker.HandleAsync(request, fromLog: false, World.Ct));
        Assert.Empty(await _world.EventsAsync());
    }

    [Fact]
    public async Task A_request_of_another_log_is_dropped()
    {
        await _world.Taker.HandleAsync(Request(), fromLog: true, World.Ct);
        Assert.Empty(await _world.EventsAsync());
        Assert.Equal(0, _world.Account.Journal.Total);
    }

    [Fact]
    public async Task Nobody_can_ask_from_outside_for_a_copy_or_a_removal_that_the_log_does_not_know()
    {
        var image = _world.Plant(_web, "web-1-golden", World.Start.AddDays(-9));
        var transfer = new TransferRequested(Guid.NewGuid(), _web, image, "lon1", Origin.Manual, World.Start);
        var expiry = new SnapshotExpired(Guid.NewGuid(), _web, image, "web-1-golden", null, null, null, null, TimeSpan.Zero, null, Origin.Manual, World.Start);

        await Assert.ThrowsAsync<UnknownSnapshotException>(() => _world.Maker.HandleAsync(transfer, fromLog: false, World.Ct));
        await Assert.ThrowsAsync<UnknownSnapshotException>(() => _world.Pruner.HandleAsync(expiry, fromLog: false, World.Ct));
        // From a log that this one is not: dropped.
        await _world.Maker.HandleAsync(transfer, fromLog: true, World.Ct);
        await _world.Pruner.HandleAsync(expiry, fromLog: true, World.Ct);

        Assert.Empty(await _world.EventsAsync());
        Assert.Equal(0, _world.Account.Journal.Total);
    }

    [Fact]
    public async Task Nobody_can_ask_from_outside_for_the_removal_of_a_snapshot_that_was_not_let_go()
    {
        var web = _world.AddDroplet("web-2");
        _world.PlantOld(web, "web-2", World.Start.AddHours(-2));
        await _world.LeadAsync();
        var s = await _world.OnlyAsync(web);

        await Assert.ThrowsAsync<UnknownSnapshotException>(() => _world.Pruner.HandleAsync(PrunerTests.Expiry(s, World.Start), fromLog: false, World.Ct));
        await Assert.ThrowsAsync<UnknownSnapshotException>(() => _world.Maker.HandleAsync(
            new TransferRequested(s.SnapshotId, web, s.ImageId!.Value, "lon1", Origin.Manual, World.Start), fromLog: false, World.Ct));

        Assert.Empty(_world.Calls("DELETE"));
        Assert.Empty(_world.Calls("POST"));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private SnapshotRequested Request() =>
        new(Guid.NewGuid(), _web, "web-1", "web-1-before-upgrade", null, Origin.Manual, World.Start, Actor: "ops", Reason: "upgrade");
}
