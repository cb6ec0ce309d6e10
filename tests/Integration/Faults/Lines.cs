using System.Globalization;
using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>What a service speaks to.</summary>
internal enum Peer
{
    PostgreSql,
    RabbitMq,
    DigitalOcean,
}

/// <summary>A line to each peer that can be cut, for the services that are started with <see cref="Settings"/>.</summary>
internal sealed class Lines : IAsyncDisposable
{
    // Silence is to be noticed within seconds, where an installation may take half a minute; how it is noticed is the same.
    private const string QuickToNotice = "Timeout=3;Command Timeout=3;Cancellation Timeout=500;Keepalive=2;Options=-c idle_in_transaction_session_timeout=4000";

    private readonly Dictionary<Peer, TcpProxy> _proxies;

    private Lines(Dictionary<Peer, TcpProxy> proxies, (string, string)[] settings)
    {
        _proxies = proxies;
        Settings = settings;
    }

    /// <summary>Settings that lead through the lines.</summary>
    public (string Setting, string Value)[] Settings { get; }

    public TcpProxy this[Peer peer] => _proxies[peer];

    /// <summary>Lines between services of this platform and its servers.</summary>
    public static Lines Of(Platform platform)
    {
        var database = new NpgsqlConnectionStringBuilder($"{platform.ConnectionString};{QuickToNotice}");
        var bus = new UriBuilder(platform.BusUri);
        var api = platform.SandboxAddress;
        var proxies = new Dictionary<Peer, TcpProxy>
        {
            [Peer.PostgreSql] = TcpProxy.Start(database.Host!, database.Port),
            [Peer.RabbitMq] = TcpProxy.Start(bus.Host, bus.Port),
            [Peer.DigitalOcean] = TcpProxy.Start(api.Host, api.Port),
        };
        (database.Host, database.Port) = ("127.0.0.1", proxies[Peer.PostgreSql].Port);
        (bus.Host, bus.Port) = ("127.0.0.1", proxies[Peer.RabbitMq].Port);
        return new Lines(
            proxies,
            [
                ("Platform__LogConnectionString", database.ConnectionString),
                ("Platform__BusUri", $"{bus.Uri}?heartbeat=2"),
                ("DigitalOcean__ApiUrl", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{proxies[Peer.DigitalOcean].Port}")),
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies.Values)
        {
            await proxy.DisposeAsync();
        }
    }
}
