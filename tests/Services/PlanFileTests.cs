using DoSnapshot.Contracts;
using DoSnapshot.Planner.Plans;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Services.Tests;

/// <summary>The file with every plan, and the settings that state one: what they say, and how it is told that they cannot be used.</summary>
public sealed class PlanFileTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"plans-{Guid.NewGuid():N}.yaml");

    [Fact]
    public void A_message_names_the_setting_the_file_the_place_the_plan_the_term_and_its_value()
    {
        File.WriteAllText(_file, "plans:\n  - name: web\n    tag: web\n    prefix: $droplet-web-\n    every: 1x\n");
        var refused = Assert.Throws<OptionsValidationException>(() => Read());
        Assert.Equal(
            $"Plans:File '{_file}', line 5, column 12: plan 'web': every '1x' cannot be used: a number followed by h, d, w or m is wanted, of 36500 days at most.",
            Assert.Single(refused.Failures));
    }

    [Fact]
    public void All_that_a_plan_can_say_is_read()
    {
        File.WriteAllText(
            _file,
            """
            # Everything that a plan can say, and the least that it must.
            plans:
              - name: production
                tag: "production"
                optOutTag: no-snapshots
                prefix: $droplet-$tag-
                every: 12h
                at: 03:30
                spread: 1h
                keep: &usual [1d:2d, 0d:6m]
                regions:
                  - lon1
                  - sfo3
                guards:
                  keepAtLeast: 3
                  brake: off
                timing: Anchored
                orphans: apply
              - {name: hourly, tag: hourly, prefix: $droplet-hourly-, every: 1h, keep: *usual, timing: elapsed}

            """);

        var read = Read(onlyWayIn: true);

        Assert.Equal((_file, true), (read.Source, read.OnlyWayIn));
        Assert.Equal(["hourly", "production"], read.Plans.Plans.Select(p => p.Name));
        var (hourly, production) = (read.Plans.Plans[0].Terms, read.Plans.Plans[1].Terms);
        Assert.Equal(
            ("production", "no-snapshots", "$droplet-$tag-", "12h", "03:30", "1h", 3, PlanTiming.Anchored, OrphanHandling.Apply),
            (production.Tag, production.OptOutTag, production.Prefix, production.Every, production.At, production.Spread, production.KeepAtLeast, production.Timing, production.Orphans));
        Assert.Equal((BrakeSetting.Off, BrakeSetting.On), (production.Brake, hourly.Brake));
        Assert.Equal(["1d:2d", "0d:6m"], production.Keep);
        Assert.Equal(["lon1", "sfo3"], production.Regions);
        Assert.Equal(
            ("hourly", null, "03:00", "0h", 1, PlanTiming.Elapsed, OrphanHandling.Keep),
            (hourly.Tag, hourly.OptOutTag, hourly.At, hourly.Spread, hourly.KeepAtLeast, hourly.Timing, hourly.Orphans));
        Assert.Equal(["1d:2d", "0d:6m"], hourly.Keep);
        Assert.Empty(hourly.Regions);

        // What is wrong with a plan in the end, and only DigitalOcean can tell, is named by its place too.
        Assert.Equal($"Plans:File '{_file}', line 12, column 7: plan 'production': regions", read.PlaceOf("production", "regions"));
        Assert.Equal($"Plans:File '{_file}', line 19, column 5: plan 'hourly': regions", read.PlaceOf("hourly", "regions"));
        Assert.Equal("plan 'other': regions", read.PlaceOf("other", "regions"));
    }

    [Fact]
    public void The_same_plan_in_a_file_and_in_settings_is_the_same()
    {
        File.WriteAllText(_file, "plans:\n- {name: default, tag: autosnapshot, prefix: $droplet-autosnapshot-, every: 1d, keep: [1w:1m], regions: [lon1]}\n");
        Assert.Equal(PlanConfiguration.From(new PlanSettings { Keep = "1w:1m", Regions = "lon1" }).Plans.Hash, Read().Plans.Hash);
        var before = Read().Plans.Hash;
        File.WriteAllText(_file, "# Another order, other quotation marks.\nplans:\n- every: '1d'\n  keep:\n  - 1w:1m\n  regions: [\"lon1\"]\n  spread: 2h\n  prefix: $droplet-autosnapshot-\n  tag: autosnapshot\n  name: default\n");
        Assert.Equal(before, Read().Plans.Hash);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_with_its_setting()
    {
        Assert.Contains($"Plans:File '{_file}' cannot be read: ", Unread(), StringComparison.Ordinal);
        File.WriteAllBytes(_file, [0x70, 0xC3, 0x28]);
        Assert.Contains($"Plans:File '{_file}' cannot be read: ", Unread(), StringComparison.Ordinal);
        File.WriteAllText(_file, new string('#', (1024 * 1024) + 1));
        Assert.Contains("it is larger than 1 MB (environment: Plans__File)", Unread(), StringComparison.Ordinal);
        File.WriteAllText(_file, new string('#', 1024 * 1024));
        Assert.Contains("not an empty file", Unread(), StringComparison.Ordinal);

        string Unread() => Assert.Single(Assert.Throws<OptionsValidationException>(() => Read()).Failures);
    }

    [Fact]
    public void File_and_settings_together_are_refused_and_both_are_named()
    {
        File.WriteAllText(_file, "plans:\n- {name: web, tag: web, prefix: $droplet-web-, every: 1d}\n");
        var refused = Assert.Throws<OptionsValidationException>(() => PlanConfiguration.Read(With(("Plans:File", _file), ("Plan:Every", "1d"), ("Plan:Keep", "1w:1m"))));
        Assert.Contains($"Plans:File '{_file}' and Plan:Every, Plan:Keep are both given", refused.Message, StringComparison.Ordinal);
        Assert.Equal("web", PlanConfiguration.Read(With(("Plans:File", $" {_file} "))).Plans.Plans.Single().Name);
        Assert.Equal("default", PlanConfiguration.Read(With(("Plans:File", ""), ("Plan:Keep", "1w:1m"))).Plans.Plans.Single().Name);
    }

    [Fact]
    public void Every_mistake_of_the_settings_is_told_at_once_too()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => PlanConfiguration.Read(
            With(("Plan:Every", "1x"), ("Plan:Keep", "3d 1w:1m x"), ("Plan:OptOutTag", "two words"), ("Plan:KeepAtLeast", "-1"))));
        Assert.Equal(
            ["Plan:Every '1x'", "Plan:Keep '3d'", "Plan:Keep 'x'", "Plan:KeepAtLeast '-1'", "Plan:OptOutTag 'two words'"],
            refused.Failures.Select(f => f[..f.IndexOf(" cannot", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
        Assert.Contains("keep or apply", Assert.Throws<OptionsValidationException>(() => PlanConfiguration.Read(With(("Plan:Orphans", "x")))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1d", "2h")]
    [InlineData("3h", "2h")]
    [InlineData("2h", "0h")]
    [InlineData("1h", "0h")]
    public void A_spread_that_is_not_stated_leaves_room_for_the_interval(string every, string spread) =>
        Assert.Equal(spread, PlanConfiguration.From(new PlanSettings { Every = every }).Plans.Plans.Single().Terms.Spread);

    public void Dispose() => File.Delete(_file);

    private static IConfiguration With(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();

    private ConfiguredPlans Read(bool onlyWayIn = false) =>
        PlanConfiguration.Read(With(("Plans:File", _file), ("Plans:OnlyWayIn", onlyWayIn ? "true" : "false")));
}
