using System.Text.RegularExpressions;
using k8s.Models;

namespace DoSnapshot.Manifests.Tests.Rules;

/// <summary>Every pod is probed, bounded, spread, and has no more rights than it needs.</summary>
internal static partial class Pods
{
    // What a service is told in the README or the docs, and what a server's own image is told.
    private static readonly Lazy<string> Documentation = new(() => string.Concat(
        Directory.EnumerateFiles(Path.Combine(Rendered.Root, "docs"), "*.md").Append(Path.Combine(Rendered.Root, "README.md")).Select(File.ReadAllText)));

    /// <summary>What is wrong, a line each.</summary>
    public static IEnumerable<string> Faults(Manifest manifest) =>
    [
        .. manifest.Workloads.SelectMany(w => Probes(w).Concat(Resources(w)).Concat(Security(w)).Select(f => $"{w.Name}: {f}")),
        .. manifest.Workloads.Where(w => w.IsServing).SelectMany(w => Available(manifest, w).Select(f => $"{w.Name}: {f}")),
        .. NamespaceFaults(manifest),
        .. Settings(manifest),
        .. SecretFaults(manifest),
    ];

    private static IEnumerable<string> Probes(Workload workload) => !workload.IsServing ? [] : workload.Containers.SelectMany(c => new[]
    {
        (Name: "startup", Probe: c.StartupProbe), (Name: "liveness", Probe: c.LivenessProbe), (Name: "readiness", Probe: c.ReadinessProbe),
    }).Select(p => (p.Name, p.Probe, IsOurs: IsOurs(workload))).Select(p => p switch
    {
        { Probe: null } => $"no {p.Name} probe",
        { IsOurs: true, Probe.HttpGet: null } => $"its {p.Name} probe is no request",
        // A database that is away must not get its services killed.
        { IsOurs: true, Name: "readiness", Probe.HttpGet.Path: not "/health/ready" } or { IsOurs: true, Name: not "readiness", Probe.HttpGet.Path: not "/health/live" } =>
            $"its {p.Name} probe asks {p.Probe.HttpGet.Path}",
        // The service itself may take five seconds to find out.
        { IsOurs: true, Name: "readiness", Probe.TimeoutSeconds: null or < 6 } => "its readiness probe gives up before the service does",
        _ => "",
    }).Where(f => f.Length > 0);

    private static bool IsOurs(Workload workload) => workload.Containers.All(c => c.Image.Split('/')[^1].StartsWith("do-snapshot", StringComparison.Ordinal));

    private static IEnumerable<string> Resources(Workload workload)
    {
        foreach (var container in workload.Containers)
        {
            var (requests, limits) = (container.Resources?.Requests, container.Resources?.Limits);
            var (cpu, memory, limit) = (Quantity(requests, "cpu"), Quantity(requests, "memory"), Quantity(limits, "memory"));
            if (cpu is null || memory is null || limit is null)
            {
                yield return "requests of cpu and memory, and a limit of memory are wanted";
            }
            else if (memory > limit)
            {
                yield return "it asks for more memory than its limit";
            }
        }
    }

    private static decimal? Quantity(IDictionary<string, ResourceQuantity>? of, string name) => of is not null && of.TryGetValue(name, out var quantity) ? quantity.ToDecimal() : null;

    /// <summary>What Pod Security calls restricted, and a file system that is only read, besides.</summary>
    private static IEnumerable<string> Security(Workload workload)
    {
        var pod = workload.Pod;
        if (pod.SecurityContext is not { RunAsNonRoot: true, RunAsUser: > 0, SeccompProfile.Type: "RuntimeDefault" })
        {
            yield return "runAsNonRoot, a user and seccomp's default are wanted";
        }

        if (pod.HostNetwork is true || pod.HostPID is true || pod.HostIPC is true || (pod.Volumes ?? []).Any(v => v.HostPath is not null))
        {
            yield return "it has a part of its node";
        }

        if (workload.Object is V1StatefulSet && pod.SecurityContext?.FsGroupChangePolicy is not "OnRootMismatch")
        {
            yield return "each mount changes the rights of its files";
        }

        if (pod.AutomountServiceAccountToken is not false)
        {
            yield return "it has a token of the cluster";
        }

        foreach (var security in workload.Containers.Select(c => c.SecurityContext))
        {
            if (security is not { AllowPrivilegeEscalation: false, ReadOnlyRootFilesystem: true, Capabilities.Drop: ["ALL"], Capabilities.Add: null, Privileged: null or false })
            {
                yield return "no escalation, no capability and a read-only root are wanted";
            }
        }
    }

