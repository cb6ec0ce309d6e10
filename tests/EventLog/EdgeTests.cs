using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.EventLog.Tests;

/// <summary>
/// The corners, in memory. Different droplets share one lock there, so that a decision which blocks would block all: that they do not wait
/// for one another is shown for PostgreSQL alone.
/// </summary>
public sealed class InMemoryEdgeTests : EdgeContract
{
    protected override Task<IEventLog> CreateAsync(CancellationToken ct) => Task.FromResult<IEventLog>(new InMemoryEventLog(Clock));
}

/// <summary>The corners, in PostgreSQL, read in plain SQL.</summary>
public sealed class SqlEdgeTests(PostgresFixture postgres) : EdgeContract
{
    private MartenLog? _marten;

    public override async ValueTask DisposeAsync()
    {
        if (_marten is not null)
        {
            await _marten.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override async Task<IEventLog> CreateAsync(CancellationToken ct)
    {
        _marten = await MartenLog.CreateAsync(postgres, Clock, ct);
        return new SqlEventLog(_marten.Options.LogConnectionString, Clock, () => _marten.Log);
    }
}

/// <summary>The corners, in PostgreSQL, and what only shows there.</summary>
public sealed class MartenEdgeTests : EdgeContract
{
    private readonly PostgresFixture _postgres;
    private MartenLog? _marten;

    public MartenEdgeTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_decision_that_takes_long_keeps_its_own_droplet_waiting_and_no_other()
    {
        using var inside = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var slow = Task.Run(() => Log.DecideAsync(1, _ => { inside.Release(); goOn.Wait(Ct); return [Samples.Enrolled(1)]; }, Ct), Ct);
        await inside.WaitAsync(Ct);
        DropletLedger? seen = null;
        var second = Log.DecideAsync(1, ledger => { seen = ledger; return []; }, Ct);

        Assert.Single(await Log.DecideAsync(2, _ => [Samples.Enrolled(2)], Ct));
        Assert.True(await Eventually.HoldsAsync(async () => (long)(await WaitingAsync())! == 1, cancellationToken: Ct));
        Assert.Null(seen);

        goOn.Release();
        await Task.WhenAll(slow, second);
        Assert.NotNull(seen!.Droplet);
    }

    [Fact]
    public async Task The_server_ends_a_session_that_forgot_its_transaction()
    {
        await using var session = _marten!.Store.QuerySession();
        await using var command = new Npgsql.NpgsqlCommand("show idle_in_transaction_session_timeout");
        await using var reader = await session.ExecuteReaderAsync(command, Ct);
        await reader.ReadAsync(Ct);
        Assert.Equal("1min", reader.GetString(0));
    }

    [Theory]
    [InlineData("Host=h;Username=u", "-c idle_in_transaction_session_timeout=60000", 15, "do-snapshot")]
    [InlineData("Host=h;Options=-c work_mem=8MB;Keepalive=3;Application Name=mine", "-c idle_in_transaction_session_timeout=60000 -c work_mem=8MB", 3, "mine")]
    public void What_a_connection_string_says_itself_stands(string given, string options, int keepAlive, string name)
    {
        var builder = new Npgsql.NpgsqlConnectionStringBuilder(LogConnection.ForLog(given));
        Assert.Equal((options, keepAlive, name), (builder.Options, builder.KeepAlive, builder.ApplicationName));
    }

    [Fact]
    public async Task Who_waits_for_a_droplet_can_be_called_off()
    {
        using var inside = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        using var off = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var slow = Task.Run(() => Log.DecideAsync(1, _ => { inside.Release(); goOn.Wait(Ct); return []; }, Ct), Ct);
        await inside.WaitAsync(Ct);
        var waiting = Log.DecideAsync(1, _ => [Samples.Enrolled(1)], off.Token);
        Assert.True(await Eventually.HoldsAsync(async () => (long)(await WaitingAsync())! == 1, cancellationToken: Ct));

        await off.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        goOn.Release();
        await slow;
        Assert.Equal(0, await Log.HeadAsync(Ct));
    }

    [Fact]
    public async Task Of_two_droplets_that_start_one_stream_at_the_same_moment_one_wins_and_the_other_writes_nothing()
    {
        var id = Guid.NewGuid();
        using var both = new Barrier(2);
        var outcomes = await Task.WhenAll(new long[] { 1, 2 }.Select(droplet => Task.Run(() => TryAsync(droplet), Ct)));

        Assert.Single(outcomes, won => won);
        var winner = outcomes[0] ? 1 : 2;
        Assert.Equal([winner], (await Log.ReadStreamAsync(Streams.OfSnapshot(id), Ct)).Select(e => ((SnapshotRequested)e.Data).DropletId));
        Assert.Equal(winner, Assert.Single(await Log.LoadLedgersAsync(null, Ct)).DropletId);

        async Task<bool> TryAsync(long droplet)
        {
            try
            {
                await Log.DecideAsync(
                    droplet,
                    _ =>
                    {
                        both.SignalAndWait(Ct);
                        return [Samples.Enrolled(droplet), Samples.Requested(id, droplet)];
                    },
                    Ct);
                return true;
            }
            catch (LogConflictException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Fifty_decisions_at_once_lose_none_and_have_no_gap()
    {
        var id = Guid.NewGuid();
        await Log.DecideAsync(1, _ => [Samples.Requested(id, 1)], Ct);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(
            () => Log.DecideAsync(1, ledger => [Samples.Attempted(id, 1, ledger.Find(id)!.Attempts + 1)], Ct), Ct)));

        var stream = await Log.ReadStreamAsync(Streams.OfSnapshot(id), Ct);
        Assert.Equal(Enumerable.Range(1, 51).Select(v => (long)v), stream.Select(e => e.StreamVersion));
        Assert.Equal(50, (await Log.LoadLedgersAsync([1], Ct))[0].Find(id)!.Attempts);
    }

    [Fact]
    public async Task Names_and_values_are_stored_as_people_read_them()
    {
        var id = Guid.NewGuid();
        await Log.DecideAsync(1, _ => [Samples.Requested(id, 1), NewEvent.Of(id, new ExpiryHeld(id, 1, Guard.KeepAtLeast, "one left", Samples.At))], Ct);

        Assert.Equal("snapshot_requested", await _marten!.AskAsync("select type from do_snapshot.mt_events where version = 1", Ct));
        Assert.Equal("Plan", await _marten.AskAsync("select data ->> 'origin' from do_snapshot.mt_events where version = 1", Ct));
        Assert.Equal("KeepAtLeast", await _marten.AskAsync("select data ->> 'guard' from do_snapshot.mt_events where version = 2", Ct));
        Assert.Equal("Requested", await _marten.AskAsync("select data ->> 'phase' from do_snapshot.mt_doc_snapshot", Ct));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_marten is not null)
        {
            await _marten.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override async Task<IEventLog> CreateAsync(CancellationToken ct)
    {
        _marten = await MartenLog.CreateAsync(_postgres, Clock, ct);
        return _marten.Log;
    }

    private Task<object?> WaitingAsync() => _marten!.AskAsync(
        "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())", Ct);
}
