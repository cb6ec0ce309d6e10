using DoSnapshot.Hosting.Relay;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.EventLog.Tests;

/// <summary>A relay that does not get on is told of, and one that stumbles is not.</summary>
public sealed class RelayHealthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trouble_that_passes_soon_is_not_told()
    {
        var clock = new FakeTimeProvider();
        var health = new RelayHealth(clock);
        Assert.True(health.Failed("a"));
        clock.Advance(RelayHealth.Patience - TimeSpan.FromSeconds(1));
        Assert.False(health.Failed("b"));
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new HealthCheckContext(), Ct)).Status);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("nothing of the log was published for 2 min: b", (await health.CheckHealthAsync(new HealthCheckContext(), Ct)).Description);
        Assert.True(health.GotOn());
        Assert.False(health.GotOn());
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new HealthCheckContext(), Ct)).Status);
    }
}
