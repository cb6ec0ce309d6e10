using DoSnapshot.DigitalOcean;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Hosting;

/// <summary>Whether DigitalOcean answered the last time it was asked. Nobody asks for the sake of this check: requests are counted.</summary>
internal sealed class ApiHealthCheck : IHealthCheck
{
    /// <summary>A trouble that is older says nothing any more: whoever still wanted something has asked again since.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(2);

    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;

    public ApiHealthCheck(IDigitalOcean api, TimeProvider clock)
    {
        this.api = api;
        this.clock = clock;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(api.Trouble is { } trouble && clock.GetUtcNow() - trouble.At < Fresh
            ? HealthCheckResult.Unhealthy($"waiting for DigitalOcean: {trouble.What}")
            : HealthCheckResult.Healthy("answered when it was last asked"));
}
