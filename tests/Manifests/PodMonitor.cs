using k8s;
using k8s.Models;

namespace DoSnapshot.Manifests.Tests;

/// <summary>Which pods Prometheus reads, for its operator.</summary>
internal sealed class PodMonitor : IKubernetesObject<V1ObjectMeta>
{
    public required string ApiVersion { get; set; }

    public required string Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }

    public required MonitorSpec Spec { get; set; }

    internal sealed class MonitorSpec
    {
        public required string JobLabel { get; set; }

        public required V1LabelSelector Selector { get; set; }

        public required List<MonitorEndpoint> PodMetricsEndpoints { get; set; }
    }

    internal sealed class MonitorEndpoint
    {
        public required string Port { get; set; }

        public required string Path { get; set; }

        public required string Interval { get; set; }

        public required List<MonitorRelabeling> Relabelings { get; set; }
    }

    internal sealed class MonitorRelabeling
    {
        public required List<string> SourceLabels { get; set; }

        public required string TargetLabel { get; set; }
    }
}
