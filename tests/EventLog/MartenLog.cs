using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Tests.Support;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DoSnapshot.EventLog.Tests;

/// <summary>A log on a database of its own, with what a test wants to do to that database.</summary>
internal sealed class MartenLog : IAsyncDisposable
{
    private readonly TimeProvider _clock;

    private MartenLog(string connectionString, TimeProvider clock, Action<StoreOptions>? configure)
    {
        Options = new PlatformOptions { LogConnectionString = connectionString };
        _clock = clock;
        Store = Open(configure);
        Log = new MartenEventLog(Store, clock);
    }

    public PlatformOptions Options { get; }

    public DocumentStore Store { get; }

    public IEventLog Log { get; }

    public static async Task<MartenLog> CreateAsync(PostgresFixture postgres, TimeProvider clock, CancellationToken ct)
    {
        var connectionString = await postgres.CreateDatabaseAsync(
            async first =>
            {
                await using var store = DocumentStore.For(options => LogStore.Configure(options, first, clock));
                await LogSchema.ApplyAsync(store, first, ct);
            },
            ct);
        return new MartenLog(connectionString, clock, configure: null);
    }

    /// <summary>Opens the same log once more, as another process does.</summary>
    public DocumentStore Open(Action<StoreOptions>? configure = null) => DocumentStore.For(options =>
    {
        LogStore.Configure(options, Options.LogConnectionString, _clock);
        configure?.Invoke(options);
    });

    /// <summary>A readiness service that has been started.</summary>
    public async Task<StoreReadiness> ReadyAsync(CancellationToken ct)
    {
        var readiness = new StoreReadiness(Store, Options, NullLogger<StoreReadiness>.Instance);
        await readiness.StartAsync(ct);
        await readiness.WhenReady.WaitAsync(ct);
        return readiness;
    }

    /// <summary>Asks the database one thing.</summary>
    public async Task<object?> AskAsync(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Options.LogConnectionString);
        await connection.OpenAsync(ct);
#pragma warning disable CA2100 // The questions are written in the tests.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(ct);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
