using DoSnapshot.Hosting.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Cli.Web;

/// <summary>Keeps API and dashboard as long as the process serves.</summary>
internal sealed class WebFrontService : IHostedService, IAsyncDisposable
{
    private readonly Func<string, WebFrontSettings> settings;
    private readonly PlatformOptions platform;
    private readonly ILogger<WebFrontService> logger;
    private WebFront? front;

    /// <summary>API and dashboard of this process.</summary>
    /// <param name="settings">What they are to be like, by where the log is.</param>
    /// <param name="platform">Says where the log is, once it is known.</param>
    /// <param name="logger">Says where they are.</param>
    public WebFrontService(Func<string, WebFrontSettings> settings, PlatformOptions platform, ILogger<WebFrontService> logger)
    {
        (this.settings, this.platform, this.logger) = (settings, platform, logger);
    }

    /// <inheritdoc />
    /// <exception cref="OptionsValidationException">A setting of theirs cannot be used, or an address that was asked for cannot be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        front = await WebFront.StartAsync(settings(platform.LogConnectionString), cancellationToken);
        logger.WebIsThere(front.Dashboard, front.Api);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => front?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => front?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>What is said in the log output.</summary>
internal static partial class WebFrontLog
{
    [LoggerMessage(710, LogLevel.Information, "The dashboard is at {Dashboard}, the HTTP API at {Api}")]
    public static partial void WebIsThere(this ILogger logger, string dashboard, string api);
}
