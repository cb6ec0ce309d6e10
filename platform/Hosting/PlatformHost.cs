using System.Runtime.InteropServices;
using DoSnapshot.Hosting.Health;
using DoSnapshot.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting;

/// <summary>Runs one service, or all of them, as a process of its own.</summary>
public static class PlatformHost
{
    private const int Failed = 1;
    private const int BadConfiguration = 2;
    private const string AddressesVariable = "ASPNETCORE_URLS";
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Builds and runs a service until it is told to stop. Health is at <c>/health/live</c> and <c>/health/ready</c>, the latter with what is waited for,
    /// and what is measured at <c>/metrics</c>.
    /// </summary>
    /// <param name="args">
    /// The command line: settings as <c>--Section:Name=value</c>; or <c>health</c> alone, which asks the service that runs already whether it is ready.
    /// </param>
    /// <param name="port">Where health is served unless <c>ASPNETCORE_URLS</c> says otherwise; another one for each service.</param>
    /// <param name="add">Adds the service.</param>
    /// <returns>The exit code: 0, or 2 for a configuration that cannot be used.</returns>
    public static Task<int> RunAsync(string[] args, int port, Action<PlatformBuilder> add) => args is [HealthCommand.Name]
        ? AskHealthAsync(Environment.GetEnvironmentVariable(AddressesVariable), port)
        : RunAsync(args, new PlatformProcess(port, add));

    /// <summary>Builds and runs a process until it is told to stop.</summary>
    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="process">The process.</param>
    /// <returns>The exit code: 0, or 2 for a configuration that cannot be used.</returns>
    public static async Task<int> RunAsync(string[] settings, PlatformProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        WebApplication app;
        try
        {
            app = Build(settings, process);
        }
        catch (OptionsValidationException e)
        {
            return await RefuseAsync(e.Failures.Select(process.InItsWords));
        }

        IReadOnlyList<BackgroundService> works = [];
        var refused = false;
        int Code() => refused ? BadConfiguration : works.Any(w => w.ExecuteTask is { IsFaulted: true }) ? Failed : 0;
        using var end = TimelyEnd.Of(app, process.LongestEnd(), Code);
        await using (app)
        {
            if (!await PrepareAsync(app, process))
            {
                return 0;
            }

            try
            {
                await app.StartAsync();
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or FormatException)
            {
                // Of what starts, only the web server throws such: the address is taken, not this machine's, or https without a certificate.
                refused = true;
                await RefuseAsync(
                    [process.InItsWords($"{AddressesVariable} '{app.Configuration[WebHostDefaults.ServerUrlsKey]}' cannot be listened on: {e.Message}")]);
                // What has started already shall end without a word.
                await app.StopAsync();
                return Code();
            }
            catch (OptionsValidationException e)
            {
                // Of a part that reads its settings when it starts.
                refused = true;
                await RefuseAsync(e.Failures.Select(process.InItsWords));
                await app.StopAsync();
                return Code();
            }

            works = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
            await app.WaitForShutdownAsync();
            // One that ended by a fault has ended the process, which whoever keeps it running must be told.
            return Code();
        }
    }

    /// <summary>Asks the process that runs already whether it is ready, and prints the answer.</summary>
    /// <param name="addresses">What it listens on, as <c>ASPNETCORE_URLS</c> says it; null for the default.</param>
    /// <param name="port">The default's port.</param>
    /// <param name="name">What a message calls it.</param>
    /// <returns>0 when it is ready, 1 when it is not or does not answer, 2 for an address that is none.</returns>
    public static async Task<int> AskHealthAsync(string? addresses, int port, string name = AddressesVariable)
    {
        try
        {
            return await HealthCommand.RunAsync(Addresses(addresses, port));
        }
        catch (OptionsValidationException e)
        {
            return await RefuseAsync(e.Failures.Select(f => f.Replace(AddressesVariable, name, StringComparison.Ordinal)));
        }
    }

    /// <summary>False when the process was told to stop meanwhile.</summary>
    private static async Task<bool> PrepareAsync(WebApplication app, PlatformProcess process)
    {
        // The host answers signals from its start on.
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await process.Prepare(app.Services, stop.Token);
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Builds a process.</summary>
    /// <exception cref="OptionsValidationException">The configuration cannot be used.</exception>
    internal static WebApplication Build(string[] settings, PlatformProcess process)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        builder.Configuration.AddLogLevels();
        var platform = new PlatformBuilder(builder) { KeepsBusInProcess = process.KeepsBusInProcess };
        platform.Refuse(process.Complete(builder.Configuration));
        try
        {
            builder.WebHost.UseUrls(Addresses(builder.Configuration[WebHostDefaults.ServerUrlsKey], process.Port));
        }
        catch (OptionsValidationException e)
        {
            platform.Refuse(e.Failures);
        }

        // Containers are killed ten seconds after they were told to stop; what is in hand then is handed back.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        process.Add(platform);
        platform.Configure(() => builder.AddTelemetry());
        platform.Build();
        var app = builder.Build();
        app.MapHealth();
        app.MapTelemetry(app.Services.GetRequiredService<TelemetryOptions>());
        return app;
    }

    private static string[] Addresses(string? configured, int port)
    {
        if (string.IsNullOrWhiteSpace(configured))
        {
            return [$"http://localhost:{port}"];
        }

        var addresses = configured.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // Kestrel also takes * and + for the host, which are no part of an address.
        return addresses.All(a => Uri.TryCreate(a.Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal), UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https")
            ? addresses
            : throw new OptionsValidationException(
                "urls", typeof(string), [$"{AddressesVariable} '{configured}' cannot be used: an address such as http://localhost:{port} is wanted."]);
    }

    private static async Task<int> RefuseAsync(IEnumerable<string> failures)
    {
        foreach (var failure in failures)
        {
            await Console.Error.WriteLineAsync(failure);
        }

        return BadConfiguration;
    }
}
