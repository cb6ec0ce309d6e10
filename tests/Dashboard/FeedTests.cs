using DoSnapshot.Dashboard.Live;
using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What goes on is heard, and that it cannot be heard is said.</summary>
public sealed class FeedTests : IAsyncDisposable
{
    private readonly FakeApi _api = new();
    private readonly JumpingClock _clock = new(stands: true);
    private readonly ApiClients _clients;
    private readonly Feed _feed;
    private StatusShape _status = Sample.Status(Sample.Of(1, "a"));

    public FeedTests()
    {
        _api.Answer("/v1/status", () => _status);
        _clients = new ApiClients(new Uri("http://api.test/"), TimeProvider.System, _api);
        _feed = new Feed(_clients.Of(null), _clock);
        _feed.Start();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        _clients.Dispose();
    }

    [Fact]
    public async Task What_has_happened_is_heard_without_being_asked_for()
    {
        await HoldsAsync(s => s.Status is not null);
        _status = Sample.Status(Sample.Of(1, "a"), Sample.Of(2, "b"));
        _api.Grow(3);
        await HoldsAsync(s => s.Status?.Droplets.Length == 2 && s.Place == 3);
        Assert.Equal([3, 2, 1], _feed.State.Recent.Select(e => e.Sequence));
        Assert.Equal(3, _feed.LastOf(Sample.Droplet));
    }

    [Fact]
    public async Task Of_another_log_what_was_heard_of_the_first_is_forgotten()
    {
        _api.Grow(3);
        await HoldsAsync(s => s.Place == 3 && s.Recent.Length == 3);
        await _feed.SlotsAsync(Sample.Droplet);
        var asked = _api.Calls.Count(c => c.Request.StartsWith("GET /v1/slots", StringComparison.Ordinal));

        _status = Sample.Status(Sample.Of(7, "restored"));
        _api.BecomeOther(2);

        await HoldsAsync(s => s.Place == 2 && s.Status?.Droplets is [{ DropletId: 7 }]);
        Assert.Equal([2, 1], _feed.State.Recent.Select(e => e.Sequence));
        Assert.Equal(2, _feed.LastOf(Sample.Droplet));
        await _feed.SlotsAsync(Sample.Droplet);
        Assert.Equal(asked + 1, _api.Calls.Count(c => c.Request.StartsWith("GET /v1/slots", StringComparison.Ordinal)));
        _api.Grow();
        await HoldsAsync(s => s.Recent.Length == 3 && s.Place == 3);
    }

    [Fact]
    public async Task An_api_that_is_away_is_said_with_what_was_heard_last_and_heard_again()
    {
        await HoldsAsync(s => s.Status is not null);
        _api.IsDown = true;
        _api.Grow();
        await HoldsAsync(s => s.Trouble is not null);
        Assert.Contains("Connection refused", _feed.State.Trouble, StringComparison.Ordinal);
        Assert.NotNull(_feed.State.Status);
        Assert.NotNull(_feed.State.TroubleSince);
        _api.IsDown = false;
        await HoldsAsync(s => s.Trouble is null);
        Assert.Null(_feed.State.TroubleSince);
    }

    [Fact]
    public async Task What_is_wrong_with_the_api_is_told_by_its_kind()
    {
        await HoldsAsync(s => s.Status is not null);
        _api.Fails = (System.Net.HttpStatusCode.InternalServerError, "its log is of another version");
        _api.Grow();
        await HoldsAsync(s => s is { Trouble: "its log is of another version", TroubleKind: HttpApi.ApiTrouble.Strange });
        _api.Fails = null;
        await HoldsAsync(s => s is { Trouble: null, TroubleKind: null });
        _api.IsDown = true;
        _api.Grow();
        await HoldsAsync(s => s.TroubleKind is HttpApi.ApiTrouble.Unreachable);
    }

    [Theory]
    [InlineData("brake_released", true)]
    [InlineData("snapshot_completed", false)]
    public async Task Of_a_release_that_somebody_else_gave_what_goes_is_worked_out_anew_at_once(string type, bool isOld)
    {
        _api.Event = n => Sample.Event(n, type, "plan/p");
        _api.Answer("/v1/forecast", () => Sample.Forecast(Sample.Going("a", Sample.Now.AddDays(20))));
        await HoldsAsync(s => s.Place is not null);
        await _feed.GoingAsync(7);
        Assert.False(_feed.IsGoingOld(7));
        _api.Grow();
        await HoldsAsync(s => s.Place == 1);
        Assert.Equal(isOld, _feed.IsGoingOld(7));
        Assert.NotNull(_feed.KnownGoing);
    }

