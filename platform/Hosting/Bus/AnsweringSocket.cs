using System.Net.Sockets;
using RabbitMQ.Client;

namespace DoSnapshot.Hosting.Bus;

/// <summary>
/// A connection to the broker whose first answer must come in time. RabbitMQ's client waits for ever for the first word of a peer that takes the connection
/// and is silent, as a broker that hangs or a proxy without one behind it does, and MassTransit waits with it and never tries again.
/// </summary>
internal sealed class AnsweringSocket : TcpClientAdapter
{
    private readonly Socket socket;
    private readonly TimeSpan within;

    private AnsweringSocket(Socket socket, TimeSpan within)
        : base(socket)
    {
        this.socket = socket;
        this.within = within;
    }

    /// <summary>Has a client's connections made so.</summary>
    /// <param name="factory">The client's.</param>
    /// <param name="within">How long the first answer is waited for.</param>
    public static void Use(ConnectionFactory factory, TimeSpan within) => factory.SocketFactory = family => new AnsweringSocket(
        new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) }, within);

    /// <inheritdoc />
    public override NetworkStream GetStream() => new AnsweringStream(socket, within);

    private sealed class AnsweringStream(Socket socket, TimeSpan within) : NetworkStream(socket)
    {
        private bool answered;

        /// <exception cref="IOException">The peer said nothing in time.</exception>
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (answered)
            {
                return await base.ReadAsync(buffer, cancellationToken);
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(within);
            try
            {
                var read = await base.ReadAsync(buffer, limit.Token);
                answered = true;
                return read;
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"The broker took the connection and said nothing for {within.TotalSeconds:0.#} seconds.", e);
            }
        }
    }
}
