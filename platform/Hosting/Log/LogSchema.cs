using Marten;
using Medallion.Threading.Postgres;

namespace DoSnapshot.Hosting.Log;

/// <summary>Brings the log's schema up to date, one process at a time: all services start together and each of them tries.</summary>
public static class LogSchema
{
    /// <summary>Applies what is missing; nothing if nothing is.</summary>
    public static async Task ApplyAsync(IDocumentStore store, string connectionString, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(store);
        var mutex = new PostgresDistributedLock(new PostgresAdvisoryLockKey($"{LogStore.Schema}/schema", allowHashing: true), connectionString);
        await using var handle = await mutex.AcquireAsync(timeout: null, ct);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
    }
}
