using System.Globalization;
using System.Net.Sockets;
using System.Text;
using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Output;

/// <summary>
/// Sends each message as a datagram to the local syslog daemon, in the form of RFC 3164 that local programs use, without a host name:
/// <c>&lt;14&gt;Mar  1 12:00:00 do-snapshot[42]: …</c>. One that cannot be sent is written to the fallback.
/// </summary>
internal sealed class SyslogSink : ILineSink
{
    /// <summary>Says in the environment where the daemon's socket is.</summary>
    public const string SocketVariable = "DOSNAPSHOT_SYSLOG_SOCKET";

    private const string DefaultSocket = "/dev/log";
    private const int UserFacility = 1;

    /// <summary>What a daemon is sure to take; RFC 3164 asks for no more than 1,024, and a reason is worth more than that.</summary>
    private const int LongestMessage = 8000;

    private readonly Socket socket;
    private readonly TimeProvider clock;
    private readonly ILineSink fallback;

    private SyslogSink(Socket socket, TimeProvider clock, ILineSink fallback)
    {
        this.socket = socket;
        this.clock = clock;
        this.fallback = fallback;
    }

    /// <summary>A sink that is connected to the daemon.</summary>
    /// <exception cref="UsageException">No daemon listens.</exception>
    public static SyslogSink Connect(Func<string, string?> environment, TimeProvider clock, ILineSink fallback)
    {
        var path = environment(SocketVariable) is { Length: > 0 } set ? set : DefaultSocket;
        var connecting = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            connecting.Connect(new UnixDomainSocketEndPoint(path));
            return new SyslogSink(connecting, clock, fallback);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            connecting.Dispose();
            throw new UsageException($"{CommandOptions.Syslog.Display}: no syslog daemon listens at {path} ({e.Message})");
        }
    }

    /// <inheritdoc/>
    public void Write(LogLevel level, string message)
    {
        var priority = (UserFacility * 8) + SeverityOf(level);
        var now = clock.GetLocalNow();
        var time = string.Create(CultureInfo.InvariantCulture, $"{now:MMM} {now.Day,2} {now:HH:mm:ss}");
        var text = string.Create(CultureInfo.InvariantCulture, $"<{priority}>{time} {Usage.Program}[{Environment.ProcessId}]: {message}");
        try
        {
            socket.Send(Encoding.UTF8.GetBytes(text.Length > LongestMessage ? text[..LongestMessage] : text));
        }
        catch (SocketException)
        {
            fallback.Write(level, message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        fallback.Dispose();
    }

    private static int SeverityOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => 7,
        LogLevel.Information => 6,
        LogLevel.Warning => 4,
        LogLevel.Critical => 2,
        _ => 3,
    };
}
