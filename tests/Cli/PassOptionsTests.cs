using DoSnapshot.Cli.Arguments;
using DoSnapshot.Contracts;

namespace DoSnapshot.Cli.Tests;

/// <summary>What options state, and which values are refused.</summary>
public sealed class PassOptionsTests
{
    private static readonly Dictionary<string, (string[] Arguments, string Message)> Bad = new(StringComparer.Ordinal)
    {
        ["no -s"] = (["-v"], "-s/--snapshot is required"),
        ["no unit"] = (["-s", "1"], "-s/--snapshot '1': "),
        ["an unknown unit"] = (["-s", "1y"], "-s/--snapshot '1y': "),
        ["a capital unit"] = (["-s", "1D"], "-s/--snapshot '1D': "),
        ["a fraction"] = (["-s", "1.5d"], "-s/--snapshot '1.5d': "),
        ["below zero"] = (["-s", "-1"], "-s/--snapshot '-1': "),
        ["no age at all"] = (["-s", ""], "-s/--snapshot '': "),
        ["a rule without its age"] = (["-s1d", "-k", "3d"], "-k/--keep '3d': "),
        ["a rule with three periods"] = (["-s1d", "-k", "3d:1d:1d"], "-k/--keep '3d:1d:1d': "),
        ["one bad rule among good ones"] = (["-s1d", "-k", "3d:1d", "-k", "often:1w"], "-k/--keep 'often:1w': "),
        ["an empty prefix"] = (["-s1d", "-p", "  "], "-p/--prefix '  ': an empty prefix would claim every snapshot"),
        ["an empty tag"] = (["-s1d", "-t", ""], "-t/--tag '': "),
        ["a tag of two words"] = (["-s1d", "-t", "two words"], "-t/--tag 'two words': "),
        ["a region that is none"] = (["-s1d", "-r", "London"], "-r/--region 'London': "),
        ["regions with a comma"] = (["-s1d", "-r", "lon1,fra1"], "-r/--region 'lon1,fra1': "),
        ["an unknown timing"] = (["-s1d", "--timing", "never"], "--timing 'never': elapsed or anchored is wanted"),
        ["no time of day"] = (["-s1d", "--timing", "anchored", "--at", "noon"], "--at 'noon': "),
        ["a time of day for elapsed timing"] = (["-s1d", "--at", "04:00"], "--at '04:00': it needs --timing anchored"),
        ["moments no time apart"] = (["-s0d", "--timing", "anchored"], "-s/--snapshot '0d': it must be more than zero"),
        ["no address"] = (["-s1d", "--api-url", "api.digitalocean.com"], "--api-url 'api.digitalocean.com': "),
        ["an address of another kind"] = (["-s1d", "--api-url", "ftp://x"], "--api-url 'ftp://x': "),
    };

    public static TheoryData<string> BadNames => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_value_that_cannot_be_used_is_quoted_with_its_option(string name)
    {
        var error = Assert.Throws<UsageException>(() => Read(Bad[name].Arguments));

        Assert.StartsWith(Bad[name].Message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Defaults_are_those_of_the_original()
    {
        var options = Read("-s", "1d");

        Assert.Equal(("autosnapshot", "$droplet-autosnapshot-"), (options.Plan.Tag, options.Plan.Prefix));
        Assert.Equal(PlanTiming.Elapsed, options.Plan.Timing);
        Assert.Empty(options.Plan.Regions);
        Assert.Empty(options.Plan.Keep.Rules);
        Assert.Equal(1, options.Plan.KeepAtLeast);
        Assert.Equal((false, false, false, false), (options.DryRun, options.Verbose, options.Syslog, options.Wait));
        Assert.Equal((null, null), (options.Token, options.ApiUrl));
    }

    [Fact]
    public void Arguments_of_a_manifest_mean_the_same()
    {
        var options = Read("-s 1d", "-r lon1", "-k 3d:1d", "-k 2w:5d", "-k 0d:3w", "-t prod ", "-p  x-$tag-", "-v");

        Assert.Equal("3d:1d 2w:5d 0d:3w", options.Plan.Keep.ToString());
        Assert.Equal(["lon1"], options.Plan.Regions);
        Assert.Equal(("prod", "x-$tag-", TimeSpan.FromDays(1)), (options.Plan.Tag, options.Plan.Prefix, options.Plan.Every.Duration));
    }

    [Fact]
    public void The_arguments_of_the_CronJob_are_understood()
    {
        var manifest = File.ReadAllLines(Path.Combine(Repository.Root, "k8s", "cronjob", "cronjob.yaml"));
        var items = manifest.Select(line => line.Trim()).SkipWhile(line => line != "args:").Skip(1)
            .TakeWhile(line => line.StartsWith('-') || line.StartsWith('#')).Where(line => line.StartsWith('-'));

        var options = Read([.. items.Select(item => item[2..])]);

        Assert.Equal("3d:1d 2w:5d 0d:3w", options.Plan.Keep.ToString());
        Assert.Equal(["lon1"], options.Plan.Regions);
        Assert.Equal("/run/secrets/do-snapshot/token", options.Token);
        Assert.True(options.Verbose);
    }

    [Fact]
    public void The_last_of_a_repeated_option_counts_and_a_region_once()
    {
        var options = Read("-s1d", "-s", "2w", "-t", "a", "-t", "b", "-r", "lon1", "-r", "fra1", "-r", "lon1");

        Assert.Equal((TimeSpan.FromDays(14), "b"), (options.Plan.Every.Duration, options.Plan.Tag));
        Assert.Equal(["lon1", "fra1"], options.Plan.Regions);
    }

    [Theory]
    [InlineData("$droplet-autosnapshot-", "web-1-autosnapshot-")]
    [InlineData(" $tag/$droplet: ", "nightly/web-1:")]
    [InlineData("%Y-$droplet-", "%Y-web-1-")]
    public void Only_droplet_and_tag_are_replaced_in_the_prefix(string prefix, string start) =>
        Assert.Equal(start, Read("-s1d", "-t", " nightly ", "-p", prefix).Plan.PrefixFor("web-1"));

    [Fact]
    public void Zero_is_an_age_which_every_snapshot_has() => Assert.Equal(TimeSpan.Zero, Read("-s", "0h").Plan.Every.Duration);

    [Fact]
    public void The_option_says_where_the_API_is_before_the_environment_does()
    {
        Assert.Equal(new Uri("http://127.0.0.1:1"), ReadWith("http://127.0.0.1:1", "-s1d").ApiUrl);
        Assert.Equal(new Uri("http://127.0.0.1:2"), ReadWith("http://127.0.0.1:1", "-s1d", "--api-url=http://127.0.0.1:2").ApiUrl);
        Assert.StartsWith(
            "DIGITALOCEAN_API_URL 'x': ", Assert.Throws<UsageException>(() => ReadWith("x", "-s1d")).Message, StringComparison.Ordinal);
    }

    private static PassOptions Read(params string[] arguments) => ReadWith(null, arguments);

    private static PassOptions ReadWith(string? apiUrl, params string[] arguments) =>
        PassOptionsReader.Read(ArgumentReader.Read(arguments), name => name == PassOptionsReader.ApiUrlVariable ? apiUrl : null);
}
