using System.Net;
using System.Net.Sockets;
using DoSnapshot.Hosting.Bus;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace DoSnapshot.Services.Tests;

/// <summary>A broker that takes a connection and is silent is given up, so that the bus tries again.</summary>
public sealed class AnsweringSocketTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_peer_that_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var factory = new ConnectionFactory { HostName = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndpoint).Port, AutomaticRecoveryEnabled = false };
        AnsweringSocket.Use(factory, TimeSpan.FromMilliseconds(200));

        // As MassTransit does it: without a way to cancel it. Without the socket it would not end; the limit is for that.
        var connecting = factory.CreateConnectionAsync(CancellationToken.None);
        var refused = await Assert.ThrowsAsync<BrokerUnreachableException>(() => connecting.WaitAsync(TimeSpan.FromSeconds(30), Ct));

        Assert.Contains("said nothing for 0.2 seconds", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_after_the_first_answer_may_take_its_time()
    {
        using var slow = new TcpListener(IPAddress.Loopback, 0);
        slow.Start();
        var factory = new ConnectionFactory();
        AnsweringSocket.Use(factory, TimeSpan.FromMilliseconds(200));
        var client = factory.SocketFactory(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)slow.LocalEndpoint).Port, Ct);
        using var peer = await slow.AcceptSocketAsync(Ct);
        await using var stream = client.GetStream();
        var buffer = new byte[1];
        await peer.SendAsync(new byte[] { 1 }, Ct);
        Assert.Equal(1, await stream.ReadAsync(buffer, Ct));

        var second = stream.ReadAsync(buffer, Ct).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() => second.WaitAsync(TimeSpan.FromMilliseconds(600), Ct));
        await peer.SendAsync(new byte[] { 2 }, Ct);
        Assert.Equal(1, await second);
        Assert.Equal(2, buffer[0]);
    }
}
