using System.Diagnostics;
using OpenTelemetry;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>Keeps requests to others than DigitalOcean from being exported: their addresses may be secrets, and .NET tells the whole path.</summary>
internal sealed class OtherRequests : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (Tracing.IsOtherRequest(data))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
