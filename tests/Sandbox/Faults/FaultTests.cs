using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests.Faults;

/// <summary>What each kind of fault does to a POST, in process.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly World _world = new(World.Plain with { HourlyLimit = 5_000, BurstLimit = 250 });
    private readonly SandboxDroplet _droplet;

    public FaultTests() => _droplet = _world.AddDroplet();

    private SandboxFaults Faults => _world.Account.Faults;

    private bool IsStarted => _world.Account.State().Actions.Count == 1;

    [Theory]
    [InlineData(SandboxFaultKind.CutBefore, false)]
    [InlineData(SandboxFaultKind.CutAfter, true)]
    public async Task A_connection_is_cut_before_or_after_the_effect(SandboxFaultKind kind, bool isStarted)
    {
        Faults.Set(new SandboxFaultRule { Kind = kind });

        var broken = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync());

        Assert.Equal(HttpRequestError.ResponseEnded, broken.HttpRequestError);
        Assert.Equal(isStarted, IsStarted);
        Assert.Equal(isStarted ? 1 : 0, _world.Account.Journal.Total);
    }

    [Fact]
    public void A_synchronous_call_is_cut_as_well()
    {
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.CutAfter });
        using var request = Request();

        Assert.Throws<HttpRequestException>(() => _world.Client.Send(request, World.Cancel));
        Assert.True(IsStarted);
    }

    [Fact]
    public async Task A_body_breaks_off_in_the_middle_of_what_was_told()
    {
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.CutInBody });
        using var request = Request();
        using var response = await _world.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, World.Cancel);
        using var received = new MemoryStream();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var told = response.Content.Headers.ContentLength;
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.CopyToAsync(received, World.Cancel));
        Assert.Equal(told / 2, received.Length);
        Assert.True(IsStarted);
    }

    [Fact]
    public async Task Half_of_the_json_comes_as_if_it_were_all()
    {
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.TruncatedJson });
        using var response = await PostAsync();
        var body = await response.Content.ReadAsStringAsync(World.Cancel);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.StartsWith("""{"action":{"id":""", body, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
        Assert.True(IsStarted);
    }

    [Theory]
    [InlineData(SandboxFaultKind.ErrorBefore, null, 500, "server_error", false)]
    [InlineData(SandboxFaultKind.ErrorAfter, null, 500, "server_error", true)]
    [InlineData(SandboxFaultKind.ErrorBefore, 503, 503, "service_unavailable", false)]
    [InlineData(SandboxFaultKind.ErrorAfter, 505, 505, "internal_server_error", true)]
    public async Task A_server_error_comes_with_and_without_effect(SandboxFaultKind kind, int? asked, int status, string id, bool isStarted)
    {
        Faults.Set(new SandboxFaultRule { Kind = kind, Status = asked });
        using var response = await PostAsync();
        var error = await response.Content.ReadFromJsonAsync<JsonElement>(World.Cancel);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(id, error.GetProperty("id").GetString());
        Assert.Equal("4999", Header(response, "ratelimit-remaining"));
        Assert.Equal(isStarted, IsStarted);
        Assert.Equal((status, kind), (Assert.Single(_world.Account.Journal.All()).Status, _world.Account.Journal.All()[0].Fault));
    }

    [Theory]
    [InlineData(SandboxFaultKind.HtmlBefore, null, 504, false)]
    [InlineData(SandboxFaultKind.HtmlAfter, null, 504, true)]
    [InlineData(SandboxFaultKind.HtmlAfter, 200, 200, true)]
    public async Task A_page_comes_with_and_without_effect(SandboxFaultKind kind, int? asked, int status, bool isStarted)
    {
        Faults.Set(new SandboxFaultRule { Kind = kind, Status = asked });
        using var response = await PostAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<html>", await response.Content.ReadAsStringAsync(World.Cancel), StringComparison.Ordinal);
        Assert.Null(Header(response, "ratelimit-remaining"));
        Assert.Equal(isStarted, IsStarted);
    }

    [Fact]
    public async Task The_429_of_the_minute_says_when_to_come_again()
    {
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.BurstLimit, Seconds = 17 });
        using var response = await PostAsync();

        await IsThrottledAsync(response);
        Assert.Equal("17", Header(response, "retry-after"));
        Assert.Equal(Seconds(World.Start.AddHours(1)), Header(response, "ratelimit-reset"));
    }

    [Fact]
    public async Task The_429_of_the_hour_has_a_reset_and_no_retry_after()
    {
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.HourlyLimit, Seconds = 90 });
        using var response = await PostAsync();

        await IsThrottledAsync(response);
        Assert.Null(Header(response, "retry-after"));
        Assert.Equal(Seconds(World.Start.AddSeconds(90)), Header(response, "ratelimit-reset"));
    }

    [Fact]
    public async Task A_slow_answer_comes_when_the_effect_is_long_there()
    {
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.SlowAnswer, Seconds = 20 });
        var asked = PostAsync();

        Assert.True(IsStarted);
        _world.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.False(asked.IsCompleted);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        using var response = await asked;
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task A_slow_request_takes_effect_though_its_sender_gave_up()
    {
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.SlowRequest, Seconds = 20 });
        using var gaveUp = new CancellationTokenSource();
        var asked = PostAsync(gaveUp.Token);
        _world.Clock.Advance(TimeSpan.FromSeconds(19));
        await gaveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.False(IsStarted);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(World.Start.AddSeconds(20), Assert.Single(_world.Account.State().Actions).StartedAt);
    }

    [Fact]
    public async Task Slowness_goes_with_a_cut()
    {
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.SlowRequest, Seconds = 5 }, new SandboxFaultRule { Kind = SandboxFaultKind.CutAfter });
        var asked = PostAsync();
        Assert.False(IsStarted);
        _world.Clock.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<HttpRequestException>(() => asked);
        Assert.True(IsStarted);
        Assert.Equal(2, Faults.Counts().Total);
    }

    [Theory]
    [InlineData(-200)]
    [InlineData(3600)]
    public async Task A_wrong_clock_shows_in_the_date_and_in_every_stamp_and_lengthens_nothing(int seconds)
    {
        Faults.ClockSkew = TimeSpan.FromSeconds(seconds);
        using var response = await PostAsync();
        var action = (await response.Content.ReadFromJsonAsync<JsonElement>(World.Cancel)).GetProperty("action");
        var wrong = World.Start.AddSeconds(seconds);

        Assert.Equal(wrong, response.Headers.Date);
        Assert.Equal(wrong, action.GetProperty("started_at").GetDateTimeOffset());
        Assert.Equal(Seconds(wrong.AddHours(1)), Header(response, "ratelimit-reset"));
        _world.Clock.Advance(World.SnapshotTime + World.ListingLag);
        var snapshot = Assert.Single(_world.Account.SnapshotsOf(_droplet.Id));
        Assert.Equal(wrong, snapshot.CreatedAt);
        Assert.Equal(wrong + World.SnapshotTime, Assert.Single(_world.Account.State().Actions).CompletedAt);
    }

    [Fact]
    public async Task Without_skew_the_date_is_the_accounts()
    {
        _world.Clock.Advance(TimeSpan.FromSeconds(77.7));
        using var response = await _world.Client.GetAsync("/v2/account", World.Cancel);

        Assert.Equal(World.Start.AddSeconds(77), response.Headers.Date);
    }

    [Fact]
    public async Task What_has_no_body_is_not_truncated()
    {
        var image = _world.Plant(_droplet.Id);
        Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.TruncatedJson }, new SandboxFaultRule { Kind = SandboxFaultKind.CutInBody });

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"/v2/snapshots/{image.Id}")).Status);
        Assert.Equal(0, Faults.Counts().Total);
    }

    public void Dispose() => _world.Dispose();

    private HttpRequestMessage Request() =>
        new(HttpMethod.Post, $"/v2/droplets/{_droplet.Id}/actions") { Content = JsonContent.Create(new { type = "snapshot", name = "n" }) };

    private async Task<HttpResponseMessage> PostAsync(CancellationToken? ct = null)
    {
        using var request = Request();
        return await _world.Client.SendAsync(request, ct ?? World.Cancel);
    }

    private async Task IsThrottledAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(("5000", "0"), (Header(response, "ratelimit-limit"), Header(response, "ratelimit-remaining")));
        Assert.Equal("""{"id":"too_many_requests","message":"API Rate limit exceeded."}""", await response.Content.ReadAsStringAsync(World.Cancel));
        Assert.False(IsStarted);
    }

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
