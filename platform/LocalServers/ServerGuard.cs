using System.Diagnostics;
using System.Globalization;

namespace DoSnapshot.LocalServers;

/// <summary>What to run under a guard.</summary>
/// <param name="Command">The server, in the foreground.</param>
/// <param name="LogFile">Takes all that the server prints.</param>
/// <param name="StopSignal">How the server is asked to stop: INT, TERM.</param>
internal sealed record GuardedServer(IReadOnlyList<string> Command, string LogFile, string StopSignal)
{
    /// <summary>Removed when the guard ends.</summary>
    public string? ThrowAwayDirectory { get; init; }

    /// <summary>How long the server may take to stop, before it is killed.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(15);

    public ServerUser? User { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>
/// A server that cannot outlive this process. A small shell holds the other end of a pipe: when the pipe closes, because
/// this process is done or was killed, the shell stops the server, removes its directory and ends.
/// </summary>
internal sealed class ServerGuard : IAsyncDisposable
{
    // Signals to a whole process group (Ctrl-C, timeout, a service manager) are for this process to answer. So guard and server
    // have sessions of their own, and the guard outlives what it is sent; its traps, unlike ignored signals, are not inherited.
    // The stop signal is repeated each second: what prepares the server, such as initdb, may ignore it.
    // A line on the pipe, instead of its end, says that the directory stays.
    private const string Script = """
        log=$1 remove=$2 signal=$3 limit=$4; shift 4
        trap '' PIPE
        trap : HUP INT TERM
        cd /
        exec 3<&0 </dev/null 2>>"$log"
        if command -v setsid >/dev/null; then set -- setsid "$@"
        elif command -v perl >/dev/null; then set -- perl -MPOSIX -e 'POSIX::setsid(); exec { $ARGV[0] } @ARGV' "$@"
        fi
        "$@" >>"$log" 2>&1 3<&- &
        server=$!
        echo "$server"
        (
            trap '' HUP INT TERM
            exec >/dev/null 2>&1
            while read -r _; do :; done <&3
            tenths=0
            while kill -0 "$server" && [ "$tenths" -lt "$limit" ]; do
                [ $((tenths % 10)) -ne 0 ] || kill -s "$signal" "$server"
                sleep 0.1; tenths=$((tenths + 1))
            done
            kill -s KILL "$server"
        ) &
        watcher=$!
        while wait "$server"; status=$?; kill -0 "$server" 2>/dev/null; do :; done
        trap '' HUP INT TERM
        kill -s KILL "$watcher" 2>/dev/null
        wait "$watcher"
        kill -s KILL -- "-$server" 2>/dev/null
        echo "$status"
        if ! read -r _ <&3 && [ -n "$remove" ]; then rm -rf "$remove"; fi
        """;

    // Not found on macOS, where the guard has its traps alone.
    private static readonly string[] OwnSession = Array.FindAll(["/usr/bin/setsid", "/bin/setsid"], File.Exists) is [var setsid, ..] ? [setsid] : [];

    private readonly Process _shell;
    private readonly GuardedServer _server;

    private ServerGuard(Process shell, GuardedServer server, int pid)
    {
        _shell = shell;
        _server = server;
        Pid = pid;
        Exited = shell.StandardOutput.ReadLineAsync();
    }

    /// <summary>The server's process id.</summary>
    public int Pid { get; }

    /// <summary>Completes when the server has ended, for whatever reason, with its exit status.</summary>
    public Task<string?> Exited { get; }

    public static async Task<ServerGuard> StartAsync(GuardedServer server)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Local servers need a Unix shell. On Windows use WSL, Docker or a server of your own.");
        }
        IReadOnlyList<string> shell =
        [
            "/bin/sh", "-c", Script, "server-guard",
            server.LogFile, server.ThrowAwayDirectory ?? "", server.StopSignal,
            ((int)(server.StopLimit.TotalSeconds * 10)).ToString(CultureInfo.InvariantCulture),
            .. server.Command,
        ];
        shell = [.. OwnSession, .. server.User?.Switch(shell) ?? shell];
        var start = new ProcessStartInfo(shell[0], shell.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in server.Environment)
        {
            start.Environment[name] = value;
        }
        var process = Process.Start(start)!;
        var firstLine = await process.StandardOutput.ReadLineAsync(CancellationToken.None);
        if (!int.TryParse(firstLine, CultureInfo.InvariantCulture, out var pid))
        {
            using (process)
            {
                throw new LocalServerException(
                    $"'{shell[0]}' did not start {server.Command[0]}: {await process.StandardError.ReadToEndAsync()}");
            }
        }
        return new ServerGuard(process, server, pid);
    }

    /// <summary>The last lines of what the server printed.</summary>
    public string LogTail(int lines = 20) =>
        File.Exists(_server.LogFile) ? string.Join('\n', File.ReadLines(_server.LogFile).TakeLast(lines)) : "(no log)";

    /// <summary>Ends the server with the given signal and the guard with it, and leaves the directory, so that the server can be started again.</summary>
    public async Task EndServerAsync(string signal)
    {
        if (!Exited.IsCompleted)
        {
            Command.Run("kill", "-s", signal, Pid.ToString(CultureInfo.InvariantCulture));
        }
        await Exited;
        await _shell.StandardInput.WriteLineAsync();
        await DisposeAsync();
    }

    /// <summary>Asks the server to stop, waits until it has, kills it after the limit.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
