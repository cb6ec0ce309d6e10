using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Web;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.LocalServers;
using DoSnapshot.Planner;
using DoSnapshot.PrunerWorker;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;

namespace DoSnapshot.Cli.Serve;

/// <summary>Planner and workers in this process, with the bus in it unless a broker is named, until it is told to stop.</summary>
internal sealed class ServeRun
{
    /// <summary>Where health is served unless it is said otherwise.</summary>
    public const int Port = 5080;

    /// <summary>What is at work at DigitalOcean goes on there, and is found in the log by the next start: nothing is worth a longer wait.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(8);

    /// <summary>A PostgreSQL of its own is waited for, so that its data need not be mended at the next start.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    private readonly ServeOptions options;
    private readonly ServeSettings settings;

    private ServeRun(ServeOptions options)
    {
        this.options = options;
        settings = new ServeSettings(options, Environment.GetEnvironmentVariable);
    }

    /// <summary>Runs them.</summary>
    /// <returns>The exit code: 0 when it was told to stop, 1 when the directory cannot be had, 2 for a configuration that cannot be used.</returns>
    public static async Task<int> RunAsync(ServeOptions options)
    {
        try
        {
            return await new ServeRun(options).RunAsync();
        }
        catch (DirectoryUnusableException e)
        {
            return ExitCodes.Refuse(UsageException.For(CommandOptions.Data, options.Data, e.Message), Console.Error);
        }
        catch (LocalServerException e)
        {
            await Console.Error.WriteLineAsync($"{Usage.Program}: {e.Message}");
            return ExitCodes.Failed;
        }
    }

    private Task<int> RunAsync() => PlatformHost.RunAsync([.. options.Settings], new PlatformProcess(Port, Add)
    {
        KeepsBusInProcess = true,
        LongestEnd = () => settings.Directory is null ? TimelyEnd.Usual : LongestEnd,
        Complete = settings.Complete,
        Prepare = PrepareAsync,
        InItsWords = settings.InOurWords,
    });

    private void Add(PlatformBuilder platform)
    {
        // First, so that a setting of theirs that cannot be used ends the process before anything is done.
        if (settings.Web is { } web)
        {
            platform.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<WebFrontService>(services, web));
        }

        platform.AddPlanner().AddSnapshotWorker().AddTransferWorker().AddPrunerWorker();
        platform.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        if (settings.Directory is { } directory)
        {
            platform.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<KeptServer>(services, directory));
            platform.Services.AddHostedService<KeptServerWatch>();
        }
    }

    private async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        var logger = services.GetRequiredService<ILogger<ServeRun>>();
        foreach (var warning in settings.Warnings)
        {
            logger.AboutTheToken(warning);
        }

        if (services.GetService<KeptServer>() is { } server)
        {
            services.GetRequiredService<PlatformOptions>().LogConnectionString = await server.OpenAsync(ct);
        }
    }
}