    [Theory]
    [InlineData("expiry_withdrawn", true)]
    [InlineData("prune_refused", true)]
    [InlineData("retry_requested", true)]
    [InlineData("prune_deferred", false)]
    public async Task What_changes_what_goes_has_it_worked_out_anew_a_little_later(string type, bool isOld)
    {
        _api.Event = n => Sample.Event(n, type);
        _api.Answer("/v1/forecast", () => Sample.Forecast(Sample.Going("a", Sample.Now.AddDays(20))));
        await HoldsAsync(s => s.Place is not null);
        await _feed.GoingAsync(7);
        _api.Grow();
        await HoldsAsync(s => s.Place == 1);
        Assert.False(_feed.IsGoingOld(7));
        _clock.Jump(TimeSpan.FromMinutes(2));
        Assert.Equal(isOld, _feed.IsGoingOld(7));
    }

    [Fact]
    public async Task A_droplet_is_asked_for_again_when_something_happens_to_a_plan_that_it_left()
    {
        _api.Event = n => Sample.Event(n, "plan_resumed", "plan/q") with { DropletId = null };
        _api.Answer("/v1/droplets/41", () => Sample.View() with { Plan = null, LeftPlans = [new LeftPlanShape { Name = "q", Paused = true }] });
        await HoldsAsync(s => s.Place is not null);
        await _feed.ViewAsync(Sample.Droplet, Ct);
        _api.Grow();
        await HoldsAsync(s => s.Place == 1);
        await _feed.ViewAsync(Sample.Droplet, Ct);
        Assert.Equal(2, _api.Calls.Count(c => c.Request == "GET /v1/droplets/41"));
    }

    [Fact]
    public async Task A_droplet_is_asked_for_again_when_something_happens_to_its_plan()
    {
        var plan = "another";
        _api.Event = n => Sample.Event(n, "plan_resumed", $"plan/{plan}") with { DropletId = null };
        _api.Answer("/v1/droplets/41", () => Sample.View());
        await HoldsAsync(s => s.Place is not null);
        await _feed.ViewAsync(Sample.Droplet, Ct);
        _api.Grow();
        await HoldsAsync(s => s.Place == 1);
        await _feed.ViewAsync(Sample.Droplet, Ct);
        Assert.Equal((1, 0), (Asked(), _feed.LastOf(Sample.Droplet, ["p"])));
        plan = "p";
        _api.Grow();
        await HoldsAsync(s => s.Place == 2);
        await _feed.ViewAsync(Sample.Droplet, Ct);
        await _feed.ViewAsync(Sample.Droplet, Ct);
        Assert.Equal((2, 2), (Asked(), _feed.LastOf(Sample.Droplet, ["p"])));

        int Asked() => _api.Calls.Count(c => c.Request == "GET /v1/droplets/41");
    }

    [Fact]
    public async Task Who_is_known_no_more_is_signed_out()
    {
        await HoldsAsync(s => s.Status is not null);
        _api.Tokens["another-token"] = "viewer";
        _api.Grow();
        await HoldsAsync(s => s.IsSignedOut);
    }

    [Fact]
    public async Task A_droplet_is_asked_for_once_until_something_happens_to_it()
    {
        _api.Answer("/v1/droplets/41", () => Sample.View());
        await HoldsAsync(s => s.Status is not null);
        await _feed.ViewAsync(Sample.Droplet, Ct);
        await _feed.ViewAsync(Sample.Droplet, Ct);
        Assert.Equal(1, Asked());
        _api.Grow();
        await HoldsAsync(s => s.Place == 1);
        await _feed.ViewAsync(Sample.Droplet, Ct);
        Assert.Equal(2, Asked());

        int Asked() => _api.Calls.Count(c => c.Request == "GET /v1/droplets/41");
    }

    private async Task HoldsAsync(Func<FeedState, bool> condition) => Assert.True(await Eventually.HoldsAsync(() => condition(_feed.State), cancellationToken: Ct), $"{_feed.State}");
}
