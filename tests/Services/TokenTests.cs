using System.Net;
using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Services.Tests;

/// <summary>A token that is revoked in the middle of everything, and replaced a day later.</summary>
public sealed class TokenTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan(keep: "0d:3d", regions: "lon1"));

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task Nothing_is_lost_doubled_or_deleted_meanwhile_and_everything_goes_on_after_it(HttpStatusCode status)
    {
        var web = _world.AddDroplet("web-1");
        var database = _world.AddDroplet("db-1");
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(2), TimeSpan.FromMinutes(10));
        // One at work, one copy at work, when the token goes.
        while (!(await _world.LedgerAsync(web)).Snapshots.Any(s => s.InFlight || s.Transferring))
        {
            await _world.RunAsync(TimeSpan.FromMinutes(1));
        }

        var before = _world.Account.State().Snapshots.Select(s => s.Id).ToHashSet();
        _world.Line.Instead = _ => new HttpResponseMessage(status) { Content = new StringContent("""{"id":"no","message":"The token is not known."}""") };
        await RunWithoutTokenAsync(TimeSpan.FromDays(3));
        Assert.Subset(_world.Account.State().Snapshots.Select(s => s.Id).ToHashSet(), before);
        Assert.Contains(_world.Alarms.On, a => a.Kind is AlarmKind.NoGoodSnapshot && a.DropletId == web);
        var events = await _world.EventsAsync();
        Assert.DoesNotContain(events, e => e is SnapshotLost or DropletWithdrawn);

        _world.Line.Instead = null;
        await _world.RunAsync(TimeSpan.FromHours(26), TimeSpan.FromMinutes(5));

        Assert.Empty(_world.Alarms.On);
        foreach (var droplet in (long[])[web, database])
        {
            var all = (await _world.LedgerAsync(droplet)).Snapshots;
            Assert.DoesNotContain(all, s => s.InFlight || s.Transferring);
            Assert.All(all.Where(s => s.IsComplete), s => Assert.Contains("lon1", s.Regions));
            // One for each day, and for the days without a token none.
            var images = _world.Account.State().Snapshots.Where(s => s.DropletId == droplet).Select(s => s.CreatedAt.Date).ToList();
            Assert.Equal(images.Distinct().Count(), images.Count);
        }

        Assert.DoesNotContain(await _world.EventsAsync(), e => e is SnapshotLost or DropletWithdrawn);
        Assert.Equal(
            _world.Account.State().Actions.Count(a => a.Type == "snapshot"), (await _world.EventsAsync()).OfType<SnapshotCompleted>().Count());
    }

    /// <summary>Everybody goes on as they do: the planner by what it knows, the workers by what they are told.</summary>
    private async Task RunWithoutTokenAsync(TimeSpan duration)
    {
        var end = _world.Now + duration;
        while (_world.Now < end)
        {
            await Assert.ThrowsAnyAsync<Exception>(_world.ReconcileAsync);
            await _world.FollowAsync();
            var fleet = await _world.Decider.DecideAllAsync(World.Ct);
            _world.Alarms.Look(fleet);
            await _world.Sweeper.SweepAsync(fleet, World.Ct);
            try
            {
                await _world.DeliverAsync();
            }
            catch (DigitalOceanException)
            {
                // The bus would try again, and then the sweep.
            }

            _world.Clock.Advance(TimeSpan.FromMinutes(15));
        }
    }
}
