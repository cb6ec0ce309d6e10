using k8s;
using k8s.Models;

namespace DoSnapshot.Manifests.Tests;

/// <summary>Kinds of KEDA and of Prometheus's operator, as far as they are used: the official client has none of them.</summary>
internal static class Scaling
{
    /// <summary>For the client's reader.</summary>
    public static Dictionary<string, Type> Types { get; } = new(StringComparer.Ordinal)
    {
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["keda.sh/v1alpha1/TriggerAuthentication"] = typeof(TriggerAuthentication),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(PodMonitor),
    };
}

/// <summary>How many pods there are, by what is measured.</summary>
internal sealed class ScaledObject : IKubernetesObject<V1ObjectMeta>
{
    public required string ApiVersion { get; set; }

    public required string Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }

    public required ScalingSpec Spec { get; set; }

    internal sealed class ScalingSpec
    {
        public required ScalingTarget ScaleTargetRef { get; set; }

        public int MinReplicaCount { get; set; }

        public int MaxReplicaCount { get; set; }

        public ScalingFallback? Fallback { get; set; }

        public required List<ScalingTrigger> Triggers { get; set; }
    }

    internal sealed class ScalingTarget
    {
        public required string ApiVersion { get; set; }

        public required string Kind { get; set; }

        public required string Name { get; set; }
    }

    internal sealed class ScalingFallback
    {
        public int FailureThreshold { get; set; }

        public int Replicas { get; set; }
    }

    internal sealed class ScalingTrigger
    {
        public required string Type { get; set; }

        public required Dictionary<string, string> Metadata { get; set; }

        public required ScalingAuthentication AuthenticationRef { get; set; }
    }

    internal sealed class ScalingAuthentication
    {
        public required string Name { get; set; }
    }
}

/// <summary>With what it is measured.</summary>
internal sealed class TriggerAuthentication : IKubernetesObject<V1ObjectMeta>
{
    public required string ApiVersion { get; set; }

    public required string Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }

    public required AuthenticationSpec Spec { get; set; }

    internal sealed class AuthenticationSpec
    {
        public required List<SecretTarget> SecretTargetRef { get; set; }
    }

    internal sealed class SecretTarget
    {
        public required string Parameter { get; set; }

        public required string Name { get; set; }

        public required string Key { get; set; }
    }
}
