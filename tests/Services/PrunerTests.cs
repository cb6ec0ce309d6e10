using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.PrunerWorker;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Services.Tests;

/// <summary>The pruner deletes exactly what the log let go, and only while that is still there and still may go.</summary>
public sealed class PrunerTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan(keep: "0h:1d"));
    private readonly long _web;

    public PrunerTests()
    {
        _web = _world.AddDroplet();
    }

    /// <summary>An expiry by the rule that deletes everything it reaches.</summary>
    public static SnapshotExpired Expiry(Snapshot s, DateTimeOffset now) => new(
        s.SnapshotId, s.DropletId, s.ImageId!.Value, s.Name, "default", 1, "0h:1d", TimeSpan.Zero, now - s.CreatedAt!.Value, null, Origin.Plan, now);

    [Fact]
    public async Task What_may_go_is_deleted_once_and_seen_to_be_gone()
    {
        var expiry = await ExpiredAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => _world.HandAsync(expiry))));
        await _world.HandAsync(expiry);

        Assert.Equal([204], _world.Calls("DELETE").Select(c => c.Status));
        Assert.EndsWith($"/{expiry.ImageId}", _world.Calls("DELETE")[0].Path, StringComparison.Ordinal);
        Assert.Equal([typeof(PruneAttempted), typeof(SnapshotPruned)], (await _world.LifeAsync(expiry.SnapshotId)).TakeLast(2));
    }

    [Theory]
    [InlineData("web-1-autosnapshot-20260226T000000Z", 0)]
    [InlineData(null, 1)]
    public async Task What_is_not_what_was_recorded_is_refused_and_never_deleted(string? name, int seconds)
    {
        var expiry = await ExpiredAsync();
        var recorded = _world.Account.State().Snapshots.Single(s => s.Id == expiry.ImageId);
        // Under the same id there is something else now.
        Assert.Null(_world.Account.DeleteSnapshot(expiry.ImageId));
        _world.Plant(_web, name ?? recorded.Name, recorded.CreatedAt.AddSeconds(seconds), recorded.Id);

        await _world.HandAsync(expiry);
        await _world.RunAsync(TimeSpan.FromHours(12), TimeSpan.FromMinutes(10));

        Assert.Contains(typeof(PruneRefused), await _world.LifeAsync(expiry.SnapshotId));
        Assert.DoesNotContain(_world.Calls("DELETE"), c => c.Path.EndsWith($"/{expiry.ImageId}", StringComparison.Ordinal));
        Assert.Contains(_world.Account.State().Snapshots, s => s.Id == expiry.ImageId);
        // It is not expired over and over either.
        Assert.Single((await _world.LifeAsync(expiry.SnapshotId)), t => t == typeof(SnapshotExpired));
    }

    [Fact]
    public async Task An_image_of_another_droplet_under_the_same_id_is_refused()
    {
        var expiry = await ExpiredAsync();
        var recorded = _world.Account.State().Snapshots.Single(s => s.Id == expiry.ImageId);
        Assert.Null(_world.Account.DeleteSnapshot(expiry.ImageId));
        _world.Plant(_world.AddDroplet("other", "unrelated"), recorded.Name, recorded.CreatedAt, recorded.Id);

        await _world.HandAsync(expiry);

        Assert.Equal(typeof(PruneRefused), (await _world.LifeAsync(expiry.SnapshotId))[^1]);
        Assert.Empty(_world.Calls("DELETE"));
    }

    [Fact]
    public async Task An_image_that_is_away_before_anything_was_sent_is_not_called_pruned()
    {
        var expiry = await ExpiredAsync();
        Assert.Null(_world.Account.DeleteSnapshot(expiry.ImageId));

        await _world.HandAsync(expiry);

        Assert.Equal(typeof(PruneDeferred), (await _world.LifeAsync(expiry.SnapshotId))[^1]);
        Assert.Empty(_world.Calls("DELETE"));

        // Reconciliation finds out what it is.
        await _world.RunAsync(TimeSpan.FromHours(2));
        Assert.Equal(typeof(SnapshotLost), (await _world.LifeAsync(expiry.SnapshotId))[^1]);
        Assert.Empty(_world.Calls("DELETE"));
    }

    [Fact]
    public async Task A_deletion_that_was_accepted_and_did_nothing_is_tried_again_and_not_taken_for_done()
    {
        var expiry = await ExpiredAsync();
        _world.Line.Instead = r => r.Method == HttpMethod.Delete ? new HttpResponseMessage(System.Net.HttpStatusCode.NoContent) : null;
        await _world.HandAsync(expiry);

        var waiting = (await _world.LedgerAsync(_web)).Find(expiry.SnapshotId)!;
        Assert.Equal((SnapshotPhase.Pruning, true), (waiting.Phase, waiting.RetryAt > _world.Now));
        Assert.DoesNotContain(typeof(SnapshotPruned), await _world.LifeAsync(expiry.SnapshotId));

        _world.Line.Instead = null;
        await _world.RunAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(typeof(SnapshotPruned), (await _world.LifeAsync(expiry.SnapshotId))[^1]);
        Assert.Single(_world.Calls("DELETE"));
    }

    [Theory]
    [InlineData(400, typeof(PruneRefused))]
    [InlineData(401, typeof(PruneDeferred))]
    [InlineData(403, typeof(PruneDeferred))]
    [InlineData(409, typeof(PruneDeferred))]
    [InlineData(422, typeof(PruneDeferred))]
    public async Task What_a_refused_deletion_means_depends_on_whether_it_is_about_the_image(int status, Type recorded)
    {
        var expiry = await ExpiredAsync();
        _world.Line.Instead = r => r.Method == HttpMethod.Delete
            ? new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new StringContent("""{"id":"no","message":"No."}""") }
            : null;

        await _world.HandAsync(expiry);

        Assert.Equal(recorded, (await _world.LifeAsync(expiry.SnapshotId))[^1]);
    }

    [Fact]
    public async Task A_pin_that_comes_between_expiry_and_deletion_wins()
    {
        var expiry = await ExpiredAsync();
        await _world.Log.DecideAsync(
            _web, _ => [NewEvent.Of(expiry.SnapshotId, new SnapshotPinned(expiry.SnapshotId, _web, "ops", "audit", _world.Now))], World.Ct);

        await _world.HandAsync(expiry);
        await _world.RunAsync(TimeSpan.FromHours(3));

        Assert.Empty(_world.Calls("DELETE"));
        var kept = (await _world.LedgerAsync(_web)).Find(expiry.SnapshotId)!;
        Assert.Equal((SnapshotPhase.Complete, Guard.Pinned), (kept.Phase, kept.HeldBy));
    }

    [Fact]
    public async Task When_the_newer_one_is_away_the_older_one_stays()
    {
        var expiry = await ExpiredAsync();
        var newer = (await _world.LedgerAsync(_web)).Snapshots.Single(s => s.IsComplete);
        await _world.Log.DecideAsync(
            _web, _ => [NewEvent.Of(newer.SnapshotId, new SnapshotLost(newer.SnapshotId, _web, newer.ImageId!.Value, _world.Now))], World.Ct);

        await _world.HandAsync(expiry);

        Assert.Empty(_world.Calls("DELETE"));
        Assert.Equal(typeof(ExpiryWithdrawn), (await _world.LifeAsync(expiry.SnapshotId))[^1]);
    }

    [Fact]
    public async Task What_it_saw_before_it_stood_still_for_long_is_looked_at_again_before_anything_is_deleted()
    {
        var expiry = await ExpiredAsync();
        var log = new EarlyLog(_world.Log, () => _world.Clock.Advance(_world.Timings.SendWindow + TimeSpan.FromSeconds(1)));

        await new SnapshotPruner(log, _world.Api, _world.Clock, _world.Timings, NullLogger<SnapshotPruner>.Instance).HandleAsync(expiry, fromLog: true, World.Ct);

        Assert.Empty(_world.Calls("DELETE"));
        Assert.Equal(typeof(PruneDeferred), (await _world.LifeAsync(expiry.SnapshotId))[^1]);
        await _world.RunAsync(TimeSpan.FromMinutes(15));
        Assert.Single(_world.Calls("DELETE"));
    }

    [Fact]
    public async Task A_decision_that_is_too_old_is_taken_back_without_a_request()
    {
        var expiry = await ExpiredAsync();
        _world.Clock.Advance(_world.Timings.ExpiryValidFor + TimeSpan.FromSeconds(1));
        var before = _world.Account.Journal.Total;

        await _world.HandAsync(expiry);

        Assert.Equal(before, _world.Account.Journal.Total);
        Assert.Equal(typeof(ExpiryWithdrawn), (await _world.LifeAsync(expiry.SnapshotId))[^1]);
    }

    [Fact]
    public async Task A_message_cannot_make_it_delete_another_image_than_the_log_says()
    {
        var expiry = await ExpiredAsync();
        var other = _world.Plant(_web, "golden", World.Start.AddDays(-9));

        await _world.Pruner.HandleAsync(expiry with { ImageId = other, SnapshotName = "golden" }, fromLog: false, World.Ct);

        Assert.EndsWith($"/{expiry.ImageId}", Assert.Single(_world.Calls("DELETE")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expiry_that_nobody_got_for_too_long_is_decided_anew()
    {
        var expiry = await ExpiredAsync();
        _world.Clock.Advance(_world.Timings.ExpiryValidFor + TimeSpan.FromSeconds(1));

        await _world.HandAsync(expiry);
        Assert.Equal(typeof(ExpiryWithdrawn), (await _world.LifeAsync(expiry.SnapshotId))[^1]);
        Assert.Empty(_world.Calls("DELETE"));

        await _world.RunAsync(TimeSpan.FromMinutes(15));
        Assert.Equal(typeof(SnapshotPruned), (await _world.LifeAsync(expiry.SnapshotId))[^1]);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    /// <summary>Two complete snapshots, of which the older one has been let go; the pruner has not heard of it.</summary>
    private async Task<SnapshotExpired> ExpiredAsync()
    {
        _world.PlantOld(_web, "web-1", World.Start.AddDays(-3));
        _world.PlantOld(_web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        return (await _world.EventsAsync()).OfType<SnapshotExpired>().Single();
    }
}
