using System.Diagnostics;
using OpenTelemetry;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>Keeps rounds in which nothing was done from being exported: there are thousands a day.</summary>
internal sealed class IdleRounds : BaseProcessor<Activity>
{
    public override void OnStart(Activity data) => Tracing.Use(data.Parent);

    public override void OnEnd(Activity data)
    {
        if (Tracing.IsIdleRound(data))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
