using System.Collections.Concurrent;
using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;
using Marten;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.EventLog.Tests;

/// <summary>What was committed is published: everything, whatever becomes of the bus or of the relay's process.</summary>
public sealed class RelayTests
{
    private readonly PostgresFixture _postgres;

    public RelayTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_committed_event_is_published_with_its_own_id_and_its_place_in_the_log()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await using var relay = await Relay.StartAsync(log);
        var expected = new List<LoggedEvent>();
        foreach (var type in EventTypes.Aliases.Keys)
        {
            var stream = $"other/{type.Name}";
            expected.AddRange(await log.Log.DecideFleetAsync(_ => [new NewEvent(stream, Samples.Of(type, bare: false))], Ct));
        }

        Assert.True(await Eventually.HoldsAsync(() => relay.Published.Count >= expected.Count, cancellationToken: Ct));

        Assert.Equal(
            expected.Select(e => (e.Id, e.Sequence.ToString(CultureInfo.InvariantCulture), e.Data.GetType())).OrderBy(e => e.Id),
            relay.Published.Distinct().OrderBy(e => e.Id));
        Assert.Equal(expected.Select(e => e.Id).ToHashSet(), relay.Heard.Select(e => e.Id).ToHashSet());
    }

    [Fact]
    public async Task What_the_store_notes_in_the_place_of_an_append_that_failed_is_neither_read_nor_published()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await using (var session = log.Store.LightweightSession())
        {
            session.Events.StartStream("mt_tombstone", new JasperFx.Events.Tombstone());
            await session.SaveChangesAsync(Ct);
        }

        await using var relay = await Relay.StartAsync(log);
        var after = await log.Log.DecideAsync(1, _ => [Samples.Enrolled(1)], Ct);
        Assert.True(await Eventually.HoldsAsync(() => !relay.Published.IsEmpty, cancellationToken: Ct));

        Assert.Equal(2, await log.Log.HeadAsync(Ct));
        Assert.Equal([after[0].Id], (await log.Log.ReadAsync(0, 100, Ct)).Select(e => e.Id));
        Assert.Equal([after[0].Id], relay.Published.Select(p => p.Id));
    }

    [Fact]
    public async Task A_consumer_gets_the_command_as_it_was_decided_soon_and_knows_that_it_is_from_the_log()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await using var relay = await Relay.StartAsync(log);
        // One event first, so that what is timed is not the start of the daemon.
        await log.Log.DecideAsync(1, _ => [Samples.Enrolled(1)], Ct);
        Assert.True(await Eventually.HoldsAsync(() => relay.Published.Count == 1, cancellationToken: Ct));

        var id = Guid.NewGuid();
        var request = (SnapshotRequested)Samples.Requested(id, 1).Data with { Reason = "because", Occurrence = Samples.At.AddTicks(1) };
        var logged = await log.Log.DecideAsync(1, _ => [NewEvent.Of(id, request)], Ct);

        Assert.True(await Eventually.HoldsAsync(() => !relay.Consumed.IsEmpty, TimeSpan.FromSeconds(10), Ct));
        Assert.Equal((logged[0].Id, request, true), Assert.Single(relay.Consumed));
    }

    [Fact]
    public async Task A_bus_that_refuses_for_a_while_loses_nothing()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await using var relay = await Relay.StartAsync(log, refuses: true);
        var expected = new List<Guid>();
        for (var i = 1; i <= 5; i++)
        {
            expected.AddRange((await log.Log.DecideAsync(i, _ => [Samples.Enrolled(i), Samples.Requested(Guid.NewGuid(), i)], Ct)).Select(e => e.Id));
        }

        Assert.True(await Eventually.HoldsAsync(() => relay.Refusals >= 5, cancellationToken: Ct));
        Assert.Empty(relay.Published);
        // Progress is not noted for what was not published.
        Assert.Equal(0L, await ProgressAsync(log));

        relay.Refuses = false;
        Assert.True(await Eventually.HoldsAsync(() => relay.Published.Count >= expected.Count, cancellationToken: Ct));
        Assert.Equal(expected.ToHashSet(), relay.Published.Select(p => p.Id).ToHashSet());
    }

    /// <summary>As RabbitMQ's client does it when the connection is lost at the wrong moment.</summary>
    [Fact]
    public async Task A_bus_that_never_confirms_is_asked_again()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await using var relay = await Relay.StartAsync(log, silences: 2);
        var logged = await log.Log.DecideAsync(1, _ => [Samples.Enrolled(1), Samples.Requested(Guid.NewGuid(), 1)], Ct);

        Assert.True(await Eventually.HoldsAsync(() => relay.Published.Count >= 2, cancellationToken: Ct));
        Assert.Equal(logged.Select(e => e.Id).ToHashSet(), relay.Published.Select(p => p.Id).ToHashSet());
        Assert.Equal(2, relay.Silences);
    }

    [Fact]
    public async Task A_new_relay_goes_on_where_the_last_one_stopped()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        var before = await log.Log.DecideAsync(1, _ => [Samples.Enrolled(1), Samples.Requested(Guid.NewGuid(), 1)], Ct);
        await using (var first = await Relay.StartAsync(log))
        {
            Assert.True(await Eventually.HoldsAsync(async () => (long)(await ProgressAsync(log))! == before[^1].Sequence, cancellationToken: Ct));
            Assert.Equal(before.Select(e => e.Id).ToHashSet(), first.Published.Select(p => p.Id).ToHashSet());
        }

        // While nobody relays, the log goes on.
        var meanwhile = await log.Log.DecideAsync(2, _ => [Samples.Enrolled(2)], Ct);
        await using var second = await Relay.StartAsync(log);
        var after = await log.Log.DecideAsync(3, _ => [Samples.Enrolled(3)], Ct);

        Assert.True(await Eventually.HoldsAsync(() => second.Published.Count >= 2, cancellationToken: Ct));
        Assert.Equal(meanwhile.Concat(after).Select(e => e.Id), second.Published.Select(p => p.Id));
    }

    [Fact]
    public async Task A_relay_that_was_stopped_while_the_bus_refused_publishes_it_all_the_next_time()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        var logged = await log.Log.DecideAsync(1, _ => [Samples.Enrolled(1), Samples.Requested(Guid.NewGuid(), 1)], Ct);
        await using (var first = await Relay.StartAsync(log, refuses: true))
        {
            Assert.True(await Eventually.HoldsAsync(() => first.Refusals > 0, cancellationToken: Ct));
        }

        await using var second = await Relay.StartAsync(log);
        Assert.True(await Eventually.HoldsAsync(() => second.Published.Count >= 2, cancellationToken: Ct));
        Assert.Equal(logged.Select(e => e.Id).ToHashSet(), second.Published.Select(p => p.Id).ToHashSet());
    }

    [Fact]
    public async Task However_often_it_is_started_it_leaves_no_connection_behind()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await using var relay = await Relay.StartAsync(log);
        for (var i = 1; i <= 4; i++)
        {
            var logged = await log.Log.DecideAsync(i, _ => [Samples.Enrolled(i)], Ct);
            Assert.True(await Eventually.HoldsAsync(() => relay.Published.Any(p => p.Id == logged[0].Id), cancellationToken: Ct));
            Assert.True(await Eventually.HoldsAsync(async () => (long)(await ListenersAsync(log))! == 1, cancellationToken: Ct), $"start {i}");
            await relay.StartAgainAsync();
        }
    }

    [Fact]
    public async Task A_bus_that_confirms_nothing_for_minutes_shows_in_its_health_and_no_longer_when_it_does()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await using var relay = await Relay.StartAsync(log, refuses: true);
        await log.Log.DecideAsync(1, _ => [Samples.Enrolled(1)], Ct);
        Assert.True(await Eventually.HoldsAsync(() => relay.Refusals > 0, cancellationToken: Ct));
        // It is said after the bus refused.
        Assert.True(await Eventually.HoldsAsync(
            async () =>
            {
                relay.Clock.Advance(RelayHealth.Patience);
                return await relay.HealthAsync() is { Status: HealthStatus.Unhealthy, Description: var said } && said!.Contains("The bus is away", StringComparison.Ordinal);
            },
            cancellationToken: Ct));

        relay.Refuses = false;
        Assert.True(await Eventually.HoldsAsync(async () => (await relay.HealthAsync()).Status is HealthStatus.Healthy, cancellationToken: Ct));
    }

    private static Task<object?> ListenersAsync(MartenLog log) => log.AskAsync(
        "select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen mt_events_appended%'", Ct);

    private static Task<object?> ProgressAsync(MartenLog log) =>
        log.AskAsync("select coalesce(max(last_seq_id), 0) from do_snapshot.mt_event_progression where name like 'relay%'", Ct);

    /// <summary>A process that relays: a store of its own, a bus in memory, and an ear on it.</summary>
    private sealed class Relay : IAsyncDisposable, IPublishObserver, IRelayListener
    {
        private readonly IBusControl _bus;
        private readonly DocumentStore _store;
        private readonly RelayHealth _health;
        private readonly int _silentFor;
        private CancellationTokenSource _stop = new();
        private Task _running;
        private int _refusals;
        private int _publishes;

        private Relay(MartenLog log, bool refuses, int silences)
        {
            Refuses = refuses;
            _silentFor = silences;
            _health = new RelayHealth(Clock);
            _bus = Bus.Factory.CreateUsingInMemory(cfg => cfg.ReceiveEndpoint("commands", endpoint => endpoint.Handler<SnapshotRequested>(context =>
            {
                Consumed.Enqueue((context.MessageId!.Value, context.Message, context.IsFromLog()));
                return Task.CompletedTask;
            })));
            _bus.ConnectPublishObserver(this);
            _bus.Start();
            _store = log.Open(options => options.Projections.Subscribe(new EventRelay(_bus, [this], _health, NullLogger<EventRelay>.Instance)
            {
                ConfirmedWithin = silences > 0 ? TimeSpan.FromMilliseconds(200) : BusPublishing.ConfirmedWithin,
            }));
            _running = new RelayDaemon(_store, _health, NullLogger<RelayDaemon>.Instance).RunAsync(_stop.Token);
        }

        public FakeTimeProvider Clock { get; } = new();

        public bool Refuses { get; set; }

        public int Refusals => _refusals;

        public int Silences => Math.Min(_publishes, _silentFor);

        public ConcurrentQueue<(Guid Id, string Sequence, Type Type)> Published { get; } = new();

        public ConcurrentQueue<(Guid Id, SnapshotRequested Request, bool FromLog)> Consumed { get; } = new();

        public ConcurrentQueue<LoggedEvent> Heard { get; } = new();

        public static Task<Relay> StartAsync(MartenLog log, bool refuses = false, int silences = 0) => Task.FromResult(new Relay(log, refuses, silences));

        public Task<HealthCheckResult> HealthAsync() => _health.CheckHealthAsync(new HealthCheckContext(), Ct);

        /// <summary>As another lead of the same process does.</summary>
        public async Task StartAgainAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
            _stop = new CancellationTokenSource();
            _running = new RelayDaemon(_store, _health, NullLogger<RelayDaemon>.Instance).RunAsync(_stop.Token);
        }

        public void Relayed(LoggedEvent @event) => Heard.Enqueue(@event);

        public Task PrePublish<T>(PublishContext<T> context)
            where T : class
        {
            if (Interlocked.Increment(ref _publishes) <= _silentFor)
            {
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            }

            if (!Refuses)
            {
                return Task.CompletedTask;
            }

            Interlocked.Increment(ref _refusals);
            throw new InvalidOperationException("The bus is away.");
        }

        public Task PostPublish<T>(PublishContext<T> context)
            where T : class
        {
            Published.Enqueue((context.MessageId!.Value, context.Headers.Get<string>(BusPublishing.SequenceHeader)!, typeof(T)));
            return Task.CompletedTask;
        }

        public Task PublishFault<T>(PublishContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            await _bus.StopAsync(TimeSpan.FromSeconds(5));
            await _store.DisposeAsync();
            _stop.Dispose();
        }
    }
}
