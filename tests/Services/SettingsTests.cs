using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Lifecycle;
using DoSnapshot.Planner.Plans;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Services.Tests;

/// <summary>Settings are read strictly.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("20s", 20)]
    [InlineData(" 1.5min ", 90)]
    [InlineData("1h", 3600)]
    [InlineData("2d", 172_800)]
    [InlineData("00:00:20", 20)]
    [InlineData("1.02:00:00", 93_600)]
    [InlineData("0s", 0)]
    public void A_duration_has_a_unit(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("15")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5m")]
    [InlineData("5 weeks")]
    [InlineData("1e3s")]
    [InlineData("99999999999999999999d")]
    [InlineData("25:61")]
    public void What_anybody_would_have_to_guess_is_none(string? text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void What_is_not_said_is_the_default_and_names_do_not_mind_their_case()
    {
        var settings = SettingsReader.Read<PlanSettings>(With(("Plan:keep", "1w:1m"), ("Other:Thing", "x")), "Plan");
        Assert.Equal(("1w:1m", "1d", 1), (settings.Keep, settings.Every, settings.KeepAtLeast));
        Assert.Equal(new LifecycleTimings { Settling = TimeSpan.FromSeconds(7) }, SettingsReader.Read<LifecycleTimings>(With(("Lifecycle:Settling", "7s")), "Lifecycle"));
    }

    [Fact]
    public void Every_mistake_is_named_at_once_and_no_secret_is_quoted()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => SettingsReader.Read<Sample>(
            With(("S:Nuber", "1"), ("S:Number", "one"), ("S:Pace", "soon"), ("S:Flag", "yes"), ("S:Address", "here"), ("S:Secret", "hunter2")), "S", "Secret"));

        Assert.Equal(
            [
                "S:Address 'here' cannot be used: an address such as https://api.digitalocean.com is wanted (environment: S__Address).",
                "S:Flag 'yes' cannot be used: true or false is wanted (environment: S__Flag).",
                "S:Nuber is no setting; there are Address, Flag, Number, Pace, Secret.",
                "S:Number 'one' cannot be used: a whole number is wanted (environment: S__Number).",
                "S:Pace 'soon' cannot be used: a duration such as 500ms, 20s, 15min, 1h, 2d or 00:00:20 is wanted (environment: S__Pace).",
                "S:Secret cannot be used: a whole number is wanted (environment: S__Secret).",
            ],
            refused.Failures.Order(StringComparer.Ordinal));
    }

    private static IConfiguration With(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();

    private sealed class Sample
    {
        public int Number { get; set; }

        public TimeSpan Pace { get; set; }

        public bool Flag { get; set; }

        public Uri? Address { get; set; }

        public int Secret { get; set; }
    }
}
