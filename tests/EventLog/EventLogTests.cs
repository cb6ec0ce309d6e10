using DoSnapshot.Hosting.Log;
using DoSnapshot.Tests.Support;
using Marten;

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

/// <summary>The log in PostgreSQL, kept by Marten.</summary>
public class MartenEventLogTests : EventLogContract
{
    private readonly PostgresFixture _postgres;
    private string _connectionString = "";
    private DocumentStore? _store;

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
        _connectionString = await _postgres.CreateDatabaseAsync(ct);
        _store = Open();
        // Services start side by side, and each brings the schema up to date.
        await using var second = Open();
        await Task.WhenAll(LogSchema.ApplyAsync(_store, _connectionString, ct), LogSchema.ApplyAsync(second, _connectionString, ct));
        return new MartenEventLog(_store, Clock, Known);
    }

    private DocumentStore Open() => DocumentStore.For(options => LogStore.Configure(options, _connectionString, Clock));
}
