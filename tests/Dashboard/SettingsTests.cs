using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>Settings that can be used, and what is said of those that cannot.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("ApiUrl", "http://api.internal:8080", "over plain http")]
    [InlineData("ApiUrl", "ftp://localhost", "http:// or https://")]
    [InlineData("ApiUrl", "http://me:secret@localhost", "address alone")]
    [InlineData("ApiUrl", "http://me:secret@:x", "an address such as")]
    [InlineData("KeysDirectory", "/nowhere/at/all", "is no directory")]
    [InlineData("Price", "cheap", "a number of dollars")]
    [InlineData("ApiUlr", "http://localhost", "is no setting")]
    public void A_mistake_is_named(string name, string value, string says)
    {
        var e = Assert.Throws<OptionsValidationException>(() => Read((name, value)));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_http_to_another_machine_is_for_who_says_so() =>
        Assert.Equal("http://api:8080", Read(("ApiUrl", "http://api:8080"), ("AllowPlainHttp", "true")).ShownApi);

    [Theory]
    [InlineData("http://localhost:8090", true)]
    [InlineData("http://127.0.0.1:1;http://[::1]:2", true)]
    [InlineData("http://0.0.0.0:8090", false)]
    [InlineData("http://localhost:1;http://+:2", false)]
    public void Only_what_nobody_elsewhere_reaches_may_go_without_a_token(string urls, bool isThisMachineOnly) =>
        Assert.Equal(isThisMachineOnly, DashboardSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new("urls", urls)]).Build()).IsThisMachineOnly);

    private static DashboardSettings Read(params (string Name, string Value)[] settings) =>
        DashboardSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Dashboard:{s.Name}", (string?)s.Value))).Build());
}
