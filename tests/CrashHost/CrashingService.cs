using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Planner;
using DoSnapshot.PrunerWorker;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;
using MassTransit;

namespace DoSnapshot.CrashHost.Tests;

/// <summary>
/// One of the services, put together as its own program does it, with a crash point in what it is given: the log, the line to DigitalOcean, the bus;
/// and with a clock that a test can set, where it names a file for that.
/// </summary>
internal static class CrashingService
{
    private const string Section = "CrashHost";

    public static void Compose(PlatformBuilder platform)
    {
        var settings = platform.Application.Configuration.GetRequiredSection(Section);
        var point = new CrashPoint(settings["Point"]);
        if (settings["Clock"] is { } file)
        {
            platform.Services.AddSingleton<TimeProvider>(new SetClock(file));
        }

        platform.Services.AddSingleton<IEventLog>(services => new CrashingLog(ActivatorUtilities.CreateInstance<MartenEventLog>(services), point));
        platform.Services.AddSingleton<IDigitalOcean>(services => new DigitalOceanClient(
            new HttpClient(new CrashingHandler(DigitalOceanClient.CreateHandler(), point)) { Timeout = Timeout.InfiniteTimeSpan },
            services.GetRequiredService<DigitalOceanOptions>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<DigitalOceanClient>>(),
            services.GetRequiredService<IRequestBudget>()));
        platform.Services.AddConsumeObserver(_ => new CrashingConsumption(point));
        platform.Services.AddPublishObserver(_ => new CrashingPublication(point));
        _ = settings["Service"] switch
        {
            "Planner" => platform.AddPlanner(),
            "SnapshotWorker" => platform.AddSnapshotWorker(),
            "TransferWorker" => platform.AddTransferWorker(),
            "PrunerWorker" => platform.AddPrunerWorker(),
            var other => throw new InvalidOperationException($"There is no service '{other}'."),
        };
    }
}
