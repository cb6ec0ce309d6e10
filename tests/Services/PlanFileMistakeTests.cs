using System.Text.RegularExpressions;
using DoSnapshot.Planner.Plans;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Services.Tests;

/// <summary>Everything that is wrong with a file of plans is told at once, each mistake with its place, and nothing else is.</summary>
public sealed class PlanFileMistakeTests : IDisposable
{
    private const string Good = "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d}\n";

    private static readonly Regex Place = new(
        "^line (?<line>[0-9]+), column (?<column>[0-9]+): ", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"plans-{Guid.NewGuid():N}.yaml");

    /// <summary>What the file says after <c>plans:</c>, and the messages without the name of the file.</summary>
    public static TheoryData<string, string, string[]> Bad => new()
    {
        {
            "an unknown term",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, evry: 1d}\n",
            [
                "2:61 plan 'web': 'evry' is no term of a plan; there are at, consistency, every, forcePowerOff, guards, keep, name, optOutTag, orphans, prefix, regions, spread, tag, timing",
            ]
        },
        {
            "another case",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, Keep: []}\n",
            ["2:61 plan 'web': 'Keep' is no term of a plan; there are at, consistency"]
        },
        {
            "an unknown guard",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, guards: {keep: 2}}\n",
            ["2:70 plan 'web': 'guards.keep' is no term of the guards; there are brake, keepAtLeast"]
        },
        {
            "a term twice",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, every: 2d}\n",
            ["2:61 plan 'web': every is stated twice, as '1d' in line 2 and as '2d'"]
        },
        {
            "terms missing",
            "  - {at: \"03:00\"}\n",
            ["2:5 plan 1: every is missing", "2:5 plan 1: name is missing", "2:5 plan 1: prefix is missing", "2:5 plan 1: tag is missing"]
        },
        {
            "a list for a text",
            "  - {name: web, tag: [web], prefix: $droplet-web-, every: 1d}\n",
            ["2:22 plan 'web': tag cannot be used: a text is wanted, not a list"]
        },
        {
            "nothing for a text",
            "  - {name: web, tag: web, prefix: , every: ~}\n",
            ["2:35 plan 'web': prefix '' cannot be used: a text is wanted", "2:44 plan 'web': every '~' cannot be used: a text is wanted"]
        },
        {
            "a text for a list",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, keep: 1w:1m}\n",
            ["2:67 plan 'web': keep '1w:1m' cannot be used: a list such as [3d:1d, 1w:1w] is wanted"]
        },
        {
            "a list in a list",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, regions: [lon1, [ams3]]}\n",
            ["2:77 plan 'web': regions cannot be used: in the list, a text is wanted, such as in [lon1], not a list"]
        },
        {
            "a text for a map",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, guards: 2}\n",
            ["2:69 plan 'web': guards cannot be used: a map such as {keepAtLeast: 2} is wanted, not '2'"]
        },
        {
            "a text for a number",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, guards: {keepAtLeast: \"2\"}}\n",
            ["2:83 plan 'web': guards.keepAtLeast '2' cannot be used: a whole number is wanted"]
        },
        {
            "a brake that is neither on nor off",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, guards: {brake: maybe}}\n",
            ["2:77 plan 'web': guards.brake 'maybe' cannot be used: on or off is wanted"]
        },
        {
            "too little",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, guards: {keepAtLeast: -1}}\n",
            ["2:83 plan 'web': guards.keepAtLeast '-1' cannot be used: it cannot be negative"]
        },
        {
            "no such choice",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1d, timing: 1, orphans: delete}\n",
            [
                "2:69 plan 'web': timing '1' cannot be used: anchored or elapsed is wanted",
                "2:81 plan 'web': orphans 'delete' cannot be used: keep or apply is wanted",
            ]
        },
        {
            "terms that cannot be read",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1x, at: noon, spread: 2, keep: [1w:1m, 3d], regions: [London]}\n",
            [
                "2:57 plan 'web': every '1x' cannot be used: a number followed by h, d, w or m is wanted, of 36500 days at most",
                "2:65 plan 'web': at 'noon'",
                "2:79 plan 'web': spread '2'",
                "2:96 plan 'web': keep '3d' cannot be used: INTERVAL:AGE is wanted, such as 1w:1m",
                "2:111 plan 'web': regions 'London'",
            ]
        },
        {
            "a spread that is too long",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 1h, spread: 1h}\n",
            ["2:69 plan 'web': spread '1h' cannot be used: it must be shorter than every ('1h')"]
        },
        {
            "a name that cannot be one",
            "  - {name: a plan, tag: web, prefix: $droplet-web-, every: 1d}\n",
            ["2:12 plan 'a plan': name 'a plan' cannot be used: letters, digits"]
        },
        {
            "always due",
            "  - {name: web, tag: web, prefix: $droplet-web-, every: 0h, timing: elapsed}\n",
            ["2:57 plan 'web': every '0h' cannot be used: it must be more than zero"]
        },
        {
            "out by its own tag",
            "  - {name: web, tag: web, optOutTag: web, prefix: $droplet-web-, every: 1d}\n",
            ["2:38 plan 'web': optOutTag 'web' cannot be used: it is the plan's own tag"]
        },
        {
            "a name twice",
            Good + "  - {name: web, tag: db, prefix: $droplet-db-, every: 1d}\n",
            ["3:12 plan 'web': name 'web' cannot be used: another plan has this name (line 2)"]
        },
        {
            "a tag twice",
            Good + "  - {name: db, tag: Web, prefix: $droplet-db-, every: 1d}\n",
            ["3:21 plan 'db': tag 'Web' cannot be used: plan 'web' has this tag, and a droplet belongs to one plan (line 2)"]
        },
        {
            "the same names",
            Good + "  - {name: db, tag: db, prefix: $droplet-web-, every: 1d}\n",
            [
                "3:33 plan 'db': prefix '$droplet-web-' cannot be used: plan 'web' gives the same names, so that one plan's snapshots could be taken for the other's (line 2)",
            ]
        },
        {
            "names that begin alike",
            Good + "  - {name: db, tag: db, prefix: $droplet-web-db-, every: 1d}\n",
            ["3:33 plan 'db': prefix '$droplet-web-db-' cannot be used: its names and those of plan 'web' ('$droplet-web-') begin alike"]
        },
        {
            "plans that miss the same",
            "  - {name: web}\n  - {name: db}\n",
            [
                "2:5 plan 'web': every is missing",
                "2:5 plan 'web': prefix",
                "2:5 plan 'web': tag",
                "3:5 plan 'db': every",
                "3:5 plan 'db': prefix",
                "3:5 plan 'db': tag",
            ]
        },
        { "no map", "  - web\n" + Good, ["2:5 plan 1 cannot be used: a map with name, tag, prefix, every and others is wanted, not 'web'"] },
        { "no list", "  web\n", ["2:3 plans cannot be used: a list with at least one plan is wanted"] },
        { "an empty list", "  []\n", ["2:3 plans cannot be used: a list with at least one plan is wanted"] },
        {
            "something besides",
            Good + "planes: []\nplans: []\n",
            ["3:1 'planes' is nothing that the file has; there is plans", "4:1 plans is stated twice, first in line 1"]
        },
        { "a tab", "\t- name: web\n", ["2:1 this is no YAML: "] },
        { "a bracket that does not end", "  - {name: web, keep: [1w:1m\n  - {name: db}\n", ["this is no YAML: "] },
        {
            "a bracket that ends never",
            "  - {name: web, keep: [1w:1m\nx: y\n",
            ["2:3 this is no YAML: a list or map in brackets begins at or after this place and does not end"]
        },
        { "another document", Good + "---\nplans: []\n", ["3:1 one document is wanted, and another begins"] },
        {
            "a stated type",
            "  - {name: !!str web, tag: web, prefix: $droplet-web-, every: 1d}\n",
            ["2:12 types are not stated here, and 'tag:yaml.org,2002:str' is one"]
        },
        { "a key of many words", "  - {[a]: web}\n", ["2:6 a key must be a single word"] },
        { "an alias of nothing", "  - *web\n", ["2:5 nothing before is called 'web'"] },
        { "a nest", "  " + new string('[', 40) + new string(']', 40) + "\n", ["2:23 nested too deeply"] },
        { "a zero", Good + "\0" + Good, ["3:1 a character of code zero"] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Whatever_is_wrong_is_told_with_its_place_and_nothing_else(string name, string text, string[] messages)
    {
        var found = Refused($"plans:\n{text}");
        Assert.True(messages.Length == found.Count, $"{name}:\n{string.Join('\n', found)}");
        Assert.All(messages.Zip(found), m => Assert.Contains(m.First, m.Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "1:1 'plans:' with a list of plans is wanted, not an empty file")]
    [InlineData("# nothing\n", "1:1 'plans:' with a list of plans is wanted, not an empty file")]
    [InlineData("[]\n", "1:1 'plans:' with a list of plans is wanted, not a list")]
    [InlineData("{}\n", "1:1 plans is missing")]
    [InlineData("plans\n", "1:1 'plans:' with a list of plans is wanted, not 'plans'")]
    [InlineData("plans:\n", "1:7 plans cannot be used: a list with at least one plan is wanted")]
    public void A_file_without_plans_is_refused_since_it_would_let_every_droplet_go(string text, string message) =>
        Assert.Contains(message, Assert.Single(Refused(text)), StringComparison.Ordinal);

    [Fact]
    public void Whatever_character_is_wrong_the_file_is_read_or_refused_with_a_place()
    {
        const string text = "plans:\n- name: web\n  tag: web\n  prefix: '$droplet-web-'\n  every: 1d\n  keep: &k [1w:1m, 0d:6m]\n  guards: {keepAtLeast: 2}\n"
            + "# the other\n- {name: db, tag: \"db\", prefix: $droplet-db-, every: 12h, keep: *k, regions: [lon1]}\n";
        var refused = 0;
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var edited in "[]{}:,-&*!|>'\"%@`#?\n\t\\ ~x\0".Select(c => text.Insert(at, $"{c}")).Append(text.Remove(at, 1)).Append(text[..at]))
            {
                if (Failures(edited) is { } failures)
                {
                    refused++;
                    Assert.All(failures, f => Assert.Matches(Place, Short(f)));
                }
            }
        }

        Assert.InRange(refused, 1000, int.MaxValue);
        Assert.Null(Failures(text));
    }

    public void Dispose() => File.Delete(_file);

    /// <summary>The messages, with the place in short: line and column.</summary>
    private List<string> Refused(string text)
    {
        var failures = Failures(text);
        Assert.NotNull(failures);
        return [.. failures.Select(f => Place.Replace(Short(f), "${line}:${column} "))];
    }

    private string Short(string failure) => failure.Replace($"Plans:File '{_file}', ", "", StringComparison.Ordinal);

    /// <summary>What is said about a file; null when it can be used. Anything else that is thrown fails the test.</summary>
    private List<string>? Failures(string text)
    {
        File.WriteAllText(_file, text);
        try
        {
            PlanConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Plans:File", _file)]).Build());
            return null;
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
    }
}
