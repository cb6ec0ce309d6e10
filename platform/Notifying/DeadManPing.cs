using Microsoft.Extensions.Logging;

namespace DoSnapshot.Notifying;

/// <summary>
/// Reports that all is well to somebody outside, who raises the alarm when no report comes: of what ends this process, or the machine, nobody here can
/// tell. An address as healthchecks.io and its like give them; <c>/fail</c> behind it says that something is wrong.
/// </summary>
public sealed class DeadManPing : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NotificationOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<DeadManPing> logger;
    private readonly HttpClient client;
    private long? saidAt;
    private string? said;
    private bool isHeard = true;

    /// <summary>Reports to the address of these options, if there is one.</summary>
    public DeadManPing(NotificationOptions options, TimeProvider clock, ILogger<DeadManPing> logger)
    {
        this.options = options;
        this.clock = clock;
        this.logger = logger;
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Patience };
    }

    /// <summary>Reports, when it is time to or when what there is to say has changed.</summary>
    /// <param name="trouble">What is wrong; null when all is well.</param>
    /// <param name="ct">Ends it.</param>
    public async Task ReportAsync(string? trouble, CancellationToken ct)
    {
        if (options.DeadMan is not { } address
            || (saidAt is { } last && clock.GetElapsedTime(last) < options.DeadManEvery && (trouble is null) == (said is null)))
        {
            return;
        }

        (saidAt, said) = (clock.GetTimestamp(), trouble);
        try
        {
            using var content = new StringContent(trouble ?? "");
            using var response = await client.PostAsync(trouble is null ? address : Fail(address), content, ct);
            Heard(response.IsSuccessStatusCode ? null : $"it answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            // Its own words may have the address in them, which is a secret.
            Heard($"it cannot be reached: {e.HttpRequestError}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Heard($"it has not answered in {Patience.TotalSeconds:0} s");
        }
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    private static Uri Fail(Uri address) => new UriBuilder(address) { Path = $"{address.AbsolutePath.TrimEnd('/')}/fail" }.Uri;

    private void Heard(string? trouble)
    {
        if (trouble is not null && isHeard)
        {
            logger.DeadManNotReached(options.DeadMan!.Host, trouble);
        }

        isHeard = trouble is null;
    }
}
