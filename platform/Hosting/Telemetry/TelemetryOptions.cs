namespace DoSnapshot.Hosting.Telemetry;

/// <summary>What a process tells about itself. Section <c>Telemetry</c> of the configuration; where to is told by OpenTelemetry's own variables.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Telemetry";

    /// <summary>Whether the measures can be read at <c>/metrics</c>, where health is served.</summary>
    public bool Prometheus { get; set; } = true;
}
