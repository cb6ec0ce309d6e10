using Marten;
using Npgsql;

namespace DoSnapshot.Hosting.Log;

/// <summary>Whoever writes to a log holds the lock of what it writes about: a droplet with its snapshots, or the fleet.</summary>
internal static class LogLock
{
    /// <summary>The lock of what is not one droplet's: plans, account.</summary>
    public const string Fleet = "fleet";

    /// <summary>
    /// A session whose transaction holds the lock of that name until it ends. What is read in it is read after the lock was given, and so
    /// after whoever held it before has committed.
    /// </summary>
    public static async Task<IDocumentSession> TakeAsync(IDocumentStore store, string name, CancellationToken ct)
    {
        var session = store.LightweightSession();
        try
        {
            await session.BeginTransactionAsync(ct);
            await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))");
            command.Parameters.AddWithValue($"{LogStore.Schema}/{name}");
            await session.ExecuteAsync(command, ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
