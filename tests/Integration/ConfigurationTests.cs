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
        { "no token", "SnapshotWorker", "DO_TOKEN", "", "set DO_TOKEN, or DigitalOcean:TokenFile" },
        { "a token file that is not there", "PrunerWorker", "DigitalOcean__TokenFile", "/nowhere/token", "DigitalOcean:TokenFile '/nowhere/token' cannot be read" },
        { "an interval of nonsense", "Planner", "Plan__Every", "1x", "Plan:Every '1x' cannot be used" },
        { "an empty prefix", "Planner", "Plan__Prefix", " ", "Plan:Prefix ' '" },
        { "a rule of nonsense", "Planner", "Plan__Keep", "1d:1w 3d", "Plan:Keep '3d'" },
        { "a spread longer than the interval", "Planner", "Plan__Spread", "2d", "Plan:Spread '2d'" },
        { "a setting that there is not", "Planner", "Plan__Kepe", "0h:1d", "Plan:Kepe is no setting; there are At, Every, Keep" },
        { "a pace without a unit", "Planner", "Planner__ReconcileEvery", "15", "Planner:ReconcileEvery '15' cannot be used: a duration such as" },
        { "a pace of nonsense", "SnapshotWorker", "Platform__FollowEvery", "soon", "Platform:FollowEvery 'soon'" },
        { "a number of nonsense", "Planner", "Plan__KeepAtLeast", "x", "Plan:KeepAtLeast 'x' cannot be used: a whole number" },
        { "a timing that there is not", "Planner", "Plan__Timing", "7", "Plan:Timing '7' cannot be used: Anchored or Elapsed" },
        { "an empty address", "Planner", "DigitalOcean__ApiUrl", "", "DigitalOcean:ApiUrl '' cannot be used" },
        { "an address to listen on of nonsense", "Planner", "ASPNETCORE_URLS", "nonsense", "'nonsense'" },
        { "a setting that the sandbox does not have", "Sandbox", "Sandbox__Sed", "empty", "Sandbox: there is no setting 'Sed'" },
        { "a duration of nonsense for the sandbox", "Sandbox", "Sandbox__SnapshotSeconds", "abc", "'abc' at 'Sandbox:SnapshotSeconds'" },
        { "a wait of zero", "SnapshotWorker", "Lifecycle__RetryFirst", "00:00:00", "Lifecycle:RetryFirst '00:00:00'" },
        { "a pace of zero", "Planner", "Planner__DecideEvery", "00:00:00", "Planner:DecideEvery" },
    };

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
