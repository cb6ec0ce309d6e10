namespace DoSnapshot.Integration.Tests;

/// <summary>A configuration that cannot be used ends the process with 2 and a message that names the setting.</summary>
public sealed class ConfigurationTests
{
    private static readonly Dictionary<string, string> Good = new(StringComparer.Ordinal)
    {
        ["Platform__LogConnectionString"] = "Host=127.0.0.1;Port=1;Username=nobody;Password=secret-word;Database=none",
        ["Platform__BusUri"] = "amqp://guest:secret-word@127.0.0.1:1/",
        ["DO_TOKEN"] = "sandbox",
    };

    public static TheoryData<string, string, string, string, string> Bad => new()
    {
        { "no database", "SnapshotWorker", "Platform__LogConnectionString", "", "Platform:LogConnectionString is missing" },
        { "a database that cannot be read", "PrunerWorker", "Platform__LogConnectionString", "secret-word", "Platform:LogConnectionString cannot be read" },
        { "a broker that cannot be read", "TransferWorker", "Platform__BusUri", "localhost", "Platform:BusUri cannot be read" },
        { "no broker", "TransferWorker", "Platform__BusUri", "-", "Platform:BusUri is missing" },
        { "a database's file that is not there", "SnapshotWorker", "Platform__LogConnectionStringFile", "/nowhere/log", "Platform:LogConnectionStringFile '/nowhere/log' cannot be read" },
        { "a broker's file that holds nothing", "PrunerWorker", "Platform__BusUriFile", "/dev/null", "Platform:BusUriFile '/dev/null' is empty" },
        { "no token", "SnapshotWorker", "DO_TOKEN", "", "set DO_TOKEN, or DigitalOcean:TokenFile" },
        { "a token file that is not there", "PrunerWorker", "DigitalOcean__TokenFile", "/nowhere/token", "DigitalOcean:TokenFile '/nowhere/token' cannot be read" },
        { "an interval of nonsense", "Planner", "Plan__Every", "1x", "Plan:Every '1x' cannot be used" },
        { "an empty prefix", "Planner", "Plan__Prefix", " ", "Plan:Prefix ' '" },
        { "a rule of nonsense", "Planner", "Plan__Keep", "1d:1w 3d", "Plan:Keep '3d'" },
        { "a spread longer than the interval", "Planner", "Plan__Spread", "2d", "Plan:Spread '2d'" },
        { "a setting that there is not", "Planner", "Plan__Kepe", "0h:1d", "Plan:Kepe is no setting; there are At, Brake, Consistency, Every, ForcePowerOff, Keep" },
        { "a pace without a unit", "Planner", "Planner__ReconcileEvery", "15", "Planner:ReconcileEvery '15' cannot be used: a duration such as" },
        { "a pace of nonsense", "SnapshotWorker", "Platform__FollowEvery", "soon", "Platform:FollowEvery 'soon'" },
        { "a number of nonsense", "Planner", "Plan__KeepAtLeast", "x", "Plan:KeepAtLeast 'x' cannot be used: a whole number" },
        { "a timing that there is not", "Planner", "Plan__Timing", "7", "Plan:Timing '7' cannot be used: anchored or elapsed" },
        { "a plan's own tag to keep out", "Planner", "Plan__OptOutTag", "autosnapshot", "Plan:OptOutTag 'autosnapshot' cannot be used: it is the plan's own tag" },
        { "orphans of nonsense", "Planner", "Plan__Orphans", "delete", "Plan:Orphans 'delete' cannot be used: keep or apply is wanted" },
        { "a file of plans that is not there", "Planner", "Plans__File", "/nowhere/plans.yaml", "Plans:File '/nowhere/plans.yaml' cannot be read: " },
        { "a misspelt file of plans", "Planner", "Plans__Fil", "/nowhere/plans.yaml", "Plans:Fil is no setting; there are File, OnlyWayIn" },
        { "a flag of nonsense", "Planner", "Plans__OnlyWayIn", "maybe", "Plans:OnlyWayIn 'maybe' cannot be used: true or false" },
        { "an empty address", "Planner", "DigitalOcean__ApiUrl", "", "DigitalOcean:ApiUrl '' cannot be used" },
        { "an address to listen on of nonsense", "Planner", "ASPNETCORE_URLS", "nonsense", "'nonsense'" },
        { "a setting that the sandbox does not have", "Sandbox", "Sandbox__Sed", "empty", "Sandbox: there is no setting 'Sed'" },
        { "a duration of nonsense for the sandbox", "Sandbox", "Sandbox__SnapshotSeconds", "abc", "'abc' at 'Sandbox:SnapshotSeconds'" },
        { "a wait of zero", "SnapshotWorker", "Lifecycle__RetryFirst", "00:00:00", "Lifecycle:RetryFirst '00:00:00'" },
        { "a pace of zero", "Planner", "Planner__DecideEvery", "00:00:00", "Planner:DecideEvery" },
    };

