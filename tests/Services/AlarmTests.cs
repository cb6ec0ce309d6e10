using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Planner;

namespace DoSnapshot.Services.Tests;

/// <summary>What an operator is told although everybody goes on working.</summary>
public sealed class AlarmTests : IAsyncDisposable
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    private World _world = new(World.Plan(keep: "0d:30d"));

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("DigitalOcean refuses", 422)]
    [InlineData("the token may not", 403)]
    [InlineData("the action fails", 201)]
    public async Task Forty_days_of_failing_creation_leave_the_last_good_snapshot_and_the_alarm_is_on(string how, int status)
    {
        var web = _world.AddDroplet();
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(1), AnHour);
        var good = Assert.Single(_world.Account.State().Snapshots.OrderByDescending(s => s.CreatedAt).Take(1));
        Assert.Empty(_world.Alarms.On);

        _world.Line.Instead = request => request.Method == HttpMethod.Post ? Fail(status)
            : request.RequestUri!.AbsolutePath.StartsWith("/v2/actions/77", StringComparison.Ordinal) ? Failed() : null;
        var said = false;
        for (var day = 0; day < 40; day++)
        {
            await _world.RunAsync(TimeSpan.FromDays(1), AnHour);
            said |= _world.Alarms.On.Count > 0;
            Assert.True(said || day < 2, $"day {day}");
        }

        Assert.Equal([good.Id], _world.Account.State().Snapshots.Select(s => s.Id));
        var alarm = Assert.Single(_world.Alarms.On);
        Assert.True((alarm.Kind, alarm.DropletId) == (AlarmKind.NoGoodSnapshot, web), how);
        Assert.Contains("'web-1'", alarm.Text, StringComparison.Ordinal);
        Assert.Contains(good.CreatedAt.ToString("yyyy-MM-dd", null), alarm.Text, StringComparison.Ordinal);

        // And when it is mended, a new one is made, and only then the old one goes.
        _world.Line.Instead = null;
        await _world.RunAsync(TimeSpan.FromDays(2), AnHour);
        Assert.Empty(_world.Alarms.On);
        Assert.DoesNotContain(good.Id, _world.Account.State().Snapshots.Select(s => s.Id));
        Assert.InRange(_world.Account.State().Snapshots.Count, 1, 3);
    }

    [Fact]
    public async Task A_region_that_takes_no_copies_is_an_alarm_after_a_day_and_is_asked_again_until_it_does()
    {
        await _world.DisposeAsync();
        _world = new World(World.Plan(regions: "lon1"));
        _world.AddDroplet();
        await _world.LeadAsync();
        _world.Line.Instead = request => request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.Contains("/images/", StringComparison.Ordinal)
            ? Fail(422) : null;
        await _world.RunAsync(TimeSpan.FromHours(20), TimeSpan.FromMinutes(10));
        Assert.Empty(_world.Alarms.On);
        await _world.RunAsync(TimeSpan.FromHours(6), TimeSpan.FromMinutes(10));
        Assert.Contains(_world.Alarms.On, a => a.Kind is AlarmKind.TransferOverdue && a.Text.Contains("not in lon1", StringComparison.Ordinal));

        _world.Line.Instead = null;
        await _world.RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(10));
        Assert.Empty(_world.Alarms.On);
        Assert.All(_world.Account.State().Snapshots, s => Assert.Contains("lon1", s.Regions));
    }

    [Fact]
    public async Task A_snapshot_that_somebody_deleted_is_told_for_a_day()
    {
        _world.AddDroplet();
        await _world.LeadAsync();
        await _world.RunAsync(AnHour);
        Assert.Null(_world.Account.DeleteSnapshot(Assert.Single(_world.Account.State().Snapshots).Id));

        await _world.RunAsync(AnHour);
        Assert.Equal(AlarmKind.Lost, Assert.Single(_world.Alarms.On).Kind);
        await _world.RunAsync(TimeSpan.FromHours(24), TimeSpan.FromMinutes(10));
        Assert.Empty(_world.Alarms.On);
    }

    [Fact]
    public async Task A_manual_snapshot_that_is_given_up_is_an_alarm()
    {
        var web = _world.AddDroplet("db-1", "another-tag");
        await _world.LeadAsync();
        _world.Line.Instead = request => request.Method == HttpMethod.Post ? Fail(422) : null;
        await _world.Taker.HandleAsync(
            new SnapshotRequested(Guid.NewGuid(), web, "db-1", "by-hand", null, Origin.Manual, _world.Now, Actor: "ann"), fromLog: false, World.Ct);
        await _world.RunAsync(_world.Timings.ManualTimeout - AnHour, TimeSpan.FromMinutes(10));
        Assert.Empty(_world.Alarms.On);

        await _world.RunAsync(3 * AnHour, TimeSpan.FromMinutes(10));
        var alarm = Assert.Single(_world.Alarms.On);
        Assert.Equal(AlarmKind.GivenUp, alarm.Kind);
        Assert.Contains("'by-hand'", alarm.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_droplet_raises_no_alarm()
    {
        var web = _world.AddDroplet();
        await _world.LeadAsync();
        await _world.Log.DecideAsync(
            web, _ => [new Lifecycle.NewEvent(Lifecycle.Streams.OfDroplet(web), new DropletPaused(web, "ann", "moving", _world.Now))], World.Ct);
        await _world.RunAsync(TimeSpan.FromDays(5), AnHour);
        Assert.Empty(_world.Alarms.On);
    }

    [Fact]
    public async Task Each_is_said_when_it_comes_on_and_when_it_is_over()
    {
        var lines = new RecordingLogger<AlarmWatch>();
        var watch = new AlarmWatch(new ClockWatch(_world.Clock, _world.Timings), _world.Timings, lines);
        _world.AddDroplet();
        await _world.LeadAsync();
        _world.Line.Instead = request => request.Method == HttpMethod.Post ? Fail(422) : null;
        for (var i = 0; i < 72; i++)
        {
            await _world.RunAsync(AnHour, AnHour);
            watch.Look(await _world.Log.LoadLedgersAsync(null, World.Ct));
        }

        Assert.StartsWith("Error: Alarm, NoGoodSnapshot: droplet 'web-1'", Assert.Single(lines.Lines), StringComparison.Ordinal);
        _world.Line.Instead = null;
        await _world.RunAsync(TimeSpan.FromHours(30), AnHour);
        watch.Look(await _world.Log.LoadLedgersAsync(null, World.Ct));
        Assert.StartsWith("Information: No longer an alarm, NoGoodSnapshot", lines.Lines[1], StringComparison.Ordinal);
        Assert.Equal(2, lines.Lines.Count);
    }

    private static HttpResponseMessage Fail(int status) => new((System.Net.HttpStatusCode)status)
    {
        Content = new StringContent(status == 201 ? Action("in-progress") : """{"id":"refused","message":"It cannot be done."}"""),
    };

    private static HttpResponseMessage Failed() => new(System.Net.HttpStatusCode.OK) { Content = new StringContent(Action("errored")) };

    private static string Action(string status) =>
        $$$"""{"action":{"id":77,"status":"{{{status}}}","type":"snapshot","started_at":"2026-03-02T12:00:00Z","resource_id":1,"resource_type":"droplet"}}""";
}
