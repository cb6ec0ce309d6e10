using DoSnapshot.Dashboard.Live;
using DoSnapshot.HttpApi.Shapes;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What goes is worked out once for all, and anew when it no longer says what is to come.</summary>
public sealed class GoingBookTests : IDisposable
{
    private const int Days = 30;

    private readonly FakeApi _api = new();
    private readonly FakeTimeProvider _clock = new(Sample.Now);
    private readonly ApiClients _clients;
    private readonly GoingBook _book;
    private TimeSpan _took;

    public GoingBookTests()
    {
        _clients = new ApiClients(new Uri("http://api.test/"), TimeProvider.System, _api);
        _book = new GoingBook(_clients.Of(null), _clock, CancellationToken.None);
        _api.Answer("/v1/forecast", () =>
        {
            _clock.Advance(_took);
            return Sample.Forecast(Sample.Going("later", _clock.GetUtcNow().AddHours(3)), Sample.Going("first", _clock.GetUtcNow().AddHours(1)));
        });
    }

    private int Asked => _api.Calls.Count(c => c.Request.StartsWith("GET /v1/forecast", StringComparison.Ordinal));

    public void Dispose() => _clients.Dispose();

    [Fact]
    public async Task Once_for_all_who_look()
    {
        await AskAsync();
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(2, (await AskAsync()).Snapshots.Length);
        Assert.Equal(1, Asked);
        await AskAsync(anew: true);
        Assert.Equal(2, Asked);
        _book.Forget();
        await AskAsync();
        Assert.Equal(3, Asked);
    }

    [Fact]
    public async Task Anew_after_five_minutes()
    {
        await AskAsync();
        _clock.Advance(TimeSpan.FromMinutes(5.1));
        Assert.True(_book.IsOld(Days, now: null));
        await AskAsync();
        Assert.Equal(2, Asked);
        Assert.False(_book.IsOld(Days, now: null));
    }

    [Fact]
    public async Task Anew_when_what_was_to_go_first_should_be_gone()
    {
        await AskAsync();
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.False(_book.IsOld(Days, Sample.Now.AddMinutes(59)));
        Assert.True(_book.IsOld(Days, Sample.Now.AddHours(1)));
        await AskAsync(now: Sample.Now.AddHours(1));
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task What_goes_already_is_not_asked_after_again_and_again()
    {
        _api.Answer("/v1/forecast", () => Sample.Forecast(Sample.Going("stuck", Sample.Now), Sample.Going("later", Sample.Now.AddHours(3))));
        await AskAsync();
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.False(_book.IsOld(Days, Sample.Now.AddMinutes(4)));
        Assert.True(_book.IsOld(Days, Sample.Now.AddHours(3)));
    }

    [Fact]
    public async Task Anew_when_something_has_happened_and_known_until_then()
    {
        _took = TimeSpan.FromSeconds(8);
        await AskAsync();
        _book.Outdate(atOnce: false);
        Assert.Equal(Days, _book.Known?.Days);
        _clock.Advance(TimeSpan.FromSeconds(70));
        Assert.False(_book.IsOld(Days, now: null));
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(_book.IsOld(Days, now: null));
        await AskAsync();
        Assert.Equal(2, Asked);
        _clock.Advance(TimeSpan.FromSeconds(81));
        Assert.False(_book.IsOld(Days, now: null));
    }

    [Fact]
    public async Task At_once_when_what_is_told_is_over_and_once_only()
    {
        _took = TimeSpan.FromSeconds(8);
        await AskAsync();
        _book.Outdate(atOnce: true);
        Assert.True(_book.IsOld(Days, now: null));
        Assert.Equal(Days, _book.Known?.Days);
        await AskAsync();
        Assert.Equal(2, Asked);
        Assert.False(_book.IsOld(Days, now: null));
    }

    [Fact]
    public async Task Not_all_the_time_where_it_takes_long()
    {
        _took = TimeSpan.FromSeconds(8);
        await AskAsync();
        _clock.Advance(TimeSpan.FromSeconds(70));
        Assert.False(_book.IsOld(Days, Sample.Now.AddDays(1)));
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(_book.IsOld(Days, Sample.Now.AddDays(1)));
    }

    [Fact]
    public async Task Again_after_a_minute_where_it_could_not_be_had()
    {
        _api.IsDown = true;
        await Assert.ThrowsAsync<HttpApi.ApiTroubleException>(() => AskAsync());
        _api.IsDown = false;
        Assert.Null(_book.Known);
        Assert.False(_book.IsOld(Days, now: null));
        _clock.Advance(TimeSpan.FromSeconds(61));
        await AskAsync();
        Assert.Equal(Days, _book.Known?.Days);
    }

    private Task<ForecastShape> AskAsync(DateTimeOffset? now = null, bool anew = false) => _book.OfAsync(Days, now, anew);
}
