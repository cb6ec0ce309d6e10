using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Services.Tests;

/// <summary>After an older backup of the log was restored: what it had asked DigitalOcean for since then is at work, and it does not know.</summary>
public sealed class UnloggedTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan());

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    /// <summary>The try that doubles it is the one after its end and before the next comparison; five minutes of head start put one there.</summary>
    [Fact]
    public async Task The_snapshot_at_work_answers_the_occurrence_and_no_second_one_is_made()
    {
        var droplet = _world.AddDroplet("web-1");
        await _world.Api.SnapshotDropletAsync(droplet, "web-1-autosnapshot-20260301T120000Z", World.Ct);
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        await _world.LeadAsync();

        await _world.RunAsync(TimeSpan.FromHours(3));

        var image = Assert.Single(_world.Account.State().Snapshots);
        var ledger = await _world.LedgerAsync(droplet);
        Assert.Equal(image.Id, Assert.Single(ledger.Snapshots, s => s.IsComplete).ImageId);
        Assert.Contains("answered by", Assert.Single(ledger.Snapshots, s => s.Phase is SnapshotPhase.Failed).Trouble, StringComparison.Ordinal);
        Assert.DoesNotContain(await _world.EventsAsync(), e => e is SnapshotExpired);
    }

    [Fact]
    public async Task A_snapshot_that_a_person_made_meanwhile_delays_the_plans_only_until_it_is_listed()
    {
        var droplet = _world.AddDroplet("web-1");
        await _world.Api.SnapshotDropletAsync(droplet, "before-upgrade", World.Ct);
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        await _world.LeadAsync();

        await _world.RunAsync(TimeSpan.FromMinutes(45));

        Assert.Equal(2, _world.Account.State().Snapshots.Count);
        Assert.Single((await _world.LedgerAsync(droplet)).Snapshots, s => s.IsComplete);
    }
}
