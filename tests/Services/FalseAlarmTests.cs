using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Services.Tests;

/// <summary>What looks like an alarm and is none.</summary>
public sealed class FalseAlarmTests : PoweredOffDroplet
{
    [Fact]
    public async Task The_end_of_a_long_pause_is_no_alarm()
    {
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(1));
        await _world.Log.DecideAsync(_web, _ => [new NewEvent(Streams.OfDroplet(_web), new DropletPaused(_web, "ann", "moving", _world.Now))], World.Ct);
        await RunAsync(TimeSpan.FromDays(5), TimeSpan.FromHours(1));
        await _world.Log.DecideAsync(_web, _ => [new NewEvent(Streams.OfDroplet(_web), new DropletResumed(_web, "ann", "moved", _world.Now))], World.Ct);
        await _world.RoundAsync();

        Assert.Empty(_world.Alarms.On);
    }

    [Fact]
    public async Task A_deletion_that_was_withdrawn_is_no_alarm_for_ever()
    {
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(1));
        var s = await _world.OnlyAsync(_web);
        await _world.Log.DecideAsync(
            _web,
            _ =>
            [
                NewEvent.Of(s.SnapshotId, new PruneAttempted(s.SnapshotId, _web, s.ImageId!.Value, 10, _world.Now, _world.Now)),
                NewEvent.Of(s.SnapshotId, new ExpiryWithdrawn(s.SnapshotId, _web, default, "the plan keeps it now", _world.Now)),
            ],
            World.Ct);
        _world.Alarms.Look(await _world.Log.LoadLedgersAsync(null, World.Ct));

        Assert.True((await _world.OnlyAsync(_web)).IsComplete);
        Assert.Empty(_world.Alarms.On);
    }

    [Fact]
    public async Task A_large_disk_is_no_alarm_every_day()
    {
        // 100 GB in use, at 1 to 3 minutes for each (documented): the snapshot is at work, and nothing is wrong.
        await RequestAsync();
        await RunUntilOffAsync();
        _world.Line.Instead = request => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.StartsWith("/v2/actions", StringComparison.Ordinal)
            ? new(System.Net.HttpStatusCode.OK)
            {
                Content = new StringContent(request.RequestUri.AbsolutePath == "/v2/actions"
                    ? """{"actions":[],"links":{},"meta":{"total":0}}"""
                    : $$$"""{"action":{"id":1,"status":"in-progress","type":"snapshot","started_at":"2026-03-01T12:00:00Z","resource_id":{{{_web}}},"resource_type":"droplet"}}"""),
            }
            : null;
        for (var i = 0; i < 150; i++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
            await _world.FollowAsync();
        }

        _world.Alarms.Look(await _world.Log.LoadLedgersAsync(null, World.Ct));
        Assert.Equal(SnapshotPhase.Started, (await _world.OnlyAsync(_web)).Phase);
        Assert.Empty(_world.Alarms.On);
    }
}
