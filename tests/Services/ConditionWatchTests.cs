using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.Notifying;
using DoSnapshot.Notifying.Channels;
using DoSnapshot.Planner;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Services.Tests;

/// <summary>What the leading planner tells people, and what it does not, whatever happens to it or to DigitalOcean.</summary>
public sealed class ConditionWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);
    private static readonly RunningState Well = new([], 0, null, [new RequestsLeft(5000, 4000, 250, 250, null)]);

    private readonly World _world = new(World.Plan(keep: "0d:30d"));
    private readonly PlannerStatus _status = new();
    private readonly Book _book = new();
    private readonly Recorder _people = new();
    private Func<CancellationToken, Task<RunningState>> _running = _ => Task.FromResult(Well);
    private ConditionWatch _watch;

    public ConditionWatchTests()
    {
        _watch = Watch();
    }

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task An_alarm_is_told_when_it_comes_on_and_when_it_is_over()
    {
        _world.AddDroplet();
        await _world.LeadAsync();
        _status.Reconciled();
        await RunAsync(TimeSpan.FromHours(1));
        Assert.Null(_world.Account.DeleteSnapshot(Assert.Single(_world.Account.State().Snapshots).Id));
        await RunAsync(TimeSpan.FromHours(2));
        Assert.Equal(["On lost"], _people.Told);
        await RunAsync(TimeSpan.FromHours(26));
        Assert.Equal(["On lost", "Over lost"], _people.Told);
    }

    [Fact]
    public async Task A_lead_that_has_not_looked_yet_takes_nothing_for_over()
    {
        _book.Had("lost/1//", _world.Now);
        for (var i = 0; i < 20; i++)
        {
            await LookAsync();
        }

        Assert.Empty(_people.Told);
    }

    [Fact]
    public async Task DigitalOcean_away_is_told_after_a_quarter_of_an_hour_and_over_when_it_is_back()
    {
        await LookedAsync();
        _status.Troubled("the API is away");
        await LookForAsync(14);
        Assert.Empty(_people.Told);
        await LookForAsync(3);
        Assert.Equal(["On not-compared"], _people.Told);
        _status.Reconciled();
        await LookForAsync(10);
        Assert.Equal(["On not-compared", "Over not-compared"], _people.Told);
    }

    [Fact]
    public async Task A_restart_while_DigitalOcean_is_away_says_neither_that_it_is_back_nor_that_it_is_away_again()
    {
        await LookedAsync();
        _status.Troubled("the API is away");
        await LookForAsync(20);
        _status.Idle();
        _watch = Watch();
        await LookForAsync(8);
        _status.Troubled("the API is away");
        await LookForAsync(30);
        Assert.Equal(["On not-compared"], _people.Told);
    }

    [Fact]
    public async Task A_droplet_that_cannot_be_compared_is_no_reason_to_cry()
    {
        await LookedAsync();
        _status.Troubled("droplet 7", isPart: true);
        await LookForAsync(60);
        Assert.Empty(_people.Told);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(6, true)]
    public async Task Events_that_nobody_publishes_are_told_after_five_minutes(int minutes, bool isTold)
    {
        await LookedAsync();
        _status.Reconciled();
        var since = _world.Now.AddMinutes(-minutes);
        _running = _ => Task.FromResult(Well with { Behind = 3, BehindSince = since });
        await LookAsync();
        Assert.Equal(isTold ? ["On relay-behind"] : [], _people.Told);
    }

    [Fact]
    public async Task A_clock_that_is_far_ahead_makes_no_event_late_and_hides_no_trouble()
    {
        await LookedAsync();
        _status.Troubled("the API is away");
        await LookForAsync(5);
        // Found out only now: it was ahead when the trouble came.
        _world.ClockWatch.Differs(-TimeSpan.FromDays(30));
        _running = _ => Task.FromResult(Well with { Behind = 3, BehindSince = _world.ClockWatch.Believed.AddMinutes(-4) });
        await LookForAsync(10);
        Assert.Empty(_people.Told);
        await LookForAsync(3);
        Assert.Equal(["On not-compared"], _people.Told);
        Assert.Equal(World.Start.AddDays(-30), _people.Last!.Condition.Since);
    }

    [Fact]
    public async Task A_clock_that_is_found_to_be_far_behind_makes_no_trouble_older_than_it_is()
    {
        await LookedAsync();
        _status.Troubled("the API is away");
        await LookForAsync(5);
        _world.ClockWatch.Differs(TimeSpan.FromDays(30));
        await LookForAsync(10);
        Assert.Empty(_people.Told);
        await LookForAsync(1);
        Assert.Equal(["On not-compared"], _people.Told);
        Assert.Equal(World.Start.AddDays(30), _people.Last!.Condition.Since);
    }

    [Fact]
    public async Task A_clock_that_is_set_a_month_ahead_tells_nothing_again_and_what_is_over_as_soon_as_ever()
    {
        await LookedAsync();
        _status.Reconciled();
        _running = _ => Task.FromResult(Well with { Requests = [new RequestsLeft(5000, 1, 250, 250, null)] });
        await LookAsync();
        Assert.Equal(["On budget-low"], _people.Told);

        _world.Clock.Advance(TimeSpan.FromDays(30));
        _world.ClockWatch.Differs(-TimeSpan.FromDays(30));
        await LookForAsync(10);
        Assert.Equal(["On budget-low"], _people.Told);
        _running = _ => Task.FromResult(Well);
        await LookForAsync(7);
        Assert.Equal(["On budget-low", "Over budget-low"], _people.Told);
        Assert.InRange(_people.Now, World.Start, World.Start.AddHours(1));
    }

    [Theory]
    [InlineData(501, false)]
    [InlineData(499, true)]
    public async Task A_token_that_is_almost_used_up_is_told(int left, bool isTold)
    {
        await LookedAsync();
        _status.Reconciled();
        _running = _ => Task.FromResult(Well with { Requests = [new RequestsLeft(5000, left, 250, 250, null)] });
        await LookAsync();
        Assert.Equal(isTold ? ["On budget-low"] : [], _people.Told);
    }

    [Fact]
    public async Task What_goes_wrong_with_looking_ends_nothing()
    {
        await LookedAsync();
        _running = _ => throw new InvalidOperationException("a fault");
        Assert.Equal(new NotificationOptions().LookEvery, await _watch.LookAsync(World.Ct));
        Assert.Empty(_people.Told);
    }

    [Fact]
    public async Task Where_nobody_is_to_be_told_nothing_is_looked_at()
    {
        Assert.True(_watch.IsWanted);
        Assert.False(Watch([]).IsWanted);
        await LookedAsync();
    }

    private ConditionWatch Watch(IEnumerable<INoticeChannel>? channels = null)
    {
        var options = new NotificationOptions();
        return new ConditionWatch(
            _world.Alarms,
            _world.Decider,
            _status,
            ct => _running(ct),
            new Notifier(options, channels ?? [_people], _book, _world.ClockWatch, _world.Clock, NullLogger<Notifier>.Instance),
            new DeadManPing(options, _world.Clock, NullLogger<DeadManPing>.Instance),
            options,
            _world.ClockWatch,
            NullLogger<ConditionWatch>.Instance);
    }

    /// <summary>The fleet was looked at in this lead.</summary>
    private async Task LookedAsync()
    {
        await _world.LeadAsync();
        _world.Alarms.Look(await _world.Log.LoadLedgersAsync(null, World.Ct));
    }

    private async Task RunAsync(TimeSpan duration)
    {
        for (var end = _world.Now + duration; _world.Now < end;)
        {
            await _world.RunAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));
            await _watch.LookAsync(World.Ct);
        }
    }

    private async Task LookForAsync(int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            await LookAsync();
        }
    }

    private async Task LookAsync()
    {
        await _watch.LookAsync(World.Ct);
        _world.Clock.Advance(AMinute);
    }

    private sealed class Recorder : INoticeChannel
    {
        public string Name => "people";

        public List<string> Told { get; } = [];

        public Notice? Last { get; private set; }

        public DateTimeOffset Now { get; private set; }

        public Task TellAsync(IReadOnlyList<Notice> notices, DateTimeOffset now, CancellationToken ct)
        {
            (Last, Now) = (notices[^1], now);
            Told.AddRange(notices.Select(n => $"{n.State} {n.Condition.Kind}"));
            return Task.CompletedTask;
        }
    }

    private sealed class Book : INoticeBook
    {
        private readonly Dictionary<string, ToldNotice> _told = new(StringComparer.Ordinal);

        public void Had(string key, DateTimeOffset at) => _told[key] = new ToldNotice(key, "lost", "Warning", "text", at, at, GoneSince: null);

        public Task<IReadOnlyList<ToldNotice>> ReadAsync(string channel, CancellationToken ct) => Task.FromResult<IReadOnlyList<ToldNotice>>([.. _told.Values]);

        public Task ProveAsync(string channel, CancellationToken ct) => Task.CompletedTask;

        public Task WriteAsync(string channel, IReadOnlyCollection<ToldNotice> told, IReadOnlyCollection<string> over, CancellationToken ct)
        {
            foreach (var one in told)
            {
                _told[one.Key] = one;
            }

            foreach (var key in over)
            {
                _told.Remove(key);
            }

            return Task.CompletedTask;
        }
    }
}
