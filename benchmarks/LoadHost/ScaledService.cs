using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Budget;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Planner;
using DoSnapshot.PrunerWorker;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;
using Npgsql;

namespace DoSnapshot.LoadHost.Benchmarks;

/// <summary>One of the services, put together as its own program does it, on the bench's clock.</summary>
internal static class ScaledService
{
    public static void Compose(PlatformBuilder platform, HostSettings settings)
    {
        platform.Services.AddSingleton(settings.Clock);
        // The released programs count requests by the database's clock, which all of them share. Here that is the bench's.
        platform.Services.AddSingleton<IRequestBudget>(services => new SharedRequestBudget(
            NpgsqlDataSource.Create(LogConnection.ForLog(services.GetRequiredService<PlatformOptions>().LogConnectionString)),
            services.GetRequiredService<DigitalOceanOptions>().Token,
            settings.Clock,
            services.GetRequiredService<ILogger<SharedRequestBudget>>(),
            usesOwnClock: true));
        platform.Services.AddSingleton<IStartupFilter, MemoryReport>();
        _ = settings.Service switch
        {
            "Planner" => platform.AddPlanner(),
            "SnapshotWorker" => platform.AddSnapshotWorker(),
            "TransferWorker" => platform.AddTransferWorker(),
            "PrunerWorker" => platform.AddPrunerWorker(),
            var other => throw new InvalidOperationException($"There is no service '{other}'."),
        };
    }
}
