using System.Net;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Api.Tests;

/// <summary>What the API measures of itself.</summary>
public sealed class MetricsTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Measures_are_as_open_as_health_and_tell_of_requests_and_of_no_droplet()
    {
        await using var service = await Service.StartAsync(postgres, Ct);
        using var asked = await service.GetAsync("/v1/status?secret=in-a-query");
        Assert.Equal(HttpStatusCode.BadRequest, asked.StatusCode);

        using var answer = await service.SendAsync(HttpMethod.Get, "/metrics", token: null);
        var text = await answer.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(
            text.Split('\n'),
            line => line.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal) && line.Contains("http_route=\"/v1/status\"", StringComparison.Ordinal));
        Assert.All((string[])["droplet_id", "in-a-query", Service.OperatorToken], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task They_can_be_turned_off()
    {
        await using var service = await Service.StartAsync(await postgres.CreateDatabaseAsync(Ct), Ct, "--Telemetry:Prometheus=false");
        using var answer = await service.SendAsync(HttpMethod.Get, "/metrics", token: null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
