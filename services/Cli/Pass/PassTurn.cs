using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace DoSnapshot.Cli.Pass;

/// <summary>
/// One pass at a time with the same token on the same machine: two that look at the same moment see nothing of each other at DigitalOcean, which copies
/// an image twice if it is asked twice. It is held by a socket's name that is in no file system (Linux), so that it needs no writable disk and ends with the
/// process, however that ends. In a container it holds within it.
/// </summary>
internal sealed class PassTurn : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly Socket? socket;

    private PassTurn(Socket? socket)
    {
        this.socket = socket;
    }

    /// <summary>Waits for the turn. After ten minutes, and where there are no such names, it is taken for granted, as do-snapshot.py takes it.</summary>
    public static async Task<PassTurn> TakeAsync(string token, TimeProvider clock, ILogger logger, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new PassTurn(null);
        }

        // Of the token nothing can be told from this.
        var name = $"\0do-snapshot/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"turn/{token}")).AsSpan(0, 16))}";
        var began = clock.GetTimestamp();
        for (var isTold = false; ; isTold = true)
        {
            Socket? named = null;
            try
            {
                named = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                named.Bind(new UnixDomainSocketEndPoint(name));
                return new PassTurn(named);
            }
            catch (SocketException e)
            {
                named?.Dispose();
                if (e.SocketErrorCode is not SocketError.AddressAlreadyInUse)
                {
                    return new PassTurn(null);
                }
            }

            if (clock.GetElapsedTime(began) >= Patience)
            {
                logger.TurnNotWaitedFor(Patience.TotalMinutes.ToString("0", CultureInfo.InvariantCulture));
                return new PassTurn(null);
            }

            if (!isTold)
            {
                logger.WaitingForOtherPass();
            }

            await Task.Delay(TryAgainAfter, TimeProvider.System, ct);
        }
    }

    /// <inheritdoc />
    public void Dispose() => socket?.Dispose();
}
