using System.Security.Cryptography.X509Certificates;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.Integration.Tests;

/// <summary>PostgreSQL and RabbitMQ over TLS, as docs/security.md says that it is asked for.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private const string TrustedFile = "SSL_CERT_FILE";

    private readonly PostgresFixture postgres;
    private readonly RabbitMqFixture rabbitMq;
    private readonly TestAuthority authority = new();
    private TlsFront? log;
    private TlsFront? bus;
    private (string Host, int Port) logAt;
    private (string Host, int Port) busAt;

    public TlsTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        (this.postgres, this.rabbitMq) = (postgres, rabbitMq);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_services_work_over_it_and_take_no_certificate_that_they_do_not_trust()
    {
        var settings = await SettingsAsync(trusted: authority.Path);
        await using var platform = await Platform.StartAsync(
            postgres, rabbitMq, settings, p => p.CreateDropletAsync("web-1", tags: "autosnapshot"), Ct, ["Planner", "SnapshotWorker"]);
        await platform.UntilAsync(
            "a snapshot is complete",
            async () => (await platform.Log.LoadLedgersAsync(null, Ct)).SelectMany(l => l.Snapshots).Any(s => s.Phase is SnapshotPhase.Complete),
            Ct);
        // The planner, the worker, and this test.
        Assert.InRange(log!.Encrypted, 3, int.MaxValue);
        Assert.InRange(bus!.Encrypted, 2, int.MaxValue);
        Assert.Equal((0, 0), (log.Refused, bus.Refused));

        // To a server that nobody vouches for here, or only for another host, nothing is said, not even a password.
        using var another = new TestAuthority();
        using var unknown = another.Certify();
        using var ofAnother = authority.Certify("other.example");
        foreach (var certificate in (X509Certificate2[])[unknown, ofAnother])
        {
            await using var falseLog = TlsFront.OfPostgres(logAt.Host, logAt.Port, certificate);
            await RefusesAsync(platform, falseLog, "Platform__LogConnectionString", settings["Platform__LogConnectionString"].Replace($"Port={log.Port}", $"Port={falseLog.Port}", StringComparison.Ordinal));
            await using var falseBus = TlsFront.Of(busAt.Host, busAt.Port, certificate);
            await RefusesAsync(platform, falseBus, "Platform__BusUri", settings["Platform__BusUri"].Replace($":{bus.Port}/", $":{falseBus.Port}/", StringComparison.Ordinal));
        }
    }

    /// <summary>It tries again and again, and says nothing.</summary>
    private static async Task RefusesAsync(Platform platform, TlsFront server, string setting, string value)
    {
        var worker = platform.Start("TransferWorker", (setting, value));
        await platform.UntilAsync($"{setting}: the certificate is refused", () => Task.FromResult(server.Refused > 1), Ct);
        Assert.Equal(0, server.Encrypted);
        await platform.KillAsync(worker);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await (log?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (bus?.DisposeAsync() ?? ValueTask.CompletedTask);
        authority.Dispose();
    }

    private async Task<Dictionary<string, string>> SettingsAsync(string trusted)
    {
        var plain = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(Ct));
        logAt = (plain.Host!, plain.Port);
        log = TlsFront.OfPostgres(logAt.Host, logAt.Port, authority.Certify());
        var broker = await rabbitMq.CreateVirtualHostAsync(Ct);
        busAt = (broker.Host, broker.Port);
        bus = TlsFront.Of(busAt.Host, busAt.Port, authority.Certify());
        return new(StringComparer.Ordinal)
        {
            ["Platform__LogConnectionString"] = new NpgsqlConnectionStringBuilder(plain.ConnectionString)
            {
                Host = "localhost",
                Port = log.Port,
                SslMode = SslMode.VerifyFull,
                RootCertificate = trusted,
            }.ConnectionString,
            ["Platform__BusUri"] = new UriBuilder(broker) { Scheme = "amqps", Host = "localhost", Port = bus.Port }.Uri.ToString(),
            [TrustedFile] = trusted,
        };
    }
}
