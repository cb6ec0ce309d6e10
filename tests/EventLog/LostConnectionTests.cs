using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Tests.Support;
using Marten;
using Marten.Services;
using Npgsql;

namespace DoSnapshot.EventLog.Tests;

/// <summary>
/// A droplet's lock is its transaction's, and the transaction is its connection's. Where that is lost, the lock is, and so is the decision: nothing of it
/// may go on on another connection.
/// </summary>
public sealed class LostConnectionTests
{
    private const long Droplet = 42;

    private readonly PostgresFixture _postgres;

    public LostConnectionTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lost_while_it_decides_nothing_is_appended()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await Assert.ThrowsAnyAsync<Exception>(() => log.Log.DecideAsync(
            Droplet,
            _ =>
            {
                Cut(log);
                return [Samples.Enrolled(Droplet)];
            },
            Ct));

        // What the store may write in the place of what failed is no event of the log.
        await log.Log.DecideAsync(Droplet + 1, _ => [Samples.Enrolled(Droplet + 1)], Ct);
        var events = await log.Log.ReadAsync(0, 100, Ct);
        Assert.Equal(Droplet + 1, Assert.IsType<DropletEnrolled>(Assert.Single(events).Data).DropletId);
    }

    [Fact]
    public async Task Lost_while_it_waits_for_the_lock_nothing_is_decided()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        using var held = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var holder = Task.Run(
            () => log.Log.DecideAsync(
                Droplet,
                _ =>
                {
                    held.Release();
                    release.Wait(Ct);
                    return [];
                },
                Ct),
            Ct);
        await held.WaitAsync(Ct);
        var isDecided = false;
        var waiting = log.Log.DecideAsync(
            Droplet,
            _ =>
            {
                isDecided = true;
                return [Samples.Enrolled(Droplet)];
            },
            Ct);
        Assert.True(await Eventually.HoldsAsync(
            async () => await log.AskAsync("select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())", Ct) is 1L, cancellationToken: Ct));
        await log.AskAsync("select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())", Ct);
        // One that tried again on another connection would wait for the lock now, and have it for no longer than the question takes.
        await Eventually.HoldsAsync(
            async () => waiting.IsCompleted || await log.AskAsync("select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())", Ct) is 1L,
            cancellationToken: Ct);
        release.Release();

        await Assert.ThrowsAnyAsync<Exception>(() => waiting);
        await holder;
        Assert.False(isDecided);
        Assert.DoesNotContain(await log.Log.ReadAsync(0, 100, Ct), e => e.Data is DropletEnrolled);
    }

    [Fact]
    public async Task Lost_while_it_reads_nothing_is_decided()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        var cut = new CutAtFirstRead(log);
        await using var store = log.Open(options => options.Logger(cut));
        var isDecided = false;
        await Assert.ThrowsAnyAsync<Exception>(() => new MartenEventLog(store, TimeProvider.System).DecideAsync(
            Droplet,
            _ =>
            {
                isDecided = true;
                return [Samples.Enrolled(Droplet)];
            },
            Ct));
        Assert.True(cut.IsDone);
        Assert.False(isDecided);
        Assert.DoesNotContain(await log.Log.ReadAsync(0, 100, Ct), e => e.Data is DropletEnrolled);
    }

    private static void Cut(MartenLog log)
    {
        using var connection = new NpgsqlConnection(log.Options.LogConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand("select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())", connection);
        command.ExecuteScalar();
    }

    /// <summary>Cuts the connection that holds the lock, when the first thing is read under it.</summary>
    private sealed class CutAtFirstRead(MartenLog log) : IMartenLogger, IMartenSessionLogger
    {
        public bool IsDone { get; private set; }

        public IMartenSessionLogger StartSession(IQuerySession session) => this;

        public void SchemaChange(string sql)
        {
        }

        public void LogSuccess(NpgsqlCommand command)
        {
        }

        public void LogFailure(NpgsqlCommand command, Exception ex)
        {
        }

        public void LogSuccess(NpgsqlBatch batch)
        {
        }

        public void LogFailure(NpgsqlBatch batch, Exception ex)
        {
        }

        public void LogFailure(Exception ex, string message)
        {
        }

        public void RecordSavedChanges(IDocumentSession session, IChangeSet commit)
        {
        }

        public void OnBeforeExecute(NpgsqlCommand command) => See(command.CommandText);

        public void OnBeforeExecute(NpgsqlBatch batch) => See(batch.BatchCommands[0].CommandText);

        private void See(string sql)
        {
            if (!IsDone && sql.Contains("mt_doc_", StringComparison.Ordinal))
            {
                IsDone = true;
                Cut(log);
            }
        }
    }
}
