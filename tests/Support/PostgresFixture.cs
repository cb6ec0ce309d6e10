using Xunit;

namespace DoSnapshot.Tests.Support;

/// <summary>
/// One PostgreSQL server for all tests of an assembly, started when the first test asks for it:
/// <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>, then a constructor parameter of the test class.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly Lazy<Task<TestPostgres>> _server;

    /// <summary>The server that is shared.</summary>
    public PostgresFixture()
        : this(() => TestPostgres.StartAsync())
    {
    }

    private PostgresFixture(Func<Task<TestPostgres>> start) => _server = new(start);

    /// <summary>A server of a test's own, which keeps what was committed when it is killed.</summary>
    public static PostgresFixture Durable() => new(() => TestPostgres.StartDurableAsync());

    /// <summary>The server, which all tests of the assembly share.</summary>
    public Task<TestPostgres> ServerAsync() => _server.Value;

    /// <summary>Makes an empty database for one test, and says how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default) =>
        await (await ServerAsync()).CreateDatabaseAsync(cancellationToken);

    /// <inheritdoc cref="TestPostgres.CreateDatabaseAsync(Func{string, Task}, CancellationToken)"/>
    public async Task<string> CreateDatabaseAsync(Func<string, Task> prepare, CancellationToken cancellationToken = default) =>
        await (await ServerAsync()).CreateDatabaseAsync(prepare, cancellationToken);

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
