using System.Net;
using System.Net.Sockets;
using System.Text;
using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

/// <summary>
/// What the runtime's own handler does on a real socket: the outcomes of a POST depend on which exceptions it raises when.
/// </summary>
public sealed class RealTransportTests
{
    [Fact]
    public async Task A_port_where_nobody_listens_means_not_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = Port(listener);
        listener.Stop();
        using var http = new HttpClient(DigitalOceanClient.CreateHandler());

        Assert.IsType<PostOutcome.NotSent>(await Client(http, port).SnapshotDropletAsync(1, "n", Rig.Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"action\":{")]
    [InlineData("HTTP/1.1 201 Cr")]
    [InlineData("220 mail.example ESMTP\r\n")]
    public async Task A_connection_that_ends_after_the_request_was_read_means_unknown_and_is_not_tried_again(string reply)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Rig.Ct);
        var server = ServeAsync(listener, reply, stop.Token);
        using var http = new HttpClient(DigitalOceanClient.CreateHandler());

        Assert.IsType<PostOutcome.Unknown>(await Client(http, Port(listener)).SnapshotDropletAsync(1, "n", Rig.Ct));

        await stop.CancelAsync();
        Assert.Equal(1, await server);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Rig.Ct);
        var elsewhere = $"http://127.0.0.1:{Port(listener)}/elsewhere";
        var server = ServeAsync(listener, $"HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n", stop.Token);
        using var http = new HttpClient(DigitalOceanClient.CreateHandler());

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => Client(http, Port(listener)).GetAccountAsync(Rig.Ct));

        Assert.Equal(302, failure.Status);
        await stop.CancelAsync();
        Assert.Equal(1, await server);
    }

    private static DigitalOceanClient Client(HttpClient http, int port) =>
        new(http, new DigitalOceanOptions { ApiUrl = new Uri($"http://127.0.0.1:{port}"), Token = "sandbox-token" }, new CollapsedTime());

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Answers each connection's first request in this way and closes it; returns how many requests came.</summary>
    private static async Task<int> ServeAsync(TcpListener listener, string reply, CancellationToken stop)
    {
        var requests = 0;
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync(stop);
                var stream = connection.GetStream();
                var buffer = new byte[8192];
                var text = "";
                while (!IsWhole(text) && await stream.ReadAsync(buffer, stop) is > 0 and var read)
                    text += Encoding.UTF8.GetString(buffer, 0, read);
                requests++;
                await stream.WriteAsync(Encoding.UTF8.GetBytes(reply), stop);
            }
        }
        catch (OperationCanceledException)
        {
            return requests;
        }

        // A GET ends with its headers, our POSTs with the brace of their body.
        static bool IsWhole(string text) =>
            text.StartsWith("GET", StringComparison.Ordinal)
                ? text.EndsWith("\r\n\r\n", StringComparison.Ordinal)
                : text.EndsWith('}');
    }
}
