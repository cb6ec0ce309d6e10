using DoSnapshot.Cli.Serve;
using Microsoft.Extensions.Configuration;

namespace DoSnapshot.Cli.Tests;

/// <summary>How the options of <c>serve</c>, the settings and the command's own variables come together.</summary>
public sealed class ServeSettingsTests
{
    private const string Store = "Platform:LogConnectionString";

    [Fact]
    public void An_option_goes_before_its_setting_and_a_setting_before_the_commands_variable()
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["DO_SNAPSHOT_STORE"] = "Host=variable",
            ["DO_TOKEN"] = "token-of-the-variable",
            ["DIGITALOCEAN_API_URL"] = "https://variable",
        };
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [Store] = "Host=setting",
            ["DigitalOcean:Token"] = "token-of-the-setting",
            ["DigitalOcean:ApiUrl"] = "https://setting",
            ["Plans:File"] = "setting.yaml",
            ["urls"] = "http://setting",
        };
        var options = new ServeOptions { Store = "Host=option", Token = "token-of-the-option", ApiUrl = "https://option", Plans = "option.yaml", Urls = "http://option" };

        Assert.Equal(
            ["Host=option", "token-of-the-option", "https://option", "option.yaml", "http://option"],
            Values(Complete(options, settings, variables).Configuration));
        Assert.Equal(
            ["Host=setting", "token-of-the-setting", "https://setting", "setting.yaml", "http://setting"],
            Values(Complete(new ServeOptions(), settings, variables).Configuration));
        Assert.Equal(
            ["Host=variable", "token-of-the-variable", "https://variable", null, null],
            Values(Complete(new ServeOptions(), [], variables).Configuration));
    }

    [Fact]
    public void A_directory_goes_before_every_other_place()
    {
        var (settings, _, mistakes) = Complete(
            new ServeOptions { Data = "/srv/log", Token = "x" },
            new(StringComparer.Ordinal) { [Store] = "Host=setting" },
            new(StringComparer.Ordinal) { ["DO_SNAPSHOT_STORE"] = "Host=variable" });

        Assert.Empty(mistakes);
        Assert.Equal("/srv/log", settings.Directory);
    }

    [Fact]
    public void A_token_file_of_the_settings_is_left_to_them()
    {
        var (_, configuration, mistakes) = Complete(
            new ServeOptions { Data = "/srv/log" }, new(StringComparer.Ordinal) { ["DigitalOcean:TokenFile"] = "/run/secrets/token" }, []);

        Assert.Empty(mistakes);
        Assert.Null(configuration["DigitalOcean:Token"]);
    }

    [Fact]
    public void A_file_with_the_connection_string_is_left_to_the_settings_and_goes_before_the_commands_variable()
    {
        var (_, configuration, mistakes) = Complete(
            new ServeOptions { Token = "x" },
            new(StringComparer.Ordinal) { [$"{Store}File"] = "/run/secrets/log" },
            new(StringComparer.Ordinal) { ["DO_SNAPSHOT_STORE"] = "Host=variable" });

        Assert.Empty(mistakes);
        Assert.Equal((null, "/run/secrets/log"), (configuration[Store], configuration[$"{Store}File"]));
    }

    [Theory]
    [InlineData("Host=option", null)]
    [InlineData(null, "/srv/log")]
    public void An_option_for_the_place_goes_before_a_file_of_the_settings(string? store, string? data)
    {
        var (_, configuration, mistakes) = Complete(
            new ServeOptions { Store = store, Data = data, Token = "x" }, new(StringComparer.Ordinal) { [$"{Store}File"] = "/run/secrets/log" }, []);

        Assert.Empty(mistakes);
        Assert.Equal("", configuration[$"{Store}File"]);
    }

    [Theory]
    [InlineData("Platform:LogConnectionStringFile '/x' is empty.", "do-snapshot: Platform:LogConnectionStringFile '/x' is empty.")]
    [InlineData("Platform:LogConnectionString cannot be read.", "do-snapshot: --store (or DO_SNAPSHOT_STORE) cannot be read.")]
    [InlineData("DigitalOcean:Token contains blanks", "do-snapshot: --token contains blanks")]
    [InlineData("DigitalOcean:TokenFile 'x' is empty.", "do-snapshot: DigitalOcean:TokenFile 'x' is empty.")]
    [InlineData("DigitalOcean:ApiUrl 'x' (environment: DigitalOcean__ApiUrl).", "do-snapshot: DIGITALOCEAN_API_URL 'x'.")]
    [InlineData("Plans:File 'x', line 1", "do-snapshot: --plans 'x', line 1")]
    [InlineData("for a sandbox set AllowPlainHttp.", "do-snapshot: for a sandbox give --allow-plain-http.")]
    [InlineData("Plan:Every '1x'", "do-snapshot: Plan:Every '1x'")]
    public void A_mistake_names_what_was_given(string mistake, string says)
    {
        var (settings, _, _) = Complete(
            new ServeOptions { Store = "x", Token = "y", Plans = "z" },
            [],
            new(StringComparer.Ordinal) { ["DIGITALOCEAN_API_URL"] = "https://variable" });

        Assert.Equal(says, settings.InOurWords(mistake));
    }

    [Theory]
    [InlineData("--Plan:Every=1d", null)]
    [InlineData("--logging:LogLevel:Default=Debug", null)]
    [InlineData("--Plan:Keep=", null)]
    [InlineData("--Plam:Every=1d", "there is no section 'Plam'")]
    [InlineData("--Plan:Every", "'--Plan:Every' is neither an option nor a setting")]
    [InlineData("Plan:Every=1d", "'Plan:Every' is neither an option nor a setting")]
    [InlineData("--verbose", "'--verbose' is neither an option nor a setting")]
    [InlineData("--stor=Host=x;Password=hush", "'--stor' is neither an option nor a setting")]
    public void What_else_is_given_must_be_a_setting(string argument, string? says)
    {
        var (_, _, mistakes) = Complete(new ServeOptions { Data = "x", Token = "y", Settings = [argument] }, [], []);

        if (says is null)
        {
            Assert.Empty(mistakes);
            return;
        }

        Assert.Contains(says, Assert.Single(mistakes), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", mistakes[0], StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Values(IConfiguration configuration) =>
        new[] { Store, "DigitalOcean:Token", "DigitalOcean:ApiUrl", "Plans:File", "urls" }.Select(name => configuration[name]);

    private static (ServeSettings Settings, IConfiguration Configuration, IReadOnlyList<string> Mistakes) Complete(
        ServeOptions options, Dictionary<string, string?> settings, Dictionary<string, string?> variables)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings);
        var serve = new ServeSettings(options, name => variables.GetValueOrDefault(name));
        var mistakes = serve.Complete(configuration);
        return (serve, configuration, mistakes);
    }
}
