using System.Diagnostics;
using DoSnapshot.Integration.Tests.Faults;
using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.Integration.Tests;

/// <summary>When everything is told to end at once, servers are gone before those who speak to them.</summary>
public sealed class TimelyEndTests
{
    /// <summary>Containers get ten seconds; this machine's own delays come on top.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(12);

    private readonly PostgresFixture postgres;
    private readonly RabbitMqFixture rabbitMq;

    public TimelyEndTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        (this.postgres, this.rabbitMq) = (postgres, rabbitMq);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_whose_servers_went_without_a_word_end_in_time_and_well()
    {
        await using var platform = await Platform.StartAsync(
            postgres, rabbitMq, new Dictionary<string, string>(StringComparer.Ordinal), p => p.CreateDropletAsync("web-1", tags: "autosnapshot"), Ct, services: []);
        await using var lines = Lines.Of(platform);
        // As an installation has it: nothing notices soon that nobody answers.
        var log = new NpgsqlConnectionStringBuilder(platform.ConnectionString) { Host = "127.0.0.1", Port = lines[Peer.PostgreSql].Port }.ConnectionString;
        var settings = lines.Settings.Select(s => s.Setting is "Platform__LogConnectionString" ? (s.Setting, log) : s).ToArray();
        var services = Platform.Services.Select(name => platform.Start(name, settings)).ToList();
        await Task.WhenAll(services.Select(s => s.WhenReadyAsync(Ct)));

        lines[Peer.PostgreSql].GoSilent();
        lines[Peer.RabbitMq].GoSilent();
        lines[Peer.DigitalOcean].GoSilent();
        var began = Stopwatch.GetTimestamp();
        services.ForEach(s => s.Signal("TERM"));
        foreach (var service in services)
        {
            Assert.True(await platform.EndedAsync(service, Ct) == 0, $"{service.Name} ended with {service.ExitCode}:{Environment.NewLine}{service.Output}");
            var took = Stopwatch.GetElapsedTime(began);
            Assert.True(took < Limit, $"{service.Name} took {took}:{Environment.NewLine}{service.Output}");
        }
    }
}
