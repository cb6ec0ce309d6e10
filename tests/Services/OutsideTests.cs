using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
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
    public async Task A_request_need_not_say_what_the_droplet_is_called()
    {
        var s = await PlantedAsync(1);
        var request = Request() with { DropletId = s[0].DropletId, DropletName = null! };
        await _world.Taker.HandleAsync(request, fromLog: false, World.Ct);

        Assert.Equal("web-2", Assert.Single((await _world.EventsAsync()).OfType<SnapshotRequested>(), e => e.SnapshotId == request.SnapshotId).DropletName);
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
    public async Task A_copy_that_is_asked_for_by_message_is_made_once()
    {
        var s = await PlantedAsync(1);
        // The message need not know the droplet or the image, and what it says of origin and time is of no account.
        var message = new TransferRequested(s[0].SnapshotId, 0, 0, "lon1", Origin.Plan, World.Start.AddYears(-1), "ann", "for a test");
        await _world.Maker.HandleAsync(message, fromLog: false, World.Ct);
        Assert.Empty(_world.Calls("POST"));
        await _world.Maker.HandleAsync(message, fromLog: false, World.Ct);
        await _world.DeliverAsync();
        await _world.RunFollowersAsync();
        await _world.Maker.HandleAsync(message, fromLog: false, World.Ct);

        var asked = Assert.Single((await _world.EventsAsync()).OfType<TransferRequested>());
        Assert.Equal((s[0].ImageId, Origin.Manual, World.Start, "ann", "for a test"), (asked.ImageId, asked.Origin, asked.RequestedAt, asked.Actor, asked.Reason));
        Assert.Single(_world.Calls("POST"));
    }

    [Fact]
    public async Task A_removal_that_is_asked_for_by_message_goes_the_way_of_every_other()
    {
        var s = await PlantedAsync(2);
        var message = Removal(s[0]) with { DropletId = 0, ImageId = 0 };
        await _world.Pruner.HandleAsync(message, fromLog: false, World.Ct);
        Assert.Empty(_world.Calls("DELETE"));
        await _world.Pruner.HandleAsync(message, fromLog: false, World.Ct);
        await _world.DeliverAsync();

        var asked = Assert.Single((await _world.EventsAsync()).OfType<SnapshotExpired>());
        Assert.Equal((s[0].ImageId!.Value, Origin.Manual, "ann", "of no use"), (asked.ImageId, asked.Origin, asked.Actor, asked.Reason));
        Assert.Single(_world.Calls("DELETE"));
        Assert.Equal([s[1].ImageId!.Value], _world.Account.State().Snapshots.Select(i => i.Id));
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "another droplet", "the snapshot is of droplet" },
        { "another name", "it must name the snapshot" },
        { "no name", "it must name the snapshot" },
        { "another image", "and the snapshot's is" },
        { "no reason", "it gives no reason" },
        { "pinned", "guard pinned holds it" },
        { "the newest", "guard" },
        { "lost", "it is gone" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_removal_by_message_is_refused_aloud(string what, string words)
    {
        var s = await PlantedAsync(2);
        var message = what switch
        {
            "another droplet" => Removal(s[0]) with { DropletId = _web },
            "another name" => Removal(s[0]) with { SnapshotName = s[1].Name },
            "no name" => Removal(s[0]) with { SnapshotName = null! },
            "another image" => Removal(s[0]) with { ImageId = s[1].ImageId!.Value },
            "no reason" => Removal(s[0]) with { Reason = " " },
            "the newest" => Removal(s[1]),
            _ => Removal(s[0]),
        };
        object? before = what switch
        {
            "pinned" => new SnapshotPinned(s[0].SnapshotId, s[0].DropletId, "ann", "dear", _world.Now),
            "lost" => new SnapshotLost(s[0].SnapshotId, s[0].DropletId, s[0].ImageId!.Value, _world.Now),
            _ => null,
        };
        if (before is not null)
        {
            await _world.Log.DecideAsync(s[0].DropletId, _ => [NewEvent.Of(s[0].SnapshotId, before)], World.Ct);
        }

        var refused = await Assert.ThrowsAsync<RefusedCommandException>(() => _world.Pruner.HandleAsync(message, fromLog: false, World.Ct));

        Assert.Contains(words, refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty((await _world.EventsAsync()).OfType<SnapshotExpired>());
        await _world.DeliverAsync();
        Assert.Empty(_world.Calls("DELETE"));
    }

    [Theory]
    [InlineData(null, "'' is no region's slug")]
    [InlineData("London", "'London' is no region's slug")]
    public async Task A_copy_by_message_to_no_region_is_refused_aloud(string? region, string words)
    {
        var s = await PlantedAsync(1);
        var message = new TransferRequested(s[0].SnapshotId, s[0].DropletId, 0, region!, Origin.Manual, World.Start);

        var refused = await Assert.ThrowsAsync<RefusedCommandException>(() => _world.Maker.HandleAsync(message, fromLog: false, World.Ct));

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Empty((await _world.EventsAsync()).OfType<TransferRequested>());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static SnapshotExpired Removal(Snapshot s) =>
        new(s.SnapshotId, s.DropletId, s.ImageId!.Value, s.Name, null, null, null, null, TimeSpan.Zero, null, Origin.Plan, World.Start, "ann", "of no use");

    /// <summary>A droplet in the plan, with so many snapshots in the log, oldest first.</summary>
    private async Task<IReadOnlyList<Snapshot>> PlantedAsync(int count)
    {
        var droplet = _world.AddDroplet("web-2");
        for (var i = count; i > 0; i--)
        {
            _world.PlantOld(droplet, "web-2", World.Start.AddHours(-2 * i));
        }

        await _world.LeadAsync();
        return [.. (await _world.LedgerAsync(droplet)).Snapshots.OrderBy(s => s.CreatedAt)];
    }

    private SnapshotRequested Request() =>
        new(Guid.NewGuid(), _web, "web-1", "web-1-before-upgrade", null, Origin.Manual, World.Start, Actor: "ops", Reason: "upgrade");
}
