using System.Globalization;
using System.Security.Cryptography;
using DoSnapshot.LocalServers;

namespace DoSnapshot.Tests.Support;

/// <summary>A private RabbitMQ broker made of the programs on this machine, with an Erlang port mapper of its own.</summary>
internal sealed class LocalRabbitMq : IAsyncDisposable
{
    public const string User = "dosnapshot";

    // As the broker's own script does under systemd, so that the process id is the broker's and not that of a shell around it.
    private const string NoShellAround = "RUNNING_UNDER_SYSTEMD";

    private static readonly string[] Places =
    [
        "/usr/lib/rabbitmq/bin", "/opt/rabbitmq/sbin", "/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("do-snapshot-rabbitmq-").FullName;
    private readonly string _server;
    private readonly int _portMapperPort = FreePort.Find();
    private ServerGuard? _portMapper;
    private ServerGuard? _broker;

    private LocalRabbitMq(string server) => _server = server;

    public int Port { get; } = FreePort.Find();

    public int ManagementPort { get; } = FreePort.Find();

    public string Password { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public bool HasEnded => _broker?.Exited.IsCompleted ?? true;

    public string LogTail => _broker?.LogTail() ?? "";

    private string ConfigFile => Path.Combine(_directory, "rabbitmq.conf");

    private string PluginsFile => Path.Combine(_directory, "enabled_plugins");

    /// <summary>Starts a broker, which is not yet ready when this returns.</summary>
    public static async Task<LocalRabbitMq> StartAsync(CancellationToken cancellationToken)
    {
        var broker = new LocalRabbitMq(FindServer());
        try
        {
            await File.WriteAllTextAsync(broker.ConfigFile, broker.Configuration(), cancellationToken);
            await File.WriteAllTextAsync(broker.PluginsFile, "[rabbitmq_management].\n", cancellationToken);
            broker._portMapper = await ServerGuard.StartAsync(new GuardedServer(
                [FindPortMapper(), "-address", "127.0.0.1", "-port", Text(broker._portMapperPort)], Path.Combine(broker._directory, "epmd.log"), "KILL"));
            await broker.StartAgainAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public async Task StopAsync(string signal = "TERM")
    {
        if (_broker is { } broker)
        {
            _broker = null;
            await broker.EndServerAsync(signal);
        }
    }

    public async Task StartAgainAsync() =>
        _broker ??= await ServerGuard.StartAsync(new GuardedServer([_server], Path.Combine(_directory, "server.log"), "TERM")
        {
            ThrowAwayDirectory = _directory,
            Environment = Surroundings(),
        });

    public async ValueTask DisposeAsync()
    {
        await (_broker?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_portMapper?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    // Debian's script in /usr/sbin switches users; the one that is wanted has its siblings beside it.
    private static string FindServer() =>
        Places.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .Where(place => File.Exists(Path.Combine(place, "rabbitmq-env")))
            .Select(place => Path.Combine(place, "rabbitmq-server"))
            .FirstOrDefault(File.Exists)
        ?? throw new LocalServerException(
            "No Docker engine answers and no RabbitMQ is installed. Start Docker, or install RabbitMQ: "
            + "apt-get install rabbitmq-server (Debian, Ubuntu), dnf install rabbitmq-server (Fedora, RHEL), brew install rabbitmq (macOS).");

    private static string FindPortMapper() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(["/usr/lib/erlang/bin", "/usr/lib64/erlang/bin", "/opt/homebrew/bin", "/usr/local/bin"])
            .Select(place => Path.Combine(place, "epmd"))
            .FirstOrDefault(File.Exists)
        ?? throw new LocalServerException("RabbitMQ is installed, but Erlang's epmd is not. Install the package 'erlang-base' (Debian, Ubuntu) or 'erlang'.");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Configuration() => $"""
        listeners.tcp.1 = 127.0.0.1:{Text(Port)}
        management.tcp.ip = 127.0.0.1
        management.tcp.port = {Text(ManagementPort)}
        default_user = {User}
        default_pass = {Password}
        loopback_users = none
        disk_free_limit.absolute = 50MB
        log.console = true
        log.file = false

        """;

    private Dictionary<string, string> Surroundings() => new(StringComparer.Ordinal)
    {
        [NoShellAround] = "true",
        ["HOME"] = _directory,
        ["ERL_EPMD_PORT"] = Text(_portMapperPort),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = "test@localhost",
        ["RABBITMQ_DIST_PORT"] = Text(FreePort.Find()),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_directory, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_directory, "log"),
        ["RABBITMQ_SCHEMA_DIR"] = Path.Combine(_directory, "schema"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(_directory, "config"),
        ["RABBITMQ_CONFIG_FILE"] = ConfigFile,
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(_directory, "advanced.config"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_directory, "rabbitmq-env.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = PluginsFile,
        ["RABBITMQ_PID_FILE"] = Path.Combine(_directory, "broker.pid"),
    };
}
