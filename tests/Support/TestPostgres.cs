using System.Globalization;
using DoSnapshot.LocalServers;
using Npgsql;
using Testcontainers.PostgreSql;

namespace DoSnapshot.Tests.Support;

/// <summary>A PostgreSQL server for tests: a container where Docker answers, else a private server.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private const string Image = "postgres:17-alpine";
    private const string MaxConnections = "300";

    private readonly PostgreSqlContainer? _container;
    private readonly EmbeddedPostgres? _local;
    private string? _keptIn;
    private readonly SemaphoreSlim _preparing = new(1);
    private string? _prepared;
    private int _databases;

    private TestPostgres(PostgreSqlContainer? container, EmbeddedPostgres? local)
    {
        _container = container;
        _local = local;
    }

    /// <summary>How to connect as the superuser.</summary>
    public string ConnectionString => _container?.GetConnectionString() ?? _local!.ConnectionString;

    /// <summary>Name, version and place: <c>PostgreSQL 17.6 (container)</c>.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Starts a server where this machine has one to start.</summary>
    public static async Task<TestPostgres> StartAsync(CancellationToken cancellationToken = default) =>
        await StartAsync(await TestServers.KindAsync(), cancellationToken);

    /// <summary>Starts a server that keeps what was committed when it is killed. The others trade that for speed.</summary>
    public static async Task<TestPostgres> StartDurableAsync(CancellationToken cancellationToken = default) =>
        await StartAsync(await TestServers.KindAsync(), Directory.CreateTempSubdirectory("do-snapshot-postgres-").FullName, cancellationToken);

    /// <summary>Starts a server of the given kind.</summary>
    public static Task<TestPostgres> StartAsync(TestServerKind kind, CancellationToken cancellationToken = default) =>
        StartAsync(kind, keptIn: null, cancellationToken);

    private static async Task<TestPostgres> StartAsync(TestServerKind kind, string? keptIn, CancellationToken cancellationToken)
    {
        var server = kind == TestServerKind.Container
            ? new TestPostgres(await StartContainerAsync(isDurable: keptIn is not null, cancellationToken), local: null)
            : new TestPostgres(container: null, await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { MaxConnections = int.Parse(MaxConnections, CultureInfo.InvariantCulture), DataDirectory = keptIn }, cancellationToken));
        server._keptIn = keptIn;
        await using var connection = await server.OpenAsync(cancellationToken);
        server.Description = $"PostgreSQL {connection.PostgreSqlVersion} ({TestServers.Place(kind)})";
        TestServers.Announce(server.Description);
        return server;
    }

    /// <summary>Makes an empty database, which no other test uses, and says how to connect to it.</summary>
    public Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default) => CreateDatabaseAsync("template1", cancellationToken);

    /// <summary>Makes a database with what every test of its kind needs in it: worked out once for a server, and copied from then on.</summary>
    /// <param name="prepare">Fills the one that is copied, given how to connect to it. The same at every call.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<string> CreateDatabaseAsync(Func<string, Task> prepare, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prepare);
        // A database is copied by one at a time, and only while nobody is connected to it.
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (_prepared is null)
            {
                var first = new NpgsqlConnectionStringBuilder(await CreateDatabaseAsync(cancellationToken)) { Pooling = false };
                await prepare(first.ConnectionString);
                _prepared = first.Database!;
            }

            return await CreateDatabaseAsync(_prepared, cancellationToken);
        }
        finally
        {
            _preparing.Release();
        }
    }

    private async Task<string> CreateDatabaseAsync(string template, CancellationToken cancellationToken)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A database's name cannot be a parameter, and these are made here.
        command.CommandText = $"CREATE DATABASE {name} TEMPLATE {template}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
        // Hundreds of databases of one server: what a test leaves in its pools is let go before many others are done.
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name, ConnectionIdleLifetime = 20, ConnectionPruningInterval = 5 }.ConnectionString;
    }

    /// <summary>Takes the server away, cutting all connections; its data and its address stay.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _container?.StopAsync(cancellationToken) ?? _local!.StopAsync();

    /// <summary>Ends the server as a failing machine does; what was committed and its address stay.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (_container is not null)
        {
            await TestServers.KillAsync(_container.Id, cancellationToken);
            return;
        }

        await _local!.KillAsync();
    }

    /// <summary>Brings a stopped server back under the same address.</summary>
    public Task StartAgainAsync(CancellationToken cancellationToken = default) =>
        _container?.StartAsync(cancellationToken) ?? _local!.StartAgainAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_container?.DisposeAsync() ?? _local!.DisposeAsync());
        if (_keptIn is not null)
        {
            Directory.Delete(_keptIn, recursive: true);
        }
    }

    // A port of our choosing, and not Docker's, is still the same when the container is started again.
    private static async Task<PostgreSqlContainer> StartContainerAsync(bool isDurable, CancellationToken cancellationToken)
    {
        // Testcontainers trades durability for speed; the last of two settings counts.
        string[] durable = isDurable ? ["-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on"] : [];
        var container = new PostgreSqlBuilder(Image)
            .WithPortBinding(FreePort.Find(), PostgreSqlBuilder.PostgreSqlPort)
            .WithCommand(["-c", $"max_connections={MaxConnections}", .. durable])
            .Build();
        await container.StartAsync(cancellationToken);
        return container;
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
