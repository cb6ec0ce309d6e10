using DoSnapshot.Dashboard.Live;
using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Tests.Support;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What a caller's pages share, and how long.</summary>
public sealed class FeedsTests : IAsyncDisposable
{
    private readonly FakeApi _api = new();
    private readonly FakeTimeProvider _clock = new(Sample.Now);
    private readonly ApiClients _clients;
    private readonly Feeds _feeds;

    public FeedsTests()
    {
        _api.Answer("/v1/status", () => Sample.Status());
        _clients = new ApiClients(new Uri("http://api.test/"), TimeProvider.System, _api);
        _feeds = new Feeds(_clients, _clock);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _feeds.DisposeAsync();
        _clients.Dispose();
    }

    [Fact]
    public async Task A_page_that_is_loaded_anew_finds_what_was_heard_before()
    {
        var first = _feeds.Open("a");
        Assert.True(await Eventually.HoldsAsync(() => first.Feed.State.Status is not null, cancellationToken: Ct));
        await first.DisposeAsync();
        _clock.Advance(TimeSpan.FromSeconds(20));
        await using var second = _feeds.Open("a");
        Assert.Same(first.Feed, second.Feed);
        Assert.NotNull(second.Feed.State.Status);

        // That somebody left before does not end what is in use again.
        _clock.Advance(TimeSpan.FromSeconds(20));
        await using var third = _feeds.Open("a");
        Assert.Same(first.Feed, third.Feed);
        await using var another = _feeds.Open("b");
        Assert.NotSame(first.Feed, another.Feed);
    }

    [Fact]
    public async Task What_nobody_uses_any_more_ends()
    {
        var first = _feeds.Open("a");
        await first.DisposeAsync();
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(HasEnded(first.Feed));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await Eventually.HoldsAsync(() => HasEnded(first.Feed), cancellationToken: Ct));
    }

    [Fact]
    public async Task After_a_sign_out_nothing_goes_on()
    {
        var first = _feeds.Open("a");
        await first.CloseAsync(atOnce: true);
        await using var second = _feeds.Open("a");
        Assert.NotSame(first.Feed, second.Feed);
    }

    [Fact]
    public async Task A_page_that_stays_open_ends_with_its_sign_in()
    {
        var until = Sample.Now.AddDays(7);
        await using var sessions = new Sessions(new Known(until), _clients, _feeds, new OpenPages(), _clock);
        var ended = 0;
        sessions.Ended += (_, _) => ended++;
        await sessions.OpenAsync();
        _clock.Advance(TimeSpan.FromDays(6.9));
        Assert.Equal(0, ended);
        _clock.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal(1, ended);
    }

    private static bool HasEnded(Feed feed)
    {
        try
        {
            _ = feed.GoingAsync(7, anew: true);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private sealed class Known(DateTimeOffset until) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new(Sessions.Identity(new MeShape { Name = "api:ann", Role = "viewer" }, "a", "test", until))));
    }
}
