using System.Text;
using k8s;
using k8s.Models;

namespace DoSnapshot.Manifests.Tests;

/// <summary>What <c>k8s/play</c> gives to podman is what the overlay says, but for what podman cannot do.</summary>
public sealed class PlayTests
{
    private const string Sandbox = "overlays/sandbox";

    [Fact]
    public void Every_workload_is_a_pod_with_its_containers_as_they_are_written()
    {
        var (written, played) = (Manifest.Read(Sandbox, Rendered.Text(Sandbox)), Played());
        Assert.Equal(written.Workloads.Select(w => $"do-snapshot-{w.Name}").Order(StringComparer.Ordinal), played.OfType<V1Pod>().Select(p => p.Metadata.Name).Order(StringComparer.Ordinal));
        Assert.All(written.Workloads, workload =>
        {
            var pod = PodOf(workload, played);
            Assert.Equal(workload.Containers.Select(AsWritten), pod.Spec.Containers.Select(AsWritten));
            Assert.Equal(KubernetesJson.Serialize(workload.Pod.SecurityContext), KubernetesJson.Serialize(pod.Spec.SecurityContext));
            Assert.Equal(workload.Pod.TerminationGracePeriodSeconds ?? 30, pod.Spec.TerminationGracePeriodSeconds);
        });
    }

    [Fact]
    public void A_pod_is_shown_the_files_that_it_is_shown_in_a_cluster_and_no_others()
    {
        var (written, played) = (Manifest.Read(Sandbox, Rendered.Text(Sandbox)), Played());
        Assert.All(written.Workloads, workload => Assert.Equal(
            Files(workload.Pod, [.. written.Objects.Cast<IKubernetesObject>()]).Order(StringComparer.Ordinal),
            Files(PodOf(workload, played).Spec, played).Order(StringComparer.Ordinal)));
    }

    /// <summary>Podman's volumes and Secrets are the machine's: what two pods call the same would be one.</summary>
    [Fact]
    public void No_two_pods_share_a_volume_or_a_Secret()
    {
        var played = Played();
        var names = played.OfType<V1Pod>().SelectMany(p => p.Spec.Volumes ?? []).Select(v => v.Name).Concat(played.OfType<V1PersistentVolumeClaim>().Select(c => c.Metadata.Name)).ToList();
        Assert.All(names, name => Assert.StartsWith("do-snapshot.", name, StringComparison.Ordinal));
        Assert.Distinct(played.OfType<V1Pod>().SelectMany(p => p.Spec.Volumes ?? []).Select(v => v.Name), StringComparer.Ordinal);
        Assert.Distinct(played.OfType<V1Secret>().Select(s => s.Metadata.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void A_Secret_that_is_nowhere_is_named()
    {
        Needed();
        var refused = Assert.Throws<InvalidOperationException>(() => Rendered.Run(Path.Combine(Rendered.Root, "k8s", "play"), "show", "overlays/production"));
        Assert.Contains("there is no Secret do-snapshot-log", refused.Message, StringComparison.Ordinal);
    }

    private static void Needed() => Assert.SkipUnless(
        Rendered.IsThere("kubectl") && Rendered.IsThere("python3") && !OperatingSystem.IsWindows(), "k8s/play needs bash, kubectl and python3, and they are not all on this machine.");

    private static List<IKubernetesObject> Played()
    {
        Needed();
        return [.. KubernetesYaml.LoadAllFromString(Rendered.Run(Path.Combine(Rendered.Root, "k8s", "play"), "show", Sandbox), strict: true).Cast<IKubernetesObject>()];
    }

    private static V1Pod PodOf(Workload workload, IEnumerable<IKubernetesObject> played) => played.OfType<V1Pod>().Single(p => p.Metadata.Name == $"do-snapshot-{workload.Name}");

    /// <summary>A container without what podman cannot be given as it is: the names of volumes and of the environment's Secrets, and probes but by a command.</summary>
    private static string AsWritten(V1Container container)
    {
        var copy = KubernetesJson.Deserialize<V1Container>(KubernetesJson.Serialize(container));
        foreach (var mount in copy.VolumeMounts ?? [])
        {
            mount.Name = "";
        }

        foreach (var secret in (copy.Env ?? []).Select(e => e.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>())
        {
            secret.Name = "";
        }

        (copy.StartupProbe, copy.LivenessProbe) = (copy.StartupProbe?.Exec is null ? null : copy.StartupProbe, copy.LivenessProbe?.Exec is null ? null : copy.LivenessProbe);
        return KubernetesJson.Serialize(copy);
    }

    /// <summary>The files of Secrets and ConfigMaps that a pod's containers are shown, a line each: path and content.</summary>
    private static IEnumerable<string> Files(V1PodSpec pod, IReadOnlyCollection<IKubernetesObject> objects) =>
        from volume in pod.Volumes ?? []
        from mount in pod.Containers.SelectMany(c => c.VolumeMounts ?? []).Where(m => m.Name == volume.Name)
        from file in Sources(volume).SelectMany(s => Shown(s, objects))
        select $"{mount.MountPath}/{mount.SubPath} {file.Path}: {file.Content}";

    private static IEnumerable<(string Name, IList<V1KeyToPath>? Items)> Sources(V1Volume volume) =>
    [
        .. volume.Secret is { } secret ? [(secret.SecretName, secret.Items)] : Array.Empty<(string, IList<V1KeyToPath>?)>(),
        .. volume.ConfigMap is { } map ? [(map.Name, map.Items)] : Array.Empty<(string, IList<V1KeyToPath>?)>(),
        .. (volume.Projected?.Sources ?? []).Select(s => (s.Secret?.Name ?? s.ConfigMap.Name, s.Secret?.Items ?? s.ConfigMap?.Items)),
    ];

    private static IEnumerable<(string Path, string Content)> Shown((string Name, IList<V1KeyToPath>? Items) source, IReadOnlyCollection<IKubernetesObject> objects)
    {
        var data = objects.OfType<V1Secret>().Where(s => s.Metadata.Name == source.Name).SelectMany(s => s.Data).Select(d => (d.Key, Value: Encoding.UTF8.GetString(d.Value)))
            .Concat(objects.OfType<V1ConfigMap>().Where(m => m.Metadata.Name == source.Name).SelectMany(m => m.Data).Select(d => (d.Key, d.Value)))
            .ToDictionary(d => d.Key, d => d.Value, StringComparer.Ordinal);
        return (source.Items ?? [.. data.Keys.Select(key => new V1KeyToPath { Key = key, Path = key })]).Select(i => (i.Path, data[i.Key]));
    }
}
