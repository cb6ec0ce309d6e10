using System.Text.RegularExpressions;
using k8s.Models;

namespace DoSnapshot.Manifests.Tests.Rules;

/// <summary>What one object says of another is there: secrets, config maps, claims, accounts, services, ports, selectors, images.</summary>
internal static partial class References
{
    /// <summary>What is wrong, a line each.</summary>
    public static IEnumerable<string> Faults(Manifest manifest) =>
        [.. Keys(manifest), .. Accounts(manifest), .. Selectors(manifest), .. Ports(manifest), .. ServiceNames(manifest), .. Images(manifest), .. ScalingFaults(manifest), .. Monitors(manifest)];

    /// <summary>The Secrets that are there: those of the manifest and, where its user makes them, those of the example.</summary>
    private static Dictionary<string, HashSet<string>> Secrets(Manifest manifest)
    {
        IEnumerable<V1Secret> given = manifest.IsProduction
            ? Manifest.Read("example", Rendered.Source("k8s", "overlays", "production", "secrets.example.yaml")).Of<V1Secret>()
            : manifest.IsCommand ? [new V1Secret { Metadata = new V1ObjectMeta { Name = "do-api-token" }, StringData = new Dictionary<string, string> { ["token"] = "" } }]
            : [];
        return manifest.Of<V1Secret>().Concat(given)
            .ToDictionary(s => s.Metadata.Name, s => (s.Data?.Keys ?? []).Concat(s.StringData?.Keys ?? []).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Keys(Manifest manifest)
    {
        var secrets = Secrets(manifest);
        var maps = manifest.Of<V1ConfigMap>()
            .ToDictionary(m => m.Metadata.Name, m => (m.Data?.Keys ?? []).Concat(m.BinaryData?.Keys ?? []).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var claims = manifest.Of<V1PersistentVolumeClaim>().Select(c => c.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var workload in manifest.Workloads)
        {
            var wanted = new List<(string Kind, Dictionary<string, HashSet<string>> There, string? Name, string? Key)>();
            foreach (var container in workload.Containers)
            {
                foreach (var from in (container.Env ?? []).Select(e => e.ValueFrom).OfType<V1EnvVarSource>())
                {
                    wanted.Add(from.SecretKeyRef is { } secret ? ("Secret", secrets, secret.Name, secret.Key) : ("ConfigMap", maps, from.ConfigMapKeyRef?.Name, from.ConfigMapKeyRef?.Key));
                }

                wanted.AddRange((container.EnvFrom ?? []).Select(f =>
                    f.SecretRef is { } secret ? ("Secret", secrets, (string?)secret.Name, (string?)null) : ("ConfigMap", maps, f.ConfigMapRef?.Name, null)));
                foreach (var mount in (container.VolumeMounts ?? []).Where(m => !VolumesOf(workload).Contains(m.Name)))
                {
                    yield return $"{workload.Name}: there is no volume {mount.Name}";
                }
            }

            foreach (var volume in workload.Pod.Volumes ?? [])
            {
                foreach (var (name, items) in SecretsOf(volume))
                {
                    wanted.Add(("Secret", secrets, name, null));
                    wanted.AddRange((items ?? []).Select(i => ("Secret", secrets, (string?)name, (string?)i.Key)));
                }

                wanted.AddRange(volume.ConfigMap is { } map ? [("ConfigMap", maps, map.Name, null), .. (map.Items ?? []).Select(i => ("ConfigMap", maps, (string?)map.Name, (string?)i.Key))] : []);
                if (volume.PersistentVolumeClaim is { } claim && !claims.Contains(claim.ClaimName))
                {
                    yield return $"{workload.Name}: there is no claim {claim.ClaimName}";
                }
            }

            foreach (var (kind, there, name, key) in wanted)
            {
                if (!there.TryGetValue(name ?? "", out var keys))
                {
                    yield return $"{workload.Name}: there is no {kind} {name}";
                }
                else if (key is not null && !keys.Contains(key))
                {
                    yield return $"{workload.Name}: {kind} {name} has no key {key}";
                }
            }
        }

        foreach (var target in manifest.Of<TriggerAuthentication>().SelectMany(a => a.Spec.SecretTargetRef))
        {
            if (!secrets.TryGetValue(target.Name, out var keys) || !keys.Contains(target.Key))
            {
                yield return $"TriggerAuthentication: there is no key {target.Key} of Secret {target.Name}";
            }
        }
    }

    /// <summary>The Secrets that a volume is made of, and which of their keys; null for all.</summary>
    private static IEnumerable<(string Name, IList<V1KeyToPath>? Items)> SecretsOf(V1Volume volume)
    {
        if (volume.Secret is { } whole)
        {
            yield return (whole.SecretName, whole.Items);
        }

        foreach (var part in (volume.Projected?.Sources ?? []).Select(s => s.Secret).OfType<V1SecretProjection>())
        {
            yield return (part.Name, part.Items);
        }
    }

    private static HashSet<string> VolumesOf(Workload workload) => (workload.Pod.Volumes ?? []).Select(v => v.Name)
        .Concat(workload.Object is V1StatefulSet set ? (set.Spec.VolumeClaimTemplates ?? []).Select(c => c.Metadata.Name) : []).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Accounts(Manifest manifest)
    {
        var accounts = manifest.Of<V1ServiceAccount>().ToDictionary(a => a.Metadata.Name, StringComparer.Ordinal);
        return manifest.Workloads.Where(w => w.Pod.ServiceAccountName is { } name && !accounts.ContainsKey(name))
            .Select(w => $"{w.Name}: there is no ServiceAccount {w.Pod.ServiceAccountName}");
    }

    private static IEnumerable<string> Selectors(Manifest manifest)
    {
        foreach (var workload in manifest.Workloads)
        {
            if (workload.IsServing && !workload.IsSelectedBy(workload.Selector))
            {
                yield return $"{workload.Name}: its selector does not select its own pods";
            }

            if (manifest.Workloads.FirstOrDefault(other => other != workload && other.IsSelectedBy(workload.Selector)) is { } foreign)
            {
                yield return $"{workload.Name}: its selector selects the pods of {foreign.Name}";
            }

            foreach (var spread in (workload.Pod.TopologySpreadConstraints ?? []).Where(s => !workload.IsSelectedBy(s.LabelSelector)))
            {
                yield return $"{workload.Name}: the spread over {spread.TopologyKey} counts other pods";
            }
        }

        foreach (var budget in manifest.Of<V1PodDisruptionBudget>().Where(b => manifest.Workloads.Count(w => w.IsSelectedBy(b.Spec.Selector)) != 1))
        {
            yield return $"PodDisruptionBudget {budget.Metadata.Name} is not for one workload";
        }
    }

    private static IEnumerable<string> Ports(Manifest manifest)
    {
        foreach (var service in manifest.Of<V1Service>())
        {
            var selected = manifest.Workloads.Where(w => w.IsSelectedBy(new V1LabelSelector { MatchLabels = service.Spec.Selector })).ToList();
            if (selected.Count != 1)
            {
                yield return $"Service {service.Metadata.Name} leads to {selected.Count} workloads";
            }

            foreach (var port in service.Spec.Ports.Where(p => !selected.TrueForAll(w => HasPort(w, p.TargetPort ?? p.Port.ToString()))))
            {
                yield return $"Service {service.Metadata.Name}: nothing listens on {port.TargetPort}";
            }
        }

        foreach (var workload in manifest.Workloads)
        {
            foreach (var probe in workload.Containers.SelectMany(c => new[] { c.StartupProbe, c.LivenessProbe, c.ReadinessProbe }).OfType<V1Probe>())
            {
                var port = probe.HttpGet?.Port ?? probe.TcpSocket?.Port;
                if (port is not null && !HasPort(workload, port))
                {
                    yield return $"{workload.Name}: a probe asks port {port}, which it does not have";
                }
            }
        }
    }

    /// <summary>Whether a workload's pods listen there, by name or number.</summary>
    internal static bool HasPort(Workload workload, string port) =>
        workload.Containers.SelectMany(c => c.Ports ?? []).Any(p => p.Name == port || p.ContainerPort.ToString() == port);

    private static IEnumerable<string> ServiceNames(Manifest manifest)
    {
        var services = manifest.Of<V1Service>().ToDictionary(s => s.Metadata.Name, s => s.Spec.Ports.Select(p => p.Port).ToHashSet(), StringComparer.Ordinal);
        foreach (var (where, text) in Values.Of(manifest))
        {
            foreach (var (host, port) in Values.Hosts(text).Where(h => !h.Host.Contains('.', StringComparison.Ordinal)))
            {
                if (!services.TryGetValue(host, out var ports))
                {
                    yield return $"{where}: there is no Service {host}";
                }
                else if (!ports.Contains(port))
                {
                    yield return $"{where}: Service {host} has no port {port}";
                }
            }
        }
    }

    private static IEnumerable<string> Images(Manifest manifest)
    {
        var targets = Rendered.Source("Dockerfile").Split('\n').Select(l => l.Split(' ')).Where(w => w is ["FROM", _, "AS", _]).Select(w => w[3]).ToHashSet(StringComparer.Ordinal);
        var compose = Rendered.Source("docker-compose.yml");
        foreach (var (workload, image) in manifest.Workloads.SelectMany(w => w.Containers.Select(c => (w, c.Image))))
        {
            var name = image.Split('/')[^1].Split(':') is [var n, _] ? n : null;
            if (name is null)
            {
                yield return $"{workload.Name}: image {image} has no tag";
            }
            else if (name.StartsWith("do-snapshot", StringComparison.Ordinal))
            {
                var target = name == "do-snapshot" ? name : name["do-snapshot-".Length..];
                if (!targets.Contains(target))
                {
                    yield return $"{workload.Name}: the Dockerfile has no target {target}";
                }

                if (manifest.IsProduction && image.EndsWith(":latest", StringComparison.Ordinal))
                {
                    yield return $"{workload.Name}: image {image} says no version";
                }
            }
            else if (!compose.Contains($"image: {image}\n", StringComparison.Ordinal))
            {
                yield return $"{workload.Name}: image {image} is another than docker-compose.yml has";
            }
        }
    }

    /// <summary>Prometheus reads every service, by a port that it has, under the job that the alerts go by.</summary>
    private static IEnumerable<string> Monitors(Manifest manifest)
    {
        var alerts = Rendered.Source("observability", "prometheus", "alerts.yaml");
        foreach (var (monitor, workload) in manifest.Of<PodMonitor>().SelectMany(m => manifest.Workloads.Where(w => w.IsServing).Select(w => (m, w))))
        {
            if (!workload.IsSelectedBy(monitor.Spec.Selector))
            {
                yield return $"PodMonitor {monitor.Metadata.Name}: {workload.Name} is not read";
            }

            foreach (var endpoint in monitor.Spec.PodMetricsEndpoints.Where(e => !HasPort(workload, e.Port)))
            {
                yield return $"PodMonitor {monitor.Metadata.Name}: {workload.Name} has no port {endpoint.Port}";
            }

            var labels = workload.Template.Metadata?.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal);
            var job = labels.TryGetValue(monitor.Spec.JobLabel, out var label) ? label : "";
            if (!alerts.Contains($"up{{job=\"{job}\"}}", StringComparison.Ordinal))
            {
                yield return $"PodMonitor {monitor.Metadata.Name}: no alert goes by job '{job}' of {workload.Name}";
            }
        }

        // By the name that each pod has: an alert misses a service of which there is none.
        foreach (var monitor in manifest.Of<PodMonitor>())
        {
            if (!monitor.Spec.PodMetricsEndpoints.TrueForAll(e => e.Relabelings.Exists(r => r is { SourceLabels: ["__meta_kubernetes_pod_label_app_kubernetes_io_name"], TargetLabel: "service" })))
            {
                yield return $"PodMonitor {monitor.Metadata.Name}: it does not say which service a pod is of";
            }

            foreach (var service in MissedService().Matches(alerts).Select(m => m.Groups["service"].Value).Where(s => manifest.Workloads.All(w => w.Name != s)))
            {
                yield return $"PodMonitor {monitor.Metadata.Name}: an alert misses {service}, which there is not";
            }
        }
    }

    private static IEnumerable<string> ScalingFaults(Manifest manifest)
    {
        var queues = Rendered.Source("platform", "Hosting", "Bus", "CommandQueues.cs");
        foreach (var scaled in manifest.Of<ScaledObject>())
        {
            var target = manifest.Of<V1Deployment>().FirstOrDefault(d => d.Metadata.Name == scaled.Spec.ScaleTargetRef.Name);
            if (target is null || target.Spec.Replicas is not null)
            {
                yield return $"ScaledObject {scaled.Metadata.Name}: {(target is null ? "there is no such Deployment" : "its Deployment says a number of its own")}";
            }

            foreach (var trigger in scaled.Spec.Triggers)
            {
                if (trigger.Metadata["queueName"] is var queue && (queue != scaled.Spec.ScaleTargetRef.Name || !queues.Contains($"\"{queue}\"", StringComparison.Ordinal)))
                {
                    yield return $"ScaledObject {scaled.Metadata.Name}: {queue} is not its workers' queue";
                }

                if (!manifest.Of<TriggerAuthentication>().Any(a => a.Metadata.Name == trigger.AuthenticationRef.Name && a.Spec.SecretTargetRef.Any(t => t.Parameter == "host")))
                {
                    yield return $"ScaledObject {scaled.Metadata.Name}: no TriggerAuthentication {trigger.AuthenticationRef.Name} tells the host";
                }
            }
        }
    }

    [GeneratedRegex(@"absent\(up\{[^}]*service=""(?<service>[^""]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex MissedService();
}
