using System.Reflection;
using System.Text.RegularExpressions;

namespace DoSnapshot.Architecture.Tests;

/// <summary>The rules of the layout, held against the compiled assemblies and the sources.</summary>
public sealed partial class ArchitectureTests
{
    public static TheoryData<string, string[]> Layers => new()
    {
        { "DoSnapshot.Contracts", [] },
        { "DoSnapshot.Retention", [] },
        { "DoSnapshot.Lifecycle", ["DoSnapshot.Contracts", "DoSnapshot.Retention", "UUIDNext"] },
        { "DoSnapshot.EventLog", ["DoSnapshot.Contracts", "DoSnapshot.Lifecycle"] },
        { "DoSnapshot.HttpApi", ["Polly.Core"] },
        { "DoSnapshot.Inquiry", ["DoSnapshot.Contracts", "DoSnapshot.EventLog", "DoSnapshot.Lifecycle", "DoSnapshot.Retention"] },
        { "DoSnapshot.Operating", ["DoSnapshot.Contracts", "DoSnapshot.EventLog", "DoSnapshot.Inquiry", "DoSnapshot.Lifecycle", "DoSnapshot.Retention", "Ical.Net"] },
    };

    public static TheoryData<string> Services => ["DoSnapshot.Planner", "DoSnapshot.SnapshotWorker", "DoSnapshot.TransferWorker", "DoSnapshot.PrunerWorker", "DoSnapshot.Sandbox", "DoSnapshot.Api", "DoSnapshot.Dashboard"];

    private static string Root { get; } = FindRoot();

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_lower_layer_knows_only_what_it_may(string assembly, string[] allowed) =>
        Assert.Empty(References(assembly).Where(r => !r.StartsWith("System", StringComparison.Ordinal)).Except(allowed, StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_knows_no_other_service_and_not_how_the_log_is_kept(string assembly)
    {
        var others = Services.Select(s => s.Data).Where(s => s != assembly);
        Assert.Empty(References(assembly).Intersect([.. others, "Marten", "Npgsql"], StringComparer.Ordinal));
    }

    /// <summary>What it shows is what the API answers, to whoever looks.</summary>
    [Fact]
    public void The_dashboard_knows_neither_the_log_nor_the_account() => Assert.Equal(
        ["DoSnapshot.Hosting", "DoSnapshot.HttpApi", "DoSnapshot.Retention"],
        References("DoSnapshot.Dashboard").Where(r => r.StartsWith("DoSnapshot.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Only_the_pruner_deletes()
    {
        var callers = Sources().Where(f => File.ReadAllText(f).Contains("DeleteSnapshotAsync(", StringComparison.Ordinal)).Select(Path.GetFileName);
        Assert.Equal(["DigitalOceanClient.cs", "IDigitalOcean.cs", "SnapshotPruner.cs"], callers.Order(StringComparer.Ordinal));
    }

    /// <summary>What the doctor asks to be deleted is what there cannot be.</summary>
    [Fact]
    public void A_delete_is_sent_by_the_client_and_named_by_the_harmless_calls_alone()
    {
        var files = Sources().Where(f => !f.Contains("/services/Sandbox/", StringComparison.Ordinal)
            && File.ReadAllText(f).Contains("HttpMethod.Delete", StringComparison.Ordinal)).Select(Path.GetFileName);
        Assert.Equal(["ApiConnection.cs", "HarmlessCall.cs"], files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Events_are_sealed_records()
    {
        var types = Assembly.Load("DoSnapshot.Contracts").GetExportedTypes().Where(t => t.IsClass);
        Assert.All(types, t => Assert.True(t.IsSealed && t.GetMethod("<Clone>$") is not null, t.Name));
    }

    [Fact]
    public void No_source_file_is_over_300_lines_and_no_program_over_25() =>
        Assert.All(Sources(), f => Assert.InRange(File.ReadLines(f).Count(), 1, Path.GetFileName(f) == "Program.cs" ? 25 : 300));

    [Fact]
    public void The_pure_core_has_no_clock_no_task_and_no_logger()
    {
        string[] libraries = ["/platform/Retention/", "/platform/Lifecycle/", "/platform/Inquiry/"];
        var pure = Sources().Where(f => libraries.Any(l => f.Contains(l, StringComparison.Ordinal)));
        Assert.All(pure, f => Assert.DoesNotMatch(Impure(), File.ReadAllText(f)));
    }

    [GeneratedRegex(@"\b(TimeProvider|ILogger|HttpClient|async Task|Random\.Shared|Guid\.NewGuid)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Impure();

    private static IEnumerable<string> References(string assembly) => Assembly.Load(assembly).GetReferencedAssemblies().Select(r => r.Name!);

    private static IEnumerable<string> Sources() => new[] { "contracts", "platform", "services" }
        .SelectMany(d => Directory.EnumerateFiles(Path.Combine(Root, d), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "DoSnapshotPlatform.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("The repository was not found above the tests.");
    }
}
