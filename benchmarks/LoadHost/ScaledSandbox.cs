using DoSnapshot.Sandbox;

namespace DoSnapshot.LoadHost.Benchmarks;

/// <summary>The sandbox on the bench's clock, by which it counts requests, too: DigitalOcean's own pace, limits and delays.</summary>
internal static class ScaledSandbox
{
    public static async Task<int> RunAsync(HostSettings settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        var seed = new SandboxSeed { Fleets = [new NewFleet { Count = settings.Droplets, Regions = ["nyc3", "ams3"] }] };
        builder.Services.AddSingleton(settings.Clock);
        builder.Services.AddSandbox(new SandboxAccount(settings.Clock, SettingsFor(settings.HourlyLimit), seed));
        builder.Services.AddSingleton<IStartupFilter, MemoryReport>();
        var app = builder.Build();
        app.MapSandbox();
        await app.RunAsync();
        return 0;
    }

    private static SandboxSettings SettingsFor(int hourlyLimit) => new() { HourlyLimit = hourlyLimit, BurstLimit = hourlyLimit / 20 };
}
