using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.EventLog.Tests;

/// <summary>What a person names is found, and what happened to a droplet is read, the same way in every implementation.</summary>
public abstract class FindingContract : IAsyncLifetime
{
    private const long Web = 7;
    private const long Db = 8;
    private const long InNoPlan = 9;

    private static readonly Guid First = new("5f0c7f6b-8d21-4e00-8000-000000000001");
    private static readonly Guid Second = new("5f0c7f6b-8d21-4e00-8000-000000000002");
    private static readonly Guid Third = new("a0000000-8d21-4e00-8000-000000000003");

    protected FakeTimeProvider Clock { get; } = new(Samples.At);

    protected IEventLog Log { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Log = await CreateAsync(Ct);
        await Append(Web, Samples.Enrolled(Web), Samples.Requested(First, Web), Samples.Attempted(First, Web), Samples.Completed(First, Web, 4_000_000_001));
        await Append(Web, NewEvent.Of(First, new SnapshotPruned(First, Web, 4_000_000_001, Samples.At)));
        await Append(Web, Samples.Requested(Second, Web));
        await Append(Db, Samples.Enrolled(Db));
        await Append(InNoPlan, Samples.Requested(Third, InNoPlan));
        // Long ago: none of it is in a ledger any more for having ended lately.
        Clock.Advance(TimeSpan.FromDays(400));
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("a droplet's name", "web-7", new long[] { Web }, new int[0])]
    [InlineData("a droplet's id", "8", new[] { Db }, new int[0])]
    [InlineData("the id of a droplet in no plan", "9", new[] { InNoPlan }, new int[0])]
    [InlineData("a snapshot's name", "web-7-5f0c7f6b-8d21-4e00-8000-000000000001", new long[0], new[] { 1 })]
    [InlineData("an image's id", "4000000001", new long[0], new[] { 1 })]
    [InlineData("a whole id", "5f0c7f6b-8d21-4e00-8000-000000000002", new long[0], new[] { 2 })]
    [InlineData("a whole id in capitals", "5F0C7F6B-8D21-4E00-8000-000000000002", new long[0], new[] { 2 })]
    [InlineData("a beginning that is of one", "a000", new long[0], new[] { 3 })]
    [InlineData("a beginning up to a dash", "5f0c7f6b-", new long[0], new[] { 1, 2 })]
    [InlineData("a beginning that is of two", "5f0c", new long[0], new[] { 1, 2 })]
    [InlineData("a beginning that is too short", "5f0", new long[0], new int[0])]
    [InlineData("an id with a leading zero", "08", new long[0], new int[0])]
    [InlineData("the beginning of a name", "web", new long[0], new int[0])]
    [InlineData("a sign of SQL's", "5f0c%", new long[0], new int[0])]
    [InlineData("a quote", "web-7' or true --", new long[0], new int[0])]
    [InlineData("nothing", "", new long[0], new int[0])]
    [InlineData("a number that is too long", "99999999999999999999", new long[0], new int[0])]
    public async Task What_is_named_is_found(string what, string text, long[] droplets, int[] snapshots)
    {
        var found = await Log.FindAsync(text, Ct);
        Assert.True(droplets.SequenceEqual(found.Droplets.Select(d => d.DropletId)), what);
        Assert.Equal(snapshots.Select(n => new[] { First, Second, Third }[n - 1]), found.Snapshots.Select(s => s.SnapshotId));
    }

    [Fact]
    public async Task A_droplet_in_no_plan_has_no_name_and_others_have()
    {
        Assert.Equal(new FoundDroplet(InNoPlan, null), Assert.Single((await Log.FindAsync("9", Ct)).Droplets));
        Assert.Equal(new FoundDroplet(Web, "web-7"), Assert.Single((await Log.FindAsync("7", Ct)).Droplets));
    }

    [Fact]
    public async Task No_more_are_found_than_anybody_would_read()
    {
        await Append(Db, [.. Enumerable.Range(0, FoundSubjects.Most + 20).Select(n => Samples.Requested(new Guid($"bbbbbbbb-0000-4000-8000-{n:x12}"), Db))]);
        Assert.Equal(FoundSubjects.Most, (await Log.FindAsync("bbbb", Ct)).Snapshots.Count);
    }

