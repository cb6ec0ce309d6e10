using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Services.Tests;

/// <summary>A droplet that is destroyed in the middle of things troubles nobody else, and what was begun comes to an end.</summary>
public sealed class DestroyedDropletTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan(keep: "0h:1d"));

    [Fact]
    public async Task Its_snapshots_stay_as_they_are()
    {
        var web = _world.AddDroplet();
        _world.PlantOld(web, "web-1", World.Start.AddHours(-20));
        _world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        Assert.True(_world.Account.DestroyDroplet(web));

        await _world.RunAsync(TimeSpan.FromDays(3), TimeSpan.FromMinutes(15));

        Assert.Equal(2, _world.Account.State().Snapshots.Count);
        Assert.Empty(_world.Calls("DELETE"));
        Assert.Null((await _world.LedgerAsync(web)).Droplet!.Plan);
    }

    [Fact]
    public async Task Destroyed_during_its_snapshot_it_keeps_no_other_from_being_followed()
    {
        var web = _world.AddDroplet();
        var others = Enumerable.Range(1, 6).Select(i => _world.AddDroplet($"db-{i}")).ToList();
        await _world.LeadAsync();
        await _world.RoundAsync();
        Assert.Equal(7, _world.Calls("POST").Count);
        Assert.True(_world.Account.DestroyDroplet(web));

        await _world.RunAsync(TimeSpan.FromHours(2));

        foreach (var db in others)
        {
            Assert.Equal(SnapshotPhase.Complete, (await _world.OnlyAsync(db)).Phase);
        }

        Assert.Equal(SnapshotPhase.Failed, (await _world.OnlyAsync(web)).Phase);
        Assert.Empty(_world.FailedRounds);
        Assert.Empty(await _world.Log.FindWorkingAsync(World.Ct));
    }

    [Fact]
    public async Task Destroyed_right_after_its_snapshot_the_image_is_known_for_what_it_is()
    {
        var web = _world.AddDroplet();
        await _world.LeadAsync();
        await _world.RoundAsync();
        _world.Clock.Advance(World.SnapshotTime + World.ListingLag);
        Assert.True(_world.Account.DestroyDroplet(web));

        await _world.FollowAsync();

        var s = await _world.OnlyAsync(web);
        Assert.Equal((SnapshotPhase.Complete, _world.Account.State().Snapshots[0].Id), (s.Phase, s.ImageId));
    }

    [Fact]
    public async Task Destroyed_after_a_request_whose_answer_was_lost_it_comes_to_an_end_too()
    {
        var (web, db) = (_world.AddDroplet(), _world.AddDroplet("db-1"));
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        _world.Line.LoseNextAnswer = true;
        await _world.DeliverAsync();
        Assert.True(_world.Account.DestroyDroplet(web));
        Assert.True(_world.Account.Droplet(db) is not null);

        await _world.RunAsync(TimeSpan.FromHours(3));

        Assert.Equal(SnapshotPhase.Complete, (await _world.OnlyAsync(db)).Phase);
        Assert.Equal(SnapshotPhase.Failed, (await _world.OnlyAsync(web)).Phase);
    }

    [Fact]
    public async Task Many_that_are_gone_do_not_keep_the_others_from_their_turn()
    {
        _world.Options.InFlightLimit = 3;
        var gone = Enumerable.Range(1, 3).Select(i => _world.AddDroplet($"gone-{i}")).ToList();
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        gone.ForEach(id => Assert.True(_world.Account.DestroyDroplet(id)));
        var web = _world.AddDroplet();

        await _world.RunAsync(TimeSpan.FromHours(6), TimeSpan.FromMinutes(5));

        Assert.Equal(SnapshotPhase.Complete, (await _world.OnlyAsync(web)).Phase);
        Assert.All(gone, id => Assert.Equal(SnapshotPhase.Failed, Assert.Single(_world.LedgerAsync(id).Result.Snapshots).Phase));
        // Nobody goes on asking about what is no more.
        var asked = _world.Calls("POST").Count;
        await _world.RunAsync(TimeSpan.FromHours(6), TimeSpan.FromMinutes(5));
        Assert.Equal(asked, _world.Calls("POST").Count);
    }

    [Fact]
    public async Task What_waits_for_a_droplet_that_lost_the_tag_is_not_sent_any_more()
    {
        var web = _world.AddDroplet();
        Assert.Null(_world.Account.StartDropletAction(web, "snapshot", "by-hand").Error);
        await _world.LeadAsync();
        await _world.RoundAsync();
        Assert.Equal(SnapshotPhase.Requested, (await _world.OnlyAsync(web)).Phase);
        Assert.Null(_world.Account.UntagDroplet(web, "autosnapshot").Error);
        await _world.ReconcileAsync();

        await _world.RunAsync(TimeSpan.FromHours(3));

        Assert.Equal(SnapshotPhase.Failed, (await _world.OnlyAsync(web)).Phase);
        Assert.Equal([422], _world.Calls("POST").Select(c => c.Status));
    }

    [Fact]
    public async Task A_manual_request_for_a_droplet_that_left_the_plan_still_counts()
    {
        var web = _world.AddDroplet();
        _world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        Assert.Null(_world.Account.UntagDroplet(web, "autosnapshot").Error);
        await _world.ReconcileAsync();
        Assert.Null(_world.Account.StartDropletAction(web, "snapshot", "by-hand").Error);
        var request = new SnapshotRequested(Guid.NewGuid(), web, "web-1", "web-1-final", null, Origin.Manual, World.Start);
        await _world.Taker.HandleAsync(request, fromLog: false, World.Ct);

        await _world.RunAsync(TimeSpan.FromHours(1));

        Assert.Equal(SnapshotPhase.Complete, (await _world.LedgerAsync(web)).Find(request.SnapshotId)!.Phase);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
