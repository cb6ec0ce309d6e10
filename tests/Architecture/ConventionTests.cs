using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace DoSnapshot.Architecture.Tests;

/// <summary>What we hold ourselves to in every source file and for every public type.</summary>
public sealed partial class ConventionTests
{
    private static readonly string[] Assemblies =
    [
        "DoSnapshot.Contracts", "DoSnapshot.Retention", "DoSnapshot.Lifecycle", "DoSnapshot.EventLog", "DoSnapshot.Inquiry", "DoSnapshot.Operating", "DoSnapshot.HttpApi", "DoSnapshot.DigitalOcean", "DoSnapshot.Hosting", "DoSnapshot.Notifying",
        "DoSnapshot.Planner", "DoSnapshot.SnapshotWorker", "DoSnapshot.TransferWorker", "DoSnapshot.PrunerWorker", "DoSnapshot.Sandbox", "DoSnapshot.Api", "DoSnapshot.Dashboard",
    ];

    // Split, so that this file does not hold what it looks for.
    private static readonly string[] AmbientClocks = ["DateTime" + ".UtcNow", "DateTime" + ".Now", "DateTimeOffset" + ".UtcNow", "DateTimeOffset" + ".Now"];

    private static string Root { get; } = FindRoot();

    [Fact]
    public void Every_event_can_only_be_made_whole()
    {
        var properties = Types("DoSnapshot.Contracts").Where(t => t.IsClass)
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Where(p => p.SetMethod is not null).ToList();
        Assert.NotEmpty(properties);
        Assert.All(properties, p => Assert.True(
            p.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)), $"{p.DeclaringType!.Name}.{p.Name} can be changed"));
    }

    [Fact]
    public void Contracts_are_in_one_namespace_which_is_their_identity_on_the_bus() =>
        Assert.All(Types("DoSnapshot.Contracts"), t => Assert.Equal("DoSnapshot.Contracts", t.Namespace));

    [Fact]
    public void A_public_class_is_sealed_static_or_made_to_be_derived_from()
    {
        // A template's class is what its compiler makes it.
        var open = Assemblies.SelectMany(Types)
            .Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false, Namespace: not null } && !IsTemplate(t));
        Assert.Empty(open.Select(t => t.FullName));
    }

    [Fact]
    public void A_public_type_is_never_a_field_for_anyone_to_change()
    {
        var fields = Assemblies.SelectMany(Types).Where(t => !t.IsEnum)
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
            .Where(f => f is { IsInitOnly: false, IsLiteral: false });
        Assert.Empty(fields.Select(f => $"{f.DeclaringType!.FullName}.{f.Name}"));
    }

    [Fact]
    public void A_namespace_says_where_its_file_is() => Assert.All(Sources("contracts", "platform", "services", "tests"), file =>
    {
        if (Namespace().Match(File.ReadAllText(file)) is { Success: true } match)
        {
            var (root, folders) = Place(file);
            var allowed = Enumerable.Range(0, folders.Length + 1).Select(n => string.Join('.', [root, .. folders[..n]]));
            Assert.Contains(match.Groups["name"].Value, allowed);
        }
        else
        {
            // Only what is not in a namespace by nature: top-level statements and attributes of an assembly.
            Assert.Contains(Path.GetFileName(file), (string[])["Program.cs", "AssemblyFixtures.cs"]);
        }
    });

    [Fact]
    public void No_test_file_is_over_300_lines() =>
        Assert.All(Sources("tests"), f => Assert.InRange(File.ReadLines(f).Count(), 1, 300));

    [Fact]
    public void Nobody_reads_the_ambient_clock() => Assert.All(Sources("contracts", "platform", "services", "tests"), file =>
        Assert.All(AmbientClocks, clock => Assert.DoesNotContain(clock, File.ReadAllText(file), StringComparison.Ordinal)));

    [Fact]
    public void A_number_of_the_log_output_is_one_message()
    {
        var numbers = Sources("platform", "services").SelectMany(f => LogMessage().Matches(File.ReadAllText(f))).Select(m => m.Groups["number"].Value).ToList();
        Assert.InRange(numbers.Count, 100, int.MaxValue);
        Assert.Empty(numbers.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    /// <summary>A test that looks at the machine may say aloud that it cannot run there (Assert.SkipUnless); none is switched off.</summary>
    [Fact]
    public void No_test_is_switched_off() => Assert.All(Sources("tests"), file =>
        Assert.DoesNotMatch(Skipped(), File.ReadAllText(file)));

    [Theory]
    [InlineData("Fact", "(Skip = \"later\")", true)]
    [InlineData("Theory", "( DisplayName = \"x\", Skip=\"later\")", true)]
    [InlineData("Fact", "] events.Skip(3)", false)]
    public void A_skip_is_found_in_each_of_its_forms(string attribute, string text, bool found) =>
        Assert.Equal(found, Skipped().IsMatch($"[{attribute}{text}]"));

    [Fact]
    public void Every_project_with_tests_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Root, "DoSnapshotPlatform.sln"));
        var projects = new[] { "contracts", "platform", "services", "tests" }
            .SelectMany(d => Directory.EnumerateFiles(Path.Combine(Root, d), "*.csproj", SearchOption.AllDirectories)).Select(Path.GetFileName).ToList();
        Assert.NotEmpty(projects);
        Assert.All(projects, p => Assert.Contains(p!, solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_host_knows_the_store_and_the_lock()
    {
        // JasperFx.Events is not among them: the store's source generator leaves a mark of it in every assembly above the host's.
        string[] kept = ["Marten", "Npgsql", "Weasel.Core", "Weasel.Postgresql", "DistributedLock.Postgres"];
        Assert.All(Assemblies.Except(["DoSnapshot.Hosting"], StringComparer.Ordinal), assembly =>
            Assert.Empty(Assembly.Load(assembly).GetReferencedAssemblies().Select(r => r.Name!).Intersect(kept, StringComparer.Ordinal)));
        // The rule would be empty if nobody did.
        Assert.Contains("Marten", Assembly.Load("DoSnapshot.Hosting").GetReferencedAssemblies().Select(r => r.Name));
    }

    private static bool IsTemplate(Type type) => type.Name is "_Imports" || type.GetInterfaces().Any(i => string.Equals(i.FullName, "Microsoft.AspNetCore.Components.IComponent", StringComparison.Ordinal));

    private static IEnumerable<Type> Types(string assembly) => Assembly.Load(assembly).GetExportedTypes();

    private static (string Root, string[] Folders) Place(string file)
    {
        var parts = Path.GetRelativePath(Root, Path.GetDirectoryName(file)!).Split('/');
        return parts switch
        {
            ["contracts", .. var rest] => ("DoSnapshot.Contracts", rest),
            ["tests", "Support", .. var rest] => ("DoSnapshot.Tests.Support", rest),
            ["tests", var project, .. var rest] => ($"DoSnapshot.{project}.Tests", rest),
            [_, var project, .. var rest] => ($"DoSnapshot.{project}", rest),
            _ => throw new InvalidOperationException($"{file} is in no project."),
        };
    }

    private static List<string> Sources(params string[] directories)
    {
        var files = directories.SelectMany(d => Directory.EnumerateFiles(Path.Combine(Root, d), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        return files;
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "DoSnapshotPlatform.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("The repository was not found above the tests.");
    }

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?<number>\d+),", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex LogMessage();

    [GeneratedRegex(@"\[(Fact|Theory)\([^\]]*\bSkip\s*=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Skipped();
}
