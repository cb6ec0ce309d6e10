using k8s.Models;

namespace DoSnapshot.Manifests.Tests.Rules;

/// <summary>Who reaches whom, by the policies: worked out as a network plugin does, and held against the list of what is wanted.</summary>
internal static class Network
{
    private static readonly string[] Workers = ["planner", "snapshot-worker", "transfer-worker", "pruner-worker"];
    private static readonly string[] LogUsers = [.. Workers, "api", "schema"];
    private static readonly string[] Told = [.. Workers, "api", "dashboard"];
    private static readonly string[] Nobody = [];
    private static readonly string[] Https = ["443"];
    private static readonly string[] Mail = ["465", "587"];

    /// <summary>What is wrong, a line each.</summary>
    public static IEnumerable<string> Faults(Manifest manifest) => !manifest.Of<V1NetworkPolicy>().Any()
        ? manifest.Workloads.Select(w => $"{w.Name}: no NetworkPolicy")
        : manifest.IsCommand ? [.. Names(manifest), .. Alone(manifest)]
        : [.. Names(manifest), .. Closed(manifest), .. manifest.IsProduction ? Out(manifest) : Inside(manifest)];

    /// <summary>Names of pods and ports that a policy has, and no workload.</summary>
    private static IEnumerable<string> Names(Manifest manifest)
    {
        foreach (var policy in manifest.Of<V1NetworkPolicy>())
        {
            IEnumerable<V1NetworkPolicyPeer> peers = [.. (policy.Spec.Egress ?? []).SelectMany(e => e.To ?? []), .. (policy.Spec.Ingress ?? []).SelectMany(i => i.FromProperty ?? [])];
            var selectors = peers.Where(p => p is { NamespaceSelector: null, PodSelector: not null }).Select(p => p.PodSelector).Append(policy.Spec.PodSelector);
            foreach (var name in selectors.SelectMany(Listed).Where(name => manifest.Workloads.All(w => w.Name != name)))
            {
                yield return $"NetworkPolicy {policy.Metadata.Name}: there are no pods {name}";
            }

            var selected = manifest.Workloads.Where(w => w.IsSelectedBy(policy.Spec.PodSelector)).ToList();
            foreach (var port in (policy.Spec.Ingress ?? []).SelectMany(i => i.Ports ?? []).Where(p => !selected.TrueForAll(w => References.HasPort(w, p.Port))))
            {
                yield return $"NetworkPolicy {policy.Metadata.Name}: not all of its pods listen on {port.Port}";
            }
        }
    }

    private static IEnumerable<string> Listed(V1LabelSelector selector) =>
        [.. selector.MatchLabels?.Values ?? [], .. (selector.MatchExpressions ?? []).SelectMany(e => e.Values ?? [])];

    /// <summary>A policy for all pods that names neither a way in nor one out.</summary>
    private static IEnumerable<string> Closed(Manifest manifest)
    {
        var denies = manifest.Of<V1NetworkPolicy>().Any(p => p.Spec is { Ingress: null, Egress: null } && !Listed(p.Spec.PodSelector).Any()
            && p.Spec.PolicyTypes.Order(StringComparer.Ordinal).SequenceEqual(["Egress", "Ingress"]));
        return denies ? [] : ["there is no default deny"];
    }

    /// <summary>Where everything is inside: the pairs that reach each other are those that should.</summary>
    private static IEnumerable<string> Inside(Manifest manifest)
    {
        var found = (from source in manifest.Workloads
                     from target in manifest.Workloads
                     from port in target.Containers.SelectMany(c => c.Ports ?? [])
                     where Leaves(manifest, source, target, port) && Enters(manifest, source, target, port)
                     select $"{source.Name} reaches {target.Name}:{port.ContainerPort}").ToHashSet(StringComparer.Ordinal);
        var wanted = Workers.SelectMany(w => new[] { $"{w} reaches postgres:5432", $"{w} reaches rabbitmq:5672", $"{w} reaches sandbox:8080" })
            .Concat(["api reaches postgres:5432", "schema reaches postgres:5432", "dashboard reaches api:8080"]).ToHashSet(StringComparer.Ordinal);
        return [.. found.Except(wanted, StringComparer.Ordinal), .. wanted.Except(found, StringComparer.Ordinal).Select(w => $"it is not so that {w}"), .. ByAddress(manifest).Select(p => $"{p.Name} leads out of the cluster")];
    }

