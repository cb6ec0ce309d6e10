using k8s;
using k8s.Models;

namespace DoSnapshot.Manifests.Tests;

/// <summary>What a kustomization makes, as the official client's own types.</summary>
internal sealed class Manifest
{
    private Manifest(string name, IReadOnlyList<IKubernetesObject<V1ObjectMeta>> objects)
    {
        Name = name;
        Objects = objects;
        Workloads =
        [
            .. Of<V1Deployment>().Select(d => new Workload(d, d.Spec.Template, d.Spec.Selector, d.Spec.Replicas ?? 1)),
            .. Of<V1StatefulSet>().Select(s => new Workload(s, s.Spec.Template, s.Spec.Selector, s.Spec.Replicas ?? 1)),
            .. Of<V1Job>().Select(j => new Workload(j, j.Spec.Template, null, 1)),
            .. Of<V1CronJob>().Select(c => new Workload(c, c.Spec.JobTemplate.Spec.Template, null, 1)),
        ];
    }

    /// <summary>Its folder under <c>k8s</c>.</summary>
    public string Name { get; }

    /// <summary>Everything that is applied.</summary>
    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>What makes pods.</summary>
    public IReadOnlyList<Workload> Workloads { get; }

    /// <summary>Whether it is for an installation of somebody's own.</summary>
    public bool IsProduction => Name.Contains("production", StringComparison.Ordinal);

    /// <summary>Whether it is the command alone, which shares its namespace with whatever is there.</summary>
    public bool IsCommand => Name == "cronjob";

    /// <summary>Whether it has what tells others how it is.</summary>
    public bool IsObserved => Name.EndsWith("-observed", StringComparison.Ordinal);

    /// <summary>Reads it.</summary>
    /// <param name="name">Its folder under <c>k8s</c>.</param>
    /// <param name="yaml">What was rendered.</param>
    /// <exception cref="YamlDotNet.Core.YamlException">There is a member that its kind does not have, or one twice.</exception>
    /// <exception cref="System.Text.Json.JsonException">A value is of another type than its member.</exception>
    public static Manifest Read(string name, string yaml)
    {
        var objects = KubernetesYaml.LoadAllFromString(yaml, Scaling.Types, strict: true);
        // The client's reader of YAML takes a number or a truth value for a text; the cluster does not.
        StrictTypes.Check(yaml, objects);
        return new Manifest(name, [.. objects.Cast<IKubernetesObject<V1ObjectMeta>>()]);
    }

    /// <summary>The objects of a kind.</summary>
    public IEnumerable<T> Of<T>() => Objects.OfType<T>();
}

/// <summary>What makes pods.</summary>
/// <param name="Object">The object.</param>
/// <param name="Template">Its pods.</param>
/// <param name="Selector">Which pods it counts as its own; null where the cluster makes that up.</param>
/// <param name="Replicas">How many.</param>
internal sealed record Workload(IKubernetesObject<V1ObjectMeta> Object, V1PodTemplateSpec Template, V1LabelSelector? Selector, int Replicas)
{
    /// <summary>Its name.</summary>
    public string Name => Object.Metadata.Name;

    /// <summary>Whether it goes on, and is not over when its work is done.</summary>
    public bool IsServing => Object is V1Deployment or V1StatefulSet;

    /// <summary>The pods' description.</summary>
    public V1PodSpec Pod => Template.Spec;

    /// <summary>Every container of a pod.</summary>
    public IEnumerable<V1Container> Containers => [.. Pod.InitContainers ?? [], .. Pod.Containers];

    /// <summary>Whether a selector selects its pods.</summary>
    public bool IsSelectedBy(V1LabelSelector? selector) => selector is not null && Matches(selector, Template.Metadata?.Labels);

    /// <summary>Whether a selector selects something with these labels.</summary>
    public static bool Matches(V1LabelSelector selector, IDictionary<string, string>? labels)
    {
        var own = labels ?? new Dictionary<string, string>(StringComparer.Ordinal);
        return (selector.MatchLabels ?? new Dictionary<string, string>(StringComparer.Ordinal)).All(l => own.TryGetValue(l.Key, out var value) && value == l.Value)
            && (selector.MatchExpressions ?? []).All(e => e.OperatorProperty switch
            {
                "In" => own.TryGetValue(e.Key, out var value) && e.Values.Contains(value),
                "NotIn" => !own.TryGetValue(e.Key, out var value) || !e.Values.Contains(value),
                "Exists" => own.ContainsKey(e.Key),
                "DoesNotExist" => !own.ContainsKey(e.Key),
                var other => throw new NotSupportedException($"operator {other}"),
            });
    }
}