    [Fact]
    public async Task All_of_a_droplet_is_read_whenever_it_ended_and_the_last_of_it_where_that_is_enough()
    {
        var all = await Log.ReadAsync(0, 100, Ct);
        var own = all.Where(e => EventTypes.DropletOf(e.Data) == Web).ToList();
        Assert.Equal(6, own.Count);
        Assert.Equal(own.Select(e => (e.Sequence, e.Id)), (await Log.ReadDropletAsync(Web, int.MaxValue, Ct)).Select(e => (e.Sequence, e.Id)));
        Assert.Equal(own[^2..].Select(e => e.Sequence), (await Log.ReadDropletAsync(Web, 2, Ct)).Select(e => e.Sequence));
        Assert.Single(await Log.ReadDropletAsync(InNoPlan, 5, Ct));
        Assert.Empty(await Log.ReadDropletAsync(12345, 5, Ct));
    }

    [Fact]
    public async Task What_was_asked_for_lately_is_found_whatever_became_of_it_and_of_each_droplet_since_its_own_moment()
    {
        Assert.Equal([First, Second], await AskedForAsync((Web, Samples.At)));
        Assert.Equal([First, Second, Third], await AskedForAsync((Web, Samples.At), (InNoPlan, Samples.At.AddDays(-1))));
        Assert.Equal([Third], await AskedForAsync((Web, Samples.At.AddTicks(10)), (InNoPlan, Samples.At), (12345, Samples.At)));
        Assert.Empty(await AskedForAsync());
        var pruned = (await Log.FindRequestedAsync(new Dictionary<long, DateTimeOffset> { [Web] = Samples.At }, Ct)).Single(s => s.SnapshotId == First);
        Assert.Equal(SnapshotPhase.Pruned, pruned.Phase);

        async Task<IEnumerable<Guid>> AskedForAsync(params (long Droplet, DateTimeOffset At)[] since) =>
            (await Log.FindRequestedAsync(since.ToDictionary(s => s.Droplet, s => s.At), Ct)).Select(s => s.SnapshotId).Order();
    }

    [Fact]
    public async Task Names_are_known_of_what_ended_long_ago_and_of_droplets_in_no_plan_too()
    {
        await Append(Db, new NewEvent(Streams.OfDroplet(Db), new DropletRenamed(Db, "web-8", "o'hara", Samples.At)));
        var names = await Log.FindNamesAsync([First, Third, Third, Guid.Empty], [Db, Db, 12345], Ct);
        Assert.Equal([First, Third], names.Snapshots.Keys.Order());
        Assert.Equal("web-7-5f0c7f6b-8d21-4e00-8000-000000000001", names.Snapshots[First]);
        Assert.Equal("o'hara", names.Droplets[Db]);
        Assert.Equal("web-9", names.Droplets[InNoPlan]);
        Assert.DoesNotContain(12345, names.Droplets.Keys);
        var none = await Log.FindNamesAsync([], [], Ct);
        Assert.Equal((0, 0), (none.Snapshots.Count, none.Droplets.Count));
    }

    [Fact]
    public async Task Streams_are_read_together_in_the_order_of_the_log()
    {
        string[] streams = [Streams.OfDroplet(Db), Streams.OfSnapshot(First), Streams.OfDroplet(Db), Streams.OfDroplet(12345)];
        var all = await Log.ReadAsync(0, 100, Ct);
        Assert.Equal(all.Where(e => streams.Contains(e.Stream)).Select(e => (e.Sequence, e.Id)), (await Log.ReadStreamsAsync(streams, Ct)).Select(e => (e.Sequence, e.Id)));
        Assert.Empty(await Log.ReadStreamsAsync([], Ct));
    }

    protected abstract Task<IEventLog> CreateAsync(CancellationToken ct);

    private Task Append(long droplet, params NewEvent[] events) => Log.DecideAsync(droplet, _ => events, Ct);
}

/// <summary>In memory.</summary>
public sealed class InMemoryFindingTests : FindingContract
{
    protected override Task<IEventLog> CreateAsync(CancellationToken ct) => Task.FromResult<IEventLog>(new InMemoryEventLog(Clock));
}

/// <summary>In PostgreSQL, read in plain SQL.</summary>
public sealed class SqlFindingTests(PostgresFixture postgres) : MartenFindingTests(postgres)
{
    protected override async Task<IEventLog> CreateAsync(CancellationToken ct)
    {
        var writing = await base.CreateAsync(ct);
        return new SqlEventLog(ConnectionString, Clock, () => writing);
    }
}

/// <summary>In PostgreSQL.</summary>
public class MartenFindingTests : FindingContract
{
    private readonly PostgresFixture _postgres;
    private MartenLog? _marten;

    protected string ConnectionString => _marten!.Options.LogConnectionString;

    public MartenFindingTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_marten is not null)
        {
            await _marten.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override async Task<IEventLog> CreateAsync(CancellationToken ct)
    {
        _marten = await MartenLog.CreateAsync(_postgres, Clock, ct);
        return _marten.Log;
    }
}
