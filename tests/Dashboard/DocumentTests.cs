using System.Net;
using System.Text.RegularExpressions;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What a browser is given, and told about it.</summary>
public sealed partial class DocumentTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_fetched_from_elsewhere_and_no_script_stands_in_the_page()
    {
        await using var front = await Front.StartAsync(Ct);
        using var signed = await front.Client.GetAsync("/sign-in", Ct);
        var page = await front.Client.GetStringAsync("/", Ct);
        Assert.All(Addresses().Matches(page).Select(m => m.Groups["address"].Value), a => Assert.DoesNotContain("//", a, StringComparison.Ordinal));
        Assert.All(Scripts().Matches(page), s => Assert.True(s.Groups["inline"].Value.Trim().Length == 0, s.Value));
        Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_page_itself_has_the_policy()
    {
        await using var front = await Front.StartAsync(Ct);
        using var signed = await front.Client.GetAsync("/sign-in", Ct);
        using var page = await front.Client.GetAsync("/", Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        // The framework adds one of its own; all of them count.
        Assert.Contains(page.Headers.GetValues("Content-Security-Policy"), p => p.Contains("script-src 'self';", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_that_the_page_names_is_there()
    {
        await using var front = await Front.StartAsync(Ct);
        using var signed = await front.Client.GetAsync("/sign-in", Ct);
        var addresses = Addresses().Matches(await front.Client.GetStringAsync("/", Ct)).Select(m => m.Groups["address"].Value).Where(a => a.Length > 1).Distinct(StringComparer.Ordinal).ToList();
        Assert.InRange(addresses.Count, 6, 20);
        foreach (var address in addresses)
        {
            using var answer = await front.Client.GetAsync(address, Ct);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("/no-such-page", "text/html", HttpStatusCode.NotFound, true)]
    [InlineData("/not-found", "text/html", HttpStatusCode.NotFound, true)]
    [InlineData("/activity", "text/html", HttpStatusCode.OK, true)]
    [InlineData("/droplets/web-1", "text/html", HttpStatusCode.NotFound, true)]
    [InlineData("/no-such-page.css", "text/css", HttpStatusCode.NotFound, false)]
    public async Task An_address_with_nothing_at_it_is_a_page_that_says_so_with_the_status_of_one(string path, string accept, HttpStatusCode status, bool isPage)
    {
        await using var front = await Front.StartAsync(Ct);
        using var signed = await front.Client.GetAsync("/sign-in", Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Accept = { new(accept) } } };
        using var answer = await front.Client.SendAsync(request, Ct);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(isPage, (await answer.Content.ReadAsStringAsync(Ct)).Contains("blazor.web", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_has_not_signed_in_is_asked_to_wherever_the_way_leads()
    {
        await using var front = await Front.StartAsync(Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/no-such-page") { Headers = { Accept = { new("text/html") } } };
        using var answer = await front.Client.SendAsync(request, Ct);
        Assert.Equal("/sign-in", answer.Headers.Location!.AbsolutePath);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/theme.css")]
    [InlineData("/dashboard.js")]
    [InlineData("/health/live")]
    public async Task Every_answer_has_the_policy(string path)
    {
        await using var front = await Front.StartAsync(Ct);
        using var answer = await front.Client.GetAsync(path, Ct);
        var policy = answer.Headers.GetValues("Content-Security-Policy").First();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task The_theme_has_light_dark_and_what_the_system_wants()
    {
        await using var front = await Front.StartAsync(Ct);
        var sheet = await front.Client.GetStringAsync("/theme.css", Ct);
        Assert.Contains(":root{", sheet.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(":root[data-theme=dark]", sheet, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", sheet, StringComparison.Ordinal);
        Assert.Contains("--mud-palette-primary", sheet, StringComparison.Ordinal);
        Assert.DoesNotContain("<", sheet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dark", "dark")]
    [InlineData("\"><script>", "system")]
    public async Task A_preference_is_one_of_the_choices_whatever_the_cookie_says(string cookie, string theme)
    {
        await using var front = await Front.StartAsync(Ct);
        using var signed = await front.Client.GetAsync("/sign-in", Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        front.Cookies.Add(front.Client.BaseAddress!, new Cookie("theme", Uri.EscapeDataString(cookie)));
        using var answer = await front.Client.SendAsync(request, Ct);
        Assert.Contains($"data-theme=\"{theme}\"", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [GeneratedRegex("""(href|src)="(?<address>[^"#]*)["#]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Addresses();

    [GeneratedRegex("""<script[^>]*>(?<inline>.*?)</script>""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Scripts();
}
