using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DoSnapshot.LocalServers;

namespace DoSnapshot.Tests.Support;

/// <summary>
/// A line between a client and a server that a test can cut: as a firewall that refuses, or as one that drops without a word. What was connected while
/// it dropped stays silent for ever, as behind a router that has forgotten its connections, and neither side hears when the other gives up.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly ConcurrentDictionary<Line, bool> _lines = new();
    private readonly Lock _gate = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private Fault _fault = Fault.None;

    private TcpProxy(string host, int port)
    {
        _host = host;
        _port = port;
    }

    private enum Fault
    {
        None,
        Silent,
        AnswersLost,
    }

    /// <summary>Where the proxy is: on the loopback address.</summary>
    public int Port { get; } = FreePort.Find();

    /// <summary>Starts one.</summary>
    /// <param name="host">The server's host.</param>
    /// <param name="port">Its port.</param>
    public static TcpProxy Start(string host, int port)
    {
        var proxy = new TcpProxy(host, port);
        proxy.Listen();
        return proxy;
    }

    /// <summary>Cuts all connections with a reset, and refuses new ones.</summary>
    public async Task RefuseAsync()
    {
        await CloseDoorAsync();
        foreach (var line in _lines.Keys)
        {
            line.Reset();
        }
    }

    /// <summary>Nothing gets through in either direction; connections are accepted, and stay open.</summary>
    public void GoSilent() => Fall(Fault.Silent);

    /// <summary>What the client sends gets through, and nothing of what the server answers.</summary>
    public void LoseAnswers() => Fall(Fault.AnswersLost);

    /// <summary>New connections get through. Those that fell silent stay so.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            _fault = Fault.None;
        }

        Listen();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseDoorAsync();
        foreach (var line in _lines.Keys)
        {
            line.Reset();
        }
    }

    private void Fall(Fault fault)
    {
        lock (_gate)
        {
            _fault = fault;
        }

        foreach (var line in _lines.Keys)
        {
            line.Fault = fault;
        }
    }

    private void Listen()
    {
        lock (_gate)
        {
            if (_listener is null)
            {
                _listener = new TcpListener(IPAddress.Loopback, Port);
                _listener.Start();
                _accepting = AcceptAsync(_listener);
            }
        }
    }

    private async Task CloseDoorAsync()
    {
        lock (_gate)
        {
            _listener?.Stop();
            _listener = null;
        }

        await _accepting;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                _ = CarryAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The door was closed.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        var line = new Line(client);
        _lines[line] = true;
        lock (_gate)
        {
            line.Fault = _fault;
        }

        try
        {
            // In silence the server hears nothing of who comes.
            if (line.Fault is not Fault.Silent)
            {
                await line.Server.ConnectAsync(_host, _port);
            }

            await line.CarryAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            line.Reset();
        }

        // One that fell silent stays open at its other end, until the proxy goes.
        if (line.Fault is Fault.None)
        {
            line.Reset();
            _lines.TryRemove(line, out _);
        }
    }

    private sealed class Line(TcpClient client)
    {
        private volatile Fault _fault;

        public TcpClient Server { get; } = new();

        public Fault Fault
        {
            get => _fault;
            set => _fault = value;
        }

        public Task CarryAsync() => Server.Connected
            ? Task.WhenAny(PumpAsync(client, Server, isAnswer: false), PumpAsync(Server, client, isAnswer: true)).Unwrap()
            : PumpAsync(client, to: null, isAnswer: false);

        /// <summary>Closes both ends at once.</summary>
        public void Reset()
        {
            foreach (var end in (TcpClient[])[client, Server])
            {
                if (end.Client is { } socket)
                {
                    socket.LingerState = new LingerOption(enable: true, seconds: 0);
                }

                end.Dispose();
            }
        }

        private async Task PumpAsync(TcpClient from, TcpClient? to, bool isAnswer)
        {
            var buffer = new byte[16 * 1024];
            var source = from.GetStream();
            while (await source.ReadAsync(buffer) is > 0 and var count)
            {
                if (to is not null && GetsThrough(isAnswer))
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
                }
            }
        }

        private bool GetsThrough(bool isAnswer) => _fault is Fault.None || (_fault is Fault.AnswersLost && !isAnswer);
    }
}
