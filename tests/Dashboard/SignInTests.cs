using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>Who may look, and what of a caller's token is ever seen.</summary>
public sealed class SignInTests
{
    private const string Token = "operator-token-of-ann";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_api_without_tokens_is_shown_without_one()
    {
        await using var front = await Front.StartAsync(Ct);
        using var first = await front.Client.GetAsync("/", Ct);
        Assert.Equal("/sign-in", first.Headers.Location!.AbsolutePath);
        using var signed = await front.Client.GetAsync(first.Headers.Location, Ct);
        Assert.Equal(HttpStatusCode.Redirect, signed.StatusCode);
        using var page = await front.Client.GetAsync("/", Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task With_tokens_one_is_asked_for_and_never_shown()
    {
        await using var front = await Front.StartAsync(Ct);
        front.Api.Tokens[Token] = "operator";
        var form = await front.Client.GetStringAsync("/sign-in", Ct);
        Assert.Contains("type=\"password\"", form, StringComparison.Ordinal);
        using var signed = await front.SubmitAsync("/sign-in?return=/activity", Ct, ("token", Token));
        Assert.Equal(HttpStatusCode.Redirect, signed.StatusCode);
        Assert.Equal("/activity", signed.Headers.Location!.OriginalString);
        var cookie = Assert.Single(signed.Headers.GetValues("Set-Cookie"), c => c.StartsWith("do-snapshot=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, await front.Client.GetStringAsync("/", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_nobody_has_is_refused_in_words()
    {
        await using var front = await Front.StartAsync(Ct);
        front.Api.Tokens[Token] = "operator";
        using var refused = await front.SubmitAsync("/sign-in", Ct, ("token", "another-token-altogether"));
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        var page = await refused.Content.ReadAsStringAsync(Ct);
        Assert.Contains("knows nobody with this token", page, StringComparison.Ordinal);
        Assert.DoesNotContain("another-token-altogether", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_that_takes_any_token_is_shown_to_nobody_where_other_machines_reach_it()
    {
        await using var front = await Front.StartAsync(Ct, "--urls=http://127.0.0.1:0;http://0.0.0.0:0");
        using var refused = await front.SubmitAsync("/sign-in", Ct, ("token", "any-word-at-all"));
        Assert.Contains("The API wants no token", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var page = await front.Client.GetAsync("/", Ct);
        Assert.Equal("/sign-in", page.Headers.Location!.AbsolutePath);

        front.Api.Tokens[Token] = "operator";
        using var signed = await front.SubmitAsync("/sign-in", Ct, ("token", Token));
        Assert.Equal(HttpStatusCode.Redirect, signed.StatusCode);
    }

    [Fact]
    public async Task Nobody_tries_tokens_without_end()
    {
        await using var front = await Front.StartAsync(Ct);
        front.Api.Tokens[Token] = "operator";
        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 40; attempt++)
        {
            using var refused = await front.SubmitAsync("/sign-in", Ct, ("token", $"guess-number-{attempt}"));
            statuses.Add(refused.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, statuses[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task A_form_that_was_not_ours_is_refused()
    {
        await using var front = await Front.StartAsync(Ct);
        front.Api.Tokens[Token] = "operator";
        using var forged = await front.Client.PostAsync("/sign-in", new FormUrlEncodedContent([KeyValuePair.Create("token", Token)]), Ct);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/sign-in")]
    public async Task Nobody_is_sent_elsewhere_after_signing_in(string back)
    {
        await using var front = await Front.StartAsync(Ct);
        using var signed = await front.Client.GetAsync($"/sign-in?return={Uri.EscapeDataString(back)}", Ct);
        Assert.Equal("/", signed.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task An_api_that_is_away_is_said_and_looked_for_again()
    {
        await using var front = await Front.StartAsync(Ct);
        front.Api.IsDown = true;
        var page = await front.Client.GetStringAsync("/sign-in", Ct);
        Assert.Contains("The API cannot be reached", page, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_goes_on_by_being_used_and_ends_after_a_week_all_the_same()
    {
        var clock = new FakeTimeProvider(Sample.Now);
        await using var front = await Front.StartAsync(clock, Ct);
        front.Api.Tokens[Token] = "viewer";
        using var signed = await front.SubmitAsync("/sign-in", Ct, ("token", Token));
        for (var hours = 8; hours < 7 * 24; hours += 8)
        {
            clock.Advance(TimeSpan.FromHours(8));
            using var page = await front.Client.GetAsync("/", Ct);
            Assert.True(page.StatusCode == HttpStatusCode.OK, $"after {hours} h: {page.StatusCode}");
        }

        clock.Advance(TimeSpan.FromHours(8));
        using var ended = await front.Client.GetAsync("/", Ct);
        Assert.Equal("/sign-in", ended.Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task A_sign_in_that_is_not_used_ends_after_half_a_day()
    {
        var clock = new FakeTimeProvider(Sample.Now);
        await using var front = await Front.StartAsync(clock, Ct);
        front.Api.Tokens[Token] = "viewer";
        using var signed = await front.SubmitAsync("/sign-in", Ct, ("token", Token));
        clock.Advance(TimeSpan.FromHours(13));
        using var ended = await front.Client.GetAsync("/", Ct);
        Assert.Equal("/sign-in", ended.Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task Signing_out_forgets_the_token()
    {
        await using var front = await Front.StartAsync(Ct);
        front.Api.Tokens[Token] = "viewer";
        using var signed = await front.SubmitAsync("/sign-in", Ct, ("token", Token));
        using var left = await front.SubmitAsync("/sign-out", Ct, ("confirmed", "true"));
        using var page = await front.Client.GetAsync("/", Ct);
        Assert.Equal("/sign-in", page.Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task What_signing_out_does_is_said_before_and_whoever_comes_back_is_told_that_it_is_done()
    {
        await using var front = await Front.StartAsync(Ct);
        front.Api.Tokens[Token] = "viewer";
        using var signed = await front.SubmitAsync("/sign-in", Ct, ("token", Token));
        Assert.Contains("With this your token is forgotten here", await front.Client.GetStringAsync("/sign-out", Ct), StringComparison.Ordinal);
        using var left = await front.SubmitAsync("/sign-out", Ct, ("confirmed", "true"));
        var again = await front.Client.GetStringAsync("/sign-out", Ct);
        Assert.Contains("You are signed out.", again, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_sites_name_for_this_machine_leads_nowhere()
    {
        await using var front = await Front.StartAsync(Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in") { Headers = { Host = "evil.example" } };
        using var answer = await front.Client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