    /// <summary>On DigitalOcean: who has a way to every public address, by which ports, and that no private one is among them; and who reaches what else.</summary>
    private static IEnumerable<string> Out(Manifest manifest)
    {
        var wide = ByAddress(manifest).ToList();
        (string To, string[] Ports, string[] Who)[] ways = [("DigitalOcean", Https, Workers), ("a mail server", Mail, manifest.IsObserved ? ["planner"] : Nobody)];
        foreach (var (to, ports, who) in ways)
        {
            var leaving = manifest.Workloads.Where(w => wide.Exists(p => w.IsSelectedBy(p.Policy.Spec.PodSelector) && Numbers(p.Rule).Intersect(ports, StringComparer.Ordinal).Any()))
                .Select(w => w.Name).Order(StringComparer.Ordinal).ToList();
            if (!leaving.SequenceEqual(who.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            {
                yield return $"the way to {to} is open for {string.Join(", ", leaving)}";
            }
        }

        foreach (var fault in wide.SelectMany(w => Public(w.Name, w.Rule)))
        {
            yield return fault;
        }

        (string[] Who, string Port)[] servers = [(LogUsers, "5432"), (Workers, "5671"), (manifest.IsObserved ? Told : Nobody, "4317")];
        foreach (var (who, port) in servers)
        {
            var open = manifest.Workloads.Where(w => manifest.Of<V1NetworkPolicy>().Any(p => w.IsSelectedBy(p.Spec.PodSelector) && (p.Spec.Egress ?? []).Any(e => (e.Ports ?? []).Any(x => x.Port.Value == port))))
                .Select(w => w.Name).Order(StringComparer.Ordinal);
            if (!open.SequenceEqual(who.Order(StringComparer.Ordinal)))
            {
                yield return $"port {port} is open for {string.Join(", ", open)}";
            }
        }
    }

    /// <summary>The command alone: nobody reaches it, and it reaches names and what is public by HTTPS.</summary>
    private static IEnumerable<string> Alone(Manifest manifest)
    {
        foreach (var workload in manifest.Workloads)
        {
            var policies = manifest.Of<V1NetworkPolicy>().Where(p => workload.IsSelectedBy(p.Spec.PodSelector)).ToList();
            if (!policies.Exists(p => p.Spec.PolicyTypes.Contains("Ingress")) || policies.Exists(p => p.Spec.Ingress is { Count: > 0 }))
            {
                yield return $"{workload.Name} can be reached";
            }

            if (!policies.Exists(p => p.Spec.PolicyTypes.Contains("Egress")))
            {
                yield return $"{workload.Name} reaches everything";
            }

            var ports = policies.SelectMany(p => p.Spec.Egress ?? []).SelectMany(e => e.Ports is null ? ["all"] : Numbers(e)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            if (!ports.SequenceEqual(["443", "53"], StringComparer.Ordinal))
            {
                yield return $"{workload.Name} reaches ports {string.Join(", ", ports)}";
            }
        }

        foreach (var fault in ByAddress(manifest).SelectMany(w => Public(w.Name, w.Rule)))
        {
            yield return fault;
        }
    }

    /// <summary>What is wrong with a way to addresses: they are public, and by HTTPS or mail alone.</summary>
    private static IEnumerable<string> Public(string name, V1NetworkPolicyEgressRule rule)
    {
        var numbers = Numbers(rule).ToList();
        if (!numbers.SequenceEqual(Https, StringComparer.Ordinal) && !numbers.SequenceEqual(Mail, StringComparer.Ordinal))
        {
            yield return $"{name} leads to more than HTTPS and mail";
        }

        string[] own = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"];
        foreach (var block in own.Except((rule.To ?? []).SelectMany(t => t.IpBlock?.Except ?? []), StringComparer.Ordinal))
        {
            yield return $"{name} leads to {block} as well";
        }
    }

    private static IEnumerable<string> Numbers(V1NetworkPolicyEgressRule rule) => (rule.Ports ?? []).Select(p => p.Port.Value);

    private static IEnumerable<(string Name, V1NetworkPolicy Policy, V1NetworkPolicyEgressRule Rule)> ByAddress(Manifest manifest) => manifest.Of<V1NetworkPolicy>()
        .SelectMany(p => (p.Spec.Egress ?? []).Where(e => e.To is null || e.To.Any(t => t.IpBlock is not null)).Select(e => ($"NetworkPolicy {p.Metadata.Name}", p, e)));

    private static bool Leaves(Manifest manifest, Workload source, Workload target, V1ContainerPort port) => manifest.Of<V1NetworkPolicy>()
        .Where(p => source.IsSelectedBy(p.Spec.PodSelector))
        .SelectMany(p => p.Spec.Egress ?? [])
        .Any(e => (e.To is null || e.To.Any(t => Is(t, target))) && Opens(e.Ports, port));

    private static bool Enters(Manifest manifest, Workload source, Workload target, V1ContainerPort port) => manifest.Of<V1NetworkPolicy>()
        .Where(p => target.IsSelectedBy(p.Spec.PodSelector))
        .SelectMany(p => p.Spec.Ingress ?? [])
        .Any(i => (i.FromProperty is null || i.FromProperty.Any(f => Is(f, source))) && Opens(i.Ports, port));

    /// <summary>All are in one namespace; a peer of another is none of them.</summary>
    private static bool Is(V1NetworkPolicyPeer peer, Workload workload) => peer is { NamespaceSelector: null, PodSelector: { } pods } && workload.IsSelectedBy(pods);

    private static bool Opens(IList<V1NetworkPolicyPort>? ports, V1ContainerPort port) =>
        ports is null || ports.Any(p => p.Port is null || p.Port.Value == port.Name || p.Port.Value == port.ContainerPort.ToString());
}
