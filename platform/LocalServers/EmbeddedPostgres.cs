using System.Globalization;
using Npgsql;

namespace DoSnapshot.LocalServers;

/// <summary>
/// A private PostgreSQL server made of the programs on this machine: on the loopback address, with a random password, for
/// as long as this process lives.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string UserName = "dosnapshot";
    private const int PortsToTry = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // initdb works beside the place of the cluster, so that one that was cut off is never taken for a cluster.
    private const string Script = """
        initdb=$1 postgres=$2 data=$3 password=$4 sync=$5; shift 5
        if [ ! -d "$data" ]; then
            rm -rf "$data.new"
            "$initdb" -D "$data.new" -U dosnapshot --pwfile="$password" --auth=scram-sha-256 -E UTF8 --locale=C $sync || exit
            mv "$data.new" "$data" || exit
        fi
        exec "$postgres" -D "$data" "$@"
        """;

    private static readonly string[] ThrowAwaySettings = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];

    private readonly EmbeddedPostgresOptions _options;
    private readonly PostgresDirectory _directory;
    private readonly PostgresBinaries _binaries;
    private readonly ServerUser? _user;
    private ServerGuard? _guard;
    private int _port;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, PostgresDirectory directory, PostgresBinaries binaries, ServerUser? user)
    {
        _options = options;
        _directory = directory;
        _binaries = binaries;
        _user = user;
        Version = binaries.Version;
    }

    /// <summary>How to connect, as the superuser, to the database <c>postgres</c>.</summary>
    public string ConnectionString => ConnectionTo(_port, _directory.Password);

    /// <summary>What the server says its version is.</summary>
    public Version Version { get; private set; }

    /// <summary>The server's process id.</summary>
    public int Pid => _guard?.Pid ?? throw new InvalidOperationException("The server is stopped.");

    /// <summary>Done when the server has ended, by itself or because it was stopped.</summary>
    public Task Ended => _guard?.Exited ?? Task.CompletedTask;

    /// <summary>Where the server keeps its data and its log.</summary>
    public string DataDirectory => _directory.Root;

    /// <summary>How to connect to the server that another process runs on this directory; null when none is running. It ends when that process does.</summary>
    public static string? FindRunning(string dataDirectory) =>
        PostgresDirectory.FindRunning(dataDirectory) is var (port, password) ? ConnectionTo(port, password) : null;

    /// <summary>Starts a server and waits until it accepts connections.</summary>
    /// <exception cref="DirectoryInUseException">Another process uses the directory; the message says which.</exception>
    /// <exception cref="DirectoryUnusableException">The directory holds something else, or cannot be written to.</exception>
    /// <exception cref="LocalServerException">No PostgreSQL is installed, the directory is in use, or the server does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken = default)
    {
        var directory = options.DataDirectory is { } kept ? PostgresDirectory.Kept(kept) : PostgresDirectory.Temporary();
        EmbeddedPostgres? server = null;
        try
        {
            var binaries = options.Binaries ?? PostgresBinaries.Find(directory.MajorVersion);
            server = new EmbeddedPostgres(options, directory, binaries, ServerUser.ForThisProcess());
            await directory.WaitForPreviousServerAsync(TimeSpan.FromSeconds(20), options.Time, cancellationToken);
            await server.LaunchAsync(FreePort.Find, cancellationToken);
            return server;
        }
        catch
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Shuts the server down, cutting its connections; the data stays for <see cref="StartAgainAsync"/>.</summary>
    public Task StopAsync() => EndAsync("INT");

    /// <summary>Ends the server as a failing machine does; the data stays for <see cref="StartAgainAsync"/>.</summary>
    internal Task KillAsync() => EndAsync("KILL");

    /// <summary>Starts a stopped server again, on the same port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (_guard is null)
        {
            await LaunchAsync(() => _port, cancellationToken);
        }
    }

    /// <summary>Shuts the server down and removes its directory, unless that is a kept one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_guard is { } guard)
        {
            _guard = null;
            await guard.DisposeAsync();
        }
        _directory.Dispose();
    }

    private static string ConnectionTo(int port, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = UserName,
        Password = password,
        Database = "postgres",
    }.ConnectionString;

    private async Task EndAsync(string signal)
    {
        if (_guard is { } guard)
        {
            _guard = null;
            await guard.EndServerAsync(signal);
        }
    }

    private async Task LaunchAsync(Func<int> nextPort, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            _port = nextPort();
            _user?.Own(_directory.Root);
            _guard = await ServerGuard.StartAsync(Guarded());
            if (await IsReadyAsync(_guard, cancellationToken))
            {
                return;
            }
            var log = _guard.LogTail();
            if (!log.Contains("could not bind", StringComparison.Ordinal) || attempt == PortsToTry)
            {
                throw new LocalServerException($"PostgreSQL {_binaries.Version} ({_binaries.Directory}) ended while it started:\n{log}");
            }
            await StopAsync();
        }
    }

    /// <summary>False when the server has ended instead.</summary>
    private async Task<bool> IsReadyAsync(ServerGuard guard, CancellationToken cancellationToken)
    {
        var started = _options.Time.GetTimestamp();
        var connectionString = new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, Timeout = 5 }.ConnectionString;
        while (!guard.Exited.IsCompleted)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(cancellationToken);
                Version = connection.PostgreSqlVersion;
                return true;
            }
            catch (NpgsqlException e) when (_options.Time.GetElapsedTime(started) > _options.StartLimit)
            {
                throw new LocalServerException(
                    $"PostgreSQL {_binaries.Version} accepted no connection within {_options.StartLimit.TotalSeconds} s:\n{guard.LogTail()}", e);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(Pause, _options.Time, cancellationToken);
            }
        }
        return false;
    }

    private GuardedServer Guarded()
    {
        IReadOnlyList<string> command =
        [
            "/bin/sh", "-c", Script, "postgres",
            _binaries.InitDb, _binaries.Postgres, _directory.Data, _directory.PasswordFile, _directory.IsThrowAway ? "--no-sync" : "",
            "-c", "listen_addresses=127.0.0.1",
            "-c", $"port={_port.ToString(CultureInfo.InvariantCulture)}",
            "-c", "unix_socket_directories=",
            "-c", $"max_connections={_options.MaxConnections.ToString(CultureInfo.InvariantCulture)}",
            "-c", "TimeZone=UTC",
            "-c", "log_timezone=UTC",
            "-c", "logging_collector=off",
            .. _directory.IsThrowAway ? ThrowAwaySettings : [],
        ];
        return new GuardedServer(command, _directory.LogFile, "INT")
        {
            ThrowAwayDirectory = _directory.IsThrowAway ? _directory.Root : null,
            StopLimit = _options.StopLimit,
            User = _user,
            // The log is read back for what went wrong, so it is in one language.
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LC_ALL"] = "C", ["LANGUAGE"] = "C" },
        };
    }
}