    /// <summary>Files of plans, and all that is said about each: what follows the name of the file.</summary>
    public static TheoryData<string, string, string[]> BadFiles => new()
    {
        {
            "no YAML",
            "plans:\n  - name: web\n   tag: web\n",
            ["line 3, column 4: this is no YAML: while parsing a block collection, did not find expected '-' indicator."]
        },
        {
            "the same tag and prefixes that begin alike",
            "plans:\n- {name: web, tag: web, prefix: $droplet-, every: 1d}\n- {name: db, tag: WEB, prefix: $droplet-db-, every: 1d}\n",
            [
                "line 3, column 19: plan 'db': tag 'WEB' cannot be used: plan 'web' has this tag, and a droplet belongs to one plan (line 2).",
                "line 3, column 32: plan 'db': prefix '$droplet-db-' cannot be used: its names and those of plan 'web' ('$droplet-') begin alike, "
                    + "so that one plan's snapshots could be taken for the other's (line 2).",
            ]
        },
        {
            "everything at once",
            "plans:\n- name: web\n  tag: web\n  prefix: $droplet-web-\n  every: 1x\n  kepe: []\n  tag: web2\n- name: web\n  tag: db\n  every: 1d\n  keep: 1w:1m\n",
            [
                "line 5, column 10: plan 'web': every '1x' cannot be used: a number followed by h, d, w or m is wanted, of 36500 days at most.",
                "line 6, column 3: plan 'web': 'kepe' is no term of a plan; there are at, consistency, every, forcePowerOff, guards, keep, name, optOutTag, orphans, prefix, regions, spread, tag, timing.",
                "line 7, column 3: plan 'web': tag is stated twice, as 'web' in line 3 and as 'web2'.",
                "line 8, column 3: plan 'web': prefix is missing.",
                "line 8, column 9: plan 'web': name 'web' cannot be used: another plan has this name (line 2).",
                "line 11, column 9: plan 'web': keep '1w:1m' cannot be used: a list such as [3d:1d, 1w:1w] is wanted.",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task A_file_of_plans_is_refused_as_a_whole_with_every_mistake_named(string name, string text, string[] messages)
    {
        var file = Path.Combine(Path.GetTempPath(), $"plans-{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        try
        {
            await using var process = ServiceProcess.Start("Planner", new Dictionary<string, string>(Good, StringComparer.Ordinal) { ["Plans__File"] = file });
            var code = await process.ExitCodeAsync(TestContext.Current.CancellationToken);

            Assert.True(code == 2, $"{name}: exit code {code}{Environment.NewLine}{process.Output}");
            Assert.Equal(messages.Select(m => $"Plans:File '{file}', {m}"), process.Output.Split(Environment.NewLine));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_file_of_plans_and_settings_of_one_are_refused_together()
    {
        var settings = new Dictionary<string, string>(Good, StringComparer.Ordinal) { ["Plans__File"] = "plans.yaml", ["Plan__Every"] = "1d" };
        await using var process = ServiceProcess.Start("Planner", settings);

        Assert.Equal(2, await process.ExitCodeAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Plans:File 'plans.yaml' and Plan:Every are both given", process.Output, StringComparison.Ordinal);
        Assert.Contains("(environment: Plans__File, Plan__…)", process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Is_refused_with_the_setting_named(string name, string service, string setting, string value, string message)
    {
        var settings = new Dictionary<string, string>(Good, StringComparer.Ordinal) { [setting] = value };
        if (value == "-")
        {
            settings.Remove(setting);
        }

        if (setting.Contains("TokenFile", StringComparison.Ordinal))
        {
            settings["DO_TOKEN"] = "";
        }

        await using var process = ServiceProcess.Start(service, settings);
        var code = await process.ExitCodeAsync(TestContext.Current.CancellationToken);

        Assert.True(code == 2, $"{name}: exit code {code}{Environment.NewLine}{process.Output}");
        Assert.Contains(message, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", process.Output, StringComparison.Ordinal);
    }
}
