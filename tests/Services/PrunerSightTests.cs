using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Services.Tests;

/// <summary>What the pruner sees before it deletes, and what it makes of it where DigitalOcean tells less than the truth.</summary>
public sealed class PrunerSightTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan(keep: "0h:1d"));
    private readonly long _web;

    public PrunerSightTests()
    {
        _web = _world.AddDroplet();
    }

    [Fact]
    public async Task For_the_sake_of_one_that_only_a_list_still_shows_nothing_is_deleted()
    {
        _world.PlantOld(_web, "web-1", World.Start.AddDays(-2));
        var newest = _world.PlantOld(_web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        // The owner deletes the newest, and the list goes on showing it.
        _world.Line.Instead = request => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath == $"/v2/snapshots/{newest}"
            ? new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) { Content = new StringContent("""{"id":"not_found","message":"gone"}""") }
            : null;

        await _world.DeliverAsync();

        Assert.Empty(_world.Calls("DELETE"));
        Assert.Contains(
            await _world.EventsAsync(), e => e is PruneDeferred { Reason: var why } && why.Contains("does not list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_renamed_to_be_kept_between_two_looks_is_not_deleted()
    {
        var old = _world.PlantOld(_web, "web-1", World.Start.AddDays(-2));
        _world.PlantOld(_web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        var renamed = false;
        _world.Line.Instead = request =>
        {
            if (request.RequestUri!.AbsolutePath == $"/v2/droplets/{_web}/snapshots")
            {
                renamed = true;
            }

            return renamed && request.RequestUri.AbsolutePath == $"/v2/snapshots/{old}"
                ? new HttpResponseMessage
                {
                    Content = new StringContent(
                        $$$"""{"snapshot":{"id":"{{{old}}}","name":"keep me","created_at":"{{{World.Start.AddDays(-2):yyyy-MM-dd'T'HH:mm:ss'Z'}}}","regions":["nyc3"],"resource_id":"{{{_web}}}","resource_type":"droplet","min_disk_size":25,"size_gigabytes":1.0,"tags":[]}}"""),
                }
                : null;
        };

        await _world.DeliverAsync();

        Assert.True(renamed);
        Assert.Empty(_world.Calls("DELETE"));
        Assert.Contains(await _world.EventsAsync(), e => e is PruneRefused { Guard: Guard.IdentityChanged });
    }

    [Fact]
    public async Task Expiries_that_nobody_can_act_on_are_an_alarm_until_it_is_over()
    {
        _world.PlantOld(_web, "web-1", World.Start.AddDays(-2));
        _world.PlantOld(_web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        _world.Line.Instead = request => request.RequestUri!.AbsolutePath.StartsWith("/v2/snapshots/", StringComparison.Ordinal)
            ? new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) { Content = new StringContent("""{"id":"forbidden","message":"no"}""") }
            : null;
        await RunAsync(TimeSpan.FromHours(5));
        Assert.Empty(_world.Calls("DELETE"));
        Assert.True(await AlarmedAsync());

        _world.Line.Instead = null;
        await _world.RunAsync(TimeSpan.FromHours(2), TimeSpan.FromMinutes(5));
        Assert.Single(_world.Calls("DELETE"));
        Assert.False(await AlarmedAsync());

        async Task<bool> AlarmedAsync() => Alarms.Of(await _world.Log.LoadLedgersAsync(null, World.Ct), _world.Now, _world.Timings)
            .Any(a => a.Kind is AlarmKind.DeletionFails);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    /// <summary>What a worker cannot do is put off, as its queue does.</summary>
    private async Task RunAsync(TimeSpan duration)
    {
        for (var end = _world.Now + duration; _world.Now < end; _world.Clock.Advance(TimeSpan.FromMinutes(5)))
        {
            var exception = await Record.ExceptionAsync(() => _world.RunAsync(TimeSpan.FromMinutes(1)));
            Assert.True(exception is null or DigitalOcean.DigitalOceanException, exception?.ToString());
        }
    }
}
