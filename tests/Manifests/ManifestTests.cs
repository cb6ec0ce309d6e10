using DoSnapshot.Manifests.Tests.Rules;
using k8s.Models;

namespace DoSnapshot.Manifests.Tests;

/// <summary>Everything under <c>k8s</c>, rendered, read strictly, and held against what an installation needs.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string> Kustomizations => [.. Rendered.Kustomizations];

    [Fact]
    public void Every_folder_is_rendered() =>
        Assert.Equal(["cronjob", "overlays/production", "overlays/production-autoscaled", "overlays/production-observed", "overlays/sandbox"], Rendered.Kustomizations);

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public void Every_object_is_one_that_the_official_client_knows_to_its_last_member(string name) => Assert.NotEmpty(Read(name).Objects);

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public void What_is_referred_to_is_there(string name) => Assert.Empty(References.Faults(Read(name)));

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public void Pods_are_probed_bounded_and_restricted(string name) => Assert.Empty(Pods.Faults(Read(name)));

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public void Nobody_reaches_more_than_it_needs(string name) => Assert.Empty(Network.Faults(Read(name)));

    [Theory]
    [InlineData("overlays/production")]
    [InlineData("overlays/sandbox")]
    public void There_is_a_deployment_for_each_service(string name)
    {
        var services = Directory.EnumerateDirectories(Path.Combine(Rendered.Root, "services")).Select(d => Path.GetFileName(d)!)
            .Where(s => File.Exists(Path.Combine(Rendered.Root, "services", s, "Program.cs")) && s is not ("Cli" or "Sandbox"))
            .Select(s => string.Concat(s.Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")));

        Assert.Equal(services.Order(StringComparer.Ordinal), Read(name).Of<V1Deployment>().Select(d => d.Metadata.Name).Where(n => n != "sandbox").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_example_of_secrets_is_applied_by_nobody() => Assert.All(
        Directory.EnumerateFiles(Path.Combine(Rendered.Root, "k8s"), "kustomization.yaml", SearchOption.AllDirectories),
        file => Assert.DoesNotContain("- secrets.example", File.ReadAllText(file), StringComparison.Ordinal));

    /// <summary>It fetches the schemas from npm: not everybody's tests shall.</summary>
    [Fact]
    public void Everything_is_as_the_schemas_of_Kubernetes_say()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DOSNAPSHOT_KUBERNETES_SCHEMAS") == "on", "DOSNAPSHOT_KUBERNETES_SCHEMAS is not 'on'");
        var said = Rendered.Run(Path.Combine(Rendered.Root, "k8s", "validate"));
        Assert.Equal(Rendered.Kustomizations.Count, said.Split('\n').Count(line => line.EndsWith(" objects, 0 not as their schema says", StringComparison.Ordinal)));
    }

    private static Manifest Read(string name) => Manifest.Read(name, Rendered.Text(name));
}
