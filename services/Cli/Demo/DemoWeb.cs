using DoSnapshot.Cli.Web;
using DoSnapshot.Hosting.Log;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DoSnapshot.Cli.Demo;

/// <summary>API and dashboard on a demo's log.</summary>
internal static class DemoWeb
{
    /// <summary>What they are to be like.</summary>
    public static WebFrontSettings Of(DemoWorld world)
    {
        var clock = new LookersClock(world.Clock);
        return new WebFrontSettings(world.ConnectionString, WebAddress.Api, WebAddress.Dashboard)
        {
            // What goes wrong is told to whoever asked.
            Settings = ["--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft=None", "--Telemetry:Prometheus=false"],
            Clock = clock,
            // What is commanded counts as work of the demo's, and is of its time.
            CompleteApi = services =>
            {
                services.Replace(ServiceDescriptor.Singleton(world.Log));
                services.Replace(ServiceDescriptor.Singleton(new LogDatabase(LogConnection.ForLog(world.ConnectionString), clock)));
            },
        };
    }

    /// <summary>Who looks on sees the demo's time and waits by the world's: the demo would come to no rest for what they wait for.</summary>
    private sealed class LookersClock : TimeProvider
    {
        private readonly TimeProvider shown;

        public LookersClock(TimeProvider shown)
        {
            this.shown = shown;
        }

        public override DateTimeOffset GetUtcNow() => shown.GetUtcNow();
    }
}
