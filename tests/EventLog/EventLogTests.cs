using DoSnapshot.Hosting.Log;
using DoSnapshot.Tests.Support;
using Marten;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace DoSnapshot.EventLog.Tests;

/// <summary>The log in memory.</summary>
public sealed class InMemoryEventLogTests : EventLogContract
{
    protected override Task<IEventLog> CreateAsync(CancellationToken ct) => Task.FromResult<IEventLog>(new InMemoryEventLog(Clock));
}

/// <summary>The log in PostgreSQL, kept by Marten, by a process that keeps the fleet between two questions.</summary>
public sealed class KnownFleetEventLogTests(PostgresFixture postgres) : MartenEventLogTests(postgres)
{
    protected override KnownFleet? Known { get; } = new();
}

/// <summary>The log in PostgreSQL, written by Marten and read in plain SQL.</summary>
public sealed class SqlEventLogTests(PostgresFixture postgres) : MartenEventLogTests(postgres)
{
    [Fact]
    public async Task An_event_that_cannot_be_read_is_named()
    {
        var id = Guid.NewGuid();
        await Log.DecideAsync(1, _ => [Lifecycle.NewEvent.Of(id, new Contracts.SnapshotDiscovered(id, 1, "a", 5, "a-1", "p", 1, ["nyc3"], Clock.GetUtcNow(), Clock.GetUtcNow()))], Ct);
        await ExecuteAsync("""update do_snapshot.mt_events set data = '{"dropletId": "no number"}'""");
        Assert.Contains("event 1 of the log, 'snapshot_discovered', cannot be read", (await Assert.ThrowsAsync<InvalidDataException>(() => Log.ReadAsync(0, 10, Ct))).Message, StringComparison.Ordinal);
        await ExecuteAsync("update do_snapshot.mt_events set type = 'of_a_later_release'");
        Assert.Contains("does not know: 'of_a_later_release'", (await Assert.ThrowsAsync<InvalidDataException>(() => Log.ReadAsync(0, 10, Ct))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_is_named()
    {
        var id = Guid.NewGuid();
        await Log.DecideAsync(1, _ => [Lifecycle.NewEvent.Of(id, new Contracts.SnapshotDiscovered(id, 1, "a", 5, "a-1", "p", 1, ["nyc3"], Clock.GetUtcNow(), Clock.GetUtcNow()))], Ct);
        await ExecuteAsync("""update do_snapshot.mt_doc_snapshot set data = data || '{"phase": "OfALaterRelease"}'""");
        Assert.Contains($"a document of the log, Snapshot 'snapshot/{id}', cannot be read", (await Assert.ThrowsAsync<InvalidDataException>(() => Log.LoadLedgersAsync(null, Ct))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_reads_makes_no_store()
    {
        var log = new SqlEventLog(ConnectionString, Clock, () => throw new InvalidOperationException("It would be written."));
        Assert.Empty(await log.LoadLedgersAsync(null, Ct));
        Assert.Null((await log.LoadFleetFactsAsync(Ct)).Account);
        await Assert.ThrowsAsync<InvalidOperationException>(() => log.DecideAsync(1, _ => [], Ct));
    }

    protected override async Task<IEventLog> CreateAsync(CancellationToken ct)
    {
        var writing = await base.CreateAsync(ct);
        return new SqlEventLog(ConnectionString, Clock, () => writing);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Ct);
#pragma warning disable CA2100 // Written above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
    }
}

/// <summary>The log in PostgreSQL, kept by Marten.</summary>
public class MartenEventLogTests : EventLogContract
{
    private readonly PostgresFixture _postgres;
    private DocumentStore? _store;

    protected string ConnectionString { get; private set; } = "";

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public MartenEventLogTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    [Fact]
    public async Task Another_process_sees_the_same()
    {
        var id = Guid.NewGuid();
        await Log.DecideAsync(1, _ => [Lifecycle.NewEvent.Of(id, new Contracts.SnapshotDiscovered(id, 1, "a", 5, "a-1", "p", 1, ["nyc3"], Clock.GetUtcNow(), Clock.GetUtcNow()))], TestContext.Current.CancellationToken);
        await using var store = Open();
        var other = new MartenEventLog(store, Clock);
        Assert.Equal(5, (await other.LoadLedgersAsync([1], TestContext.Current.CancellationToken))[0].Find(id)!.ImageId);
    }

    protected virtual KnownFleet? Known => null;

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override async Task<IEventLog> CreateAsync(CancellationToken ct)
    {
        ConnectionString = await _postgres.CreateDatabaseAsync(ct);
        _store = Open();
        // Services start side by side, and each brings the schema up to date.
        await using var second = Open();
        await Task.WhenAll(LogSchema.ApplyAsync(_store, ConnectionString, ct), LogSchema.ApplyAsync(second, ConnectionString, ct));
        return new MartenEventLog(_store, Clock, Known);
    }

    private DocumentStore Open() => DocumentStore.For(options => LogStore.Configure(options, ConnectionString, Clock));
}