    private static IEnumerable<string> Available(Manifest manifest, Workload workload)
    {
        var budgets = manifest.Of<V1PodDisruptionBudget>().Where(b => workload.IsSelectedBy(b.Spec.Selector)).ToList();
        if (budgets.Count == 0)
        {
            yield return "no PodDisruptionBudget";
        }

        if (budgets.Exists(b => b.Spec is not { MinAvailable: null, MaxUnavailable: not null, UnhealthyPodEvictionPolicy: "AlwaysAllow" }))
        {
            yield return "its PodDisruptionBudget may keep a node from being drained";
        }

        if (manifest.IsProduction && (workload.Pod.TopologySpreadConstraints ?? []).Count == 0)
        {
            yield return "nothing spreads it over nodes";
        }

        if (IsOurs(workload) && workload.Pod.TerminationGracePeriodSeconds is < 10)
        {
            yield return "it is killed before it may have ended";
        }
    }

    private static IEnumerable<string> NamespaceFaults(Manifest manifest)
    {
        var spaces = manifest.Of<V1Namespace>().ToDictionary(n => n.Metadata.Name, StringComparer.Ordinal);
        foreach (var one in manifest.Objects.Where(o => o is not V1Namespace))
        {
            if (!spaces.TryGetValue(one.Metadata.NamespaceProperty ?? "", out var space))
            {
                yield return $"{one.Kind} {one.Metadata.Name} is in no namespace of these";
            }
            else if (!(space.Metadata.Labels ?? new Dictionary<string, string>()).Contains(KeyValuePair.Create("pod-security.kubernetes.io/enforce", "restricted")))
            {
                yield return $"Namespace {space.Metadata.Name} does not enforce 'restricted'";
            }
        }

        foreach (var account in manifest.Of<V1ServiceAccount>().Where(a => a.AutomountServiceAccountToken is not false))
        {
            yield return $"ServiceAccount {account.Metadata.Name} gives its token to pods";
        }
    }

    /// <summary>A misspelt setting ends a service: each is one that the documents tell.</summary>
    private static IEnumerable<string> Settings(Manifest manifest) => manifest.Workloads.Where(IsOurs)
        .SelectMany(w => w.Containers.SelectMany(c => c.Env ?? []).Select(e => (w.Name, Setting: e.Name)))
        .Concat(manifest.Of<V1ConfigMap>().SelectMany(m => (m.Data ?? new Dictionary<string, string>()).Keys.Where(k => k.Contains("__", StringComparison.Ordinal)).Select(k => (m.Metadata.Name, Setting: k))))
        .Where(s => !IsDocumented(s.Setting))
        .Select(s => $"{s.Name}: no document tells of the setting {s.Setting}");

    /// <summary>The sandbox's document has the names in its section without the section.</summary>
    private static bool IsDocumented(string setting) => Documentation.Value.Contains($"`{setting}`", StringComparison.Ordinal)
        || (setting.StartsWith("Sandbox__", StringComparison.Ordinal) && Documentation.Value.Contains($"`{setting["Sandbox__".Length..]}`", StringComparison.Ordinal));

    private static IEnumerable<string> SecretFaults(Manifest manifest)
    {
        foreach (var secret in manifest.Of<V1Secret>().Where(_ => manifest.IsProduction))
        {
            yield return $"Secret {secret.Metadata.Name} is among what is applied";
        }

        foreach (var (workload, variable) in manifest.Workloads.SelectMany(w => w.Containers.SelectMany(c => c.Env ?? []).Select(e => (w, e))).Where(e => e.e.Value is not null && Secret().IsMatch(e.e.Name)))
        {
            yield return $"{workload.Name}: {variable.Name} is written out";
        }

        // Whoever may look at a process sees its environment, and whatever it starts has it: files do as well.
        foreach (var (workload, variable) in manifest.Workloads.Where(IsOurs).SelectMany(w => w.Containers.SelectMany(c => c.Env ?? []).Select(e => (w, e))).Where(e => e.e.ValueFrom?.SecretKeyRef is not null))
        {
            yield return $"{workload.Name}: {variable.Name} has a secret in the environment";
        }
    }

    [GeneratedRegex("(Token|TOKEN|ConnectionString|BusUri|STORE|PASS|PASSWORD|Password)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Secret();
}
