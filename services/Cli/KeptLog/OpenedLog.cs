using DoSnapshot.Cli.Arguments;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.LocalServers;
using Marten;
using Npgsql;

namespace DoSnapshot.Cli.KeptLog;

/// <summary>The log that is kept, opened for one run of the command.</summary>
internal sealed class OpenedLog : IAsyncDisposable
{
    private const int MostLooks = 10;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly Lazy<DocumentStore>? store;
    private readonly EmbeddedPostgres? server;

    private OpenedLog(string connectionString, IEventLog log, Lazy<DocumentStore>? store, EmbeddedPostgres? server)
    {
        ConnectionString = connectionString;
        Log = log;
        this.store = store;
        this.server = server;
    }

    /// <summary>How the log's database is connected to; empty where there is no log yet and none is made.</summary>
    public string ConnectionString { get; }

    /// <summary>The log.</summary>
    public IEventLog Log { get; }

    /// <summary>The documents beside it; null where there is no log yet.</summary>
    public ReadModels? ReadModels => store is null ? null : new ReadModels(store.Value);

    /// <summary>Whether the database is another process's, and ends with it.</summary>
    public bool IsBorrowed { get; private init; }

    /// <summary>Opens it to write, and makes it where there is none.</summary>
    /// <exception cref="UsageException">The connection string cannot be read.</exception>
    /// <exception cref="DirectoryInUseException">Another process has the directory, and no server runs there yet.</exception>
    /// <exception cref="LocalServerException">The directory, or PostgreSQL's programs, cannot be used.</exception>
    /// <exception cref="NpgsqlException">PostgreSQL cannot be reached.</exception>
    public static Task<OpenedLog> OpenAsync(LogPlace place, TimeProvider clock, CancellationToken ct) => OpenAsync(place, clock, isRead: false, ct);

    /// <summary>Opens it to read; one that is not there yet is empty and is not made.</summary>
    /// <inheritdoc cref="OpenAsync(LogPlace, TimeProvider, CancellationToken)" path="/exception"/>
    public static Task<OpenedLog> ReadAsync(LogPlace place, TimeProvider clock, CancellationToken ct) => OpenAsync(place, clock, isRead: true, ct);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (store is { IsValueCreated: true })
        {
            await store.Value.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<OpenedLog> OpenAsync(LogPlace place, TimeProvider clock, bool isRead, CancellationToken ct)
    {
        if (isRead && place.Directory is { } directory && !Directory.Exists(Path.Combine(directory, "data")))
        {
            return Empty(clock);
        }

        if (isRead)
        {
            SqlEventLog.GetReady();
        }

        var (connectionString, own) = await ConnectAsync(place, ct);
        // Who only asks has the answer before a store were made.
        var made = new Lazy<DocumentStore>(() => DocumentStore.For(options => LogStore.Configure(options, connectionString, clock)));
        try
        {
            if (isRead)
            {
                var reading = LogConnection.ForLog(connectionString);
                if (await IsThereAsync(reading, ct))
                {
                    return new OpenedLog(reading, new SqlEventLog(reading, clock, () => new MartenEventLog(made.Value, clock)), made, own) { IsBorrowed = place.Directory is not null && own is null };
                }

                await (own?.DisposeAsync() ?? ValueTask.CompletedTask);
                return Empty(clock);
            }

            await LogSchema.ApplyAsync(made.Value, connectionString, ct);
            return new OpenedLog(connectionString, new MartenEventLog(made.Value, clock), made, own) { IsBorrowed = place.Directory is not null && own is null };
        }
        catch
        {
            await (made.IsValueCreated ? made.Value.DisposeAsync() : ValueTask.CompletedTask);
            await (own?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    private static OpenedLog Empty(TimeProvider clock) => new("", new InMemoryEventLog(clock), store: null, server: null);

    private static async Task<(string ConnectionString, EmbeddedPostgres? Server)> ConnectAsync(LogPlace place, CancellationToken ct)
    {
        if (place.Store is { } text)
        {
            return (Checked(text, $"{CommandOptions.Store.Display} (or {LogPlace.Variable})"), null);
        }

        for (var look = 1; ; look++)
        {
            try
            {
                var own = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = place.Directory }, ct);
                return (own.ConnectionString, own);
            }
            catch (DirectoryInUseException) when (look < MostLooks)
            {
                if (EmbeddedPostgres.FindRunning(place.Directory!) is { } running && await AnswersAsync(running, ct))
                {
                    return (running, null);
                }
            }

            // It is just starting or ending.
            await Task.Delay(LookAgainAfter, TimeProvider.System, ct);
        }
    }

    /// <summary>
    /// Whether an exception is about the database: the store wraps what that says, a session that was ended in between is an invalid operation, and tables of
    /// an earlier release may be somebody else's.
    /// </summary>
    public static bool IsTheDatabases(Exception e) => e is not LocalServerException && (
        e.GetBaseException() is LogRoleException or NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException
        || (e is InvalidOperationException && e.Message.Contains("Connection is not open", StringComparison.Ordinal)));

    /// <summary>The connection string, if it can be read.</summary>
    /// <param name="text">The connection string.</param>
    /// <param name="named">The option or the setting that has it.</param>
    /// <exception cref="UsageException">It cannot; the message does not quote it.</exception>
    public static string Checked(string text, string named)
    {
        try
        {
            if (new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0, Port: > 0 and <= ushort.MaxValue })
            {
                return text;
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Not quoted: there may be a password in it.
        }

        throw new UsageException(
            $"{named} cannot be read: "
            + "PostgreSQL's connection string is wanted, such as Host=db;Database=snapshots;Username=me");
    }

    private static async Task<bool> AnswersAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<bool> IsThereAsync(string connectionString, CancellationToken ct)
    {
        // A session that the first question has use for afterwards.
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"select to_regclass('{LogStore.Schema}.mt_events') is not null", connection);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
