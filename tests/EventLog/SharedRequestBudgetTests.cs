using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Budget;
using DoSnapshot.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace DoSnapshot.EventLog.Tests;

/// <summary>Several processes share one token's requests through PostgreSQL, on simulated time.</summary>
public sealed class SharedRequestBudgetTests : IAsyncLifetime
{
    private const string Token = "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly PostgresFixture _postgres;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<SharedRequestBudget> _budgets = [];
    private MartenLog _log = null!;

    public SharedRequestBudgetTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_busy_processes_never_exceed_the_minute_and_use_most_of_it()
    {
        var processes = Enumerable.Range(0, 3).Select(_ => Budget()).ToList();
        var sent = await PressAsync(processes, Minute * 5, Second);

        Assert.InRange(BusiestWindow.Count(sent, Minute), 1, 250);
        // All that is lost is the time for which blocks count longer than a minute.
        Assert.InRange(sent.Count, 4 * 250, int.MaxValue);
    }

    [Fact]
    public async Task Two_busy_processes_never_exceed_the_hour()
    {
        var processes = Enumerable.Range(0, 2).Select(_ => Budget()).ToList();
        // A small limit has a small minute too: 400 and 20.
        processes[0].Tell(new RateLimit(400, 400, null));
        var sent = await PressAsync(processes, Hour * 1.5, Second * 10);

        Assert.InRange(BusiestWindow.Count(sent, Hour), 300, 400);
        Assert.InRange(BusiestWindow.Count(sent, Minute), 1, 20);
    }

    [Fact]
    public async Task What_a_killed_process_held_is_free_again_a_minute_later()
    {
        var killed = Budget();
        killed.Tell(new RateLimit(200, 200, null));
        // It takes blocks of the ten of a minute, and is killed without giving back what is left.
        var taken = 0;
        while (await killed.TryTakeAsync(RequestPurpose.PowerOn, Ct) is null)
        {
            taken++;
        }

        var other = Budget();
        Assert.NotNull(await other.TryTakeAsync(RequestPurpose.PowerOn, Ct));
        Assert.Equal(10, taken);

        _clock.Advance(Minute + SharedRequestBudget.BlockLife + (Second * 3));

        Assert.Null(await other.TryTakeAsync(RequestPurpose.PowerOn, Ct));
    }

    [Fact]
    public async Task What_was_not_used_is_given_back_with_the_next_block_and_at_the_end()
    {
        var one = Budget();
        for (var i = 0; i < 4; i++)
        {
            // 1, then a block of 2, then one of 4 of which one is used.
            Assert.Null(await one.TryTakeAsync(RequestPurpose.Snapshot, Ct));
        }

        Assert.Equal(7L, await TakenAsync());
        _clock.Advance(SharedRequestBudget.BlockLife);
        Assert.Null(await one.TryTakeAsync(RequestPurpose.Snapshot, Ct));
        Assert.Equal(5L, await TakenAsync());

        Assert.Null(await one.TryTakeAsync(RequestPurpose.Snapshot, Ct));
        await one.DisposeAsync();
        Assert.Equal(6L, await TakenAsync());
    }

    [Fact]
    public async Task What_others_use_of_the_token_shows_in_the_headers_and_counts()
    {
        var ours = Budget();
        Assert.Null(await ours.TryTakeAsync(RequestPurpose.Deletion, Ct));
        // 5,000 an hour, of which 4,100 are gone, and one of them was ours.
        ours.Tell(new RateLimit(5_000, 900, null));

        Assert.NotNull(await ours.TryTakeAsync(RequestPurpose.Deletion, Ct));
        Assert.Null(await ours.TryTakeAsync(RequestPurpose.Snapshot, Ct));

        // What was told is believed for a minute; then one request finds out.
        _clock.Advance(Minute + Second);
        Assert.Null(await ours.TryTakeAsync(RequestPurpose.Deletion, Ct));
    }

    [Fact]
    public async Task A_429_holds_every_process_of_the_token_back_and_none_of_another()
    {
        var (one, other, stranger) = (Budget(), Budget(), Budget("another-token"));
        Assert.Null(await one.TryTakeAsync(RequestPurpose.PowerOn, Ct));
        one.Refuse(TimeSpan.FromSeconds(30));
        Assert.NotNull(await one.TryTakeAsync(RequestPurpose.PowerOn, Ct));

        Assert.NotNull(await other.TryTakeAsync(RequestPurpose.PowerOn, Ct));
        Assert.Null(await stranger.TryTakeAsync(RequestPurpose.PowerOn, Ct));

        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Null(await other.TryTakeAsync(RequestPurpose.PowerOn, Ct));
    }

    [Fact]
    public async Task Without_the_database_nothing_is_spent_and_it_is_asked_again_soon()
    {
        await using var budget = new SharedRequestBudget(
            NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Database=x"), Token, _clock, NullLogger.Instance, usesOwnClock: true);

        Assert.Equal(TimeSpan.FromSeconds(2), await budget.TryTakeAsync(RequestPurpose.PowerOn, Ct));
    }

    [Fact]
    public async Task A_429_that_could_not_be_written_down_is_not_forgotten()
    {
        var (one, other) = (Budget(), Budget());
        Assert.Null(await one.TryTakeAsync(RequestPurpose.PowerOn, Ct));
        one.Refuse(TimeSpan.FromSeconds(30));
        await _log.AskAsync("alter table do_snapshot.request_token rename to away", Ct);
        Assert.Equal(TimeSpan.FromSeconds(2), await one.TryTakeAsync(RequestPurpose.PowerOn, Ct));
        await _log.AskAsync("alter table do_snapshot.away rename to request_token", Ct);

        Assert.NotNull(await one.TryTakeAsync(RequestPurpose.PowerOn, Ct));
        Assert.NotNull(await other.TryTakeAsync(RequestPurpose.PowerOn, Ct));
    }

    [Fact]
    public async Task What_was_to_be_given_back_while_the_database_was_away_is_not_given_back_twice()
    {
        var budget = Budget();
        for (var i = 0; i < 8; i++)
        {
            Assert.Null(await budget.TryTakeAsync(RequestPurpose.PowerOn, Ct));
        }

        // A block of eight, of which one is used; then its life is over.
        var taken = await TakenAsync();
        Assert.Equal(15, taken);
        _clock.Advance(SharedRequestBudget.BlockLife + Second);
        await _log.AskAsync("alter table do_snapshot.request_token rename to away", Ct);
        Assert.NotNull(await budget.TryTakeAsync(RequestPurpose.PowerOn, Ct));
        await _log.AskAsync("alter table do_snapshot.away rename to request_token", Ct);

        Assert.Null(await budget.TryTakeAsync(RequestPurpose.PowerOn, Ct));
        Assert.Equal(taken + 1, await TakenAsync());
    }

    [Fact]
    public async Task What_was_taken_of_a_token_that_was_replaced_is_not_kept_for_ever()
    {
        Assert.Null(await Budget("the-old-token").TryTakeAsync(RequestPurpose.PowerOn, Ct));
        _clock.Advance(Hour * 2);
        Assert.Null(await Budget("the-new-token").TryTakeAsync(RequestPurpose.PowerOn, Ct));
        Assert.Equal(1L, await _log.AskAsync("select count(*) from do_snapshot.request_block", Ct));
    }

    [Fact]
    public async Task The_token_itself_is_not_written_down()
    {
        var budget = Budget();
        Assert.Null(await budget.TryTakeAsync(RequestPurpose.PowerOn, Ct));

        var written = (string)(await _log.AskAsync("select string_agg(b::text, ',') from do_snapshot.request_block b", Ct))!;

        Assert.DoesNotContain("0123456789abcdef0123456789abcdef", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_the_databases_clock_it_is_the_same()
    {
        await using var budget = new SharedRequestBudget(
            NpgsqlDataSource.Create(_log.Options.LogConnectionString), Token, TimeProvider.System, NullLogger.Instance);
        budget.Tell(new RateLimit(100, 100, null));
        var taken = 0;
        while (await budget.TryTakeAsync(RequestPurpose.PowerOn, Ct) is null)
        {
            taken++;
        }

        Assert.Equal(5, taken);
    }

    public async ValueTask InitializeAsync() => _log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var budget in _budgets)
        {
            await budget.DisposeAsync();
        }

        await _log.DisposeAsync();
    }

    private SharedRequestBudget Budget(string token = Token)
    {
        var budget = new SharedRequestBudget(
            NpgsqlDataSource.Create(_log.Options.LogConnectionString), token, _clock, NullLogger.Instance, usesOwnClock: true);
        _budgets.Add(budget);
        return budget;
    }

    private async Task<long> TakenAsync() => Convert.ToInt64(await _log.AskAsync("select sum(requests) from do_snapshot.request_block", Ct));

    /// <summary>Every process sends as much as it may, for two purposes; each request arrives up to two seconds later.</summary>
    private async Task<List<DateTimeOffset>> PressAsync(List<SharedRequestBudget> processes, TimeSpan during, TimeSpan step)
    {
        var late = new Random(4711);
        var sent = new List<DateTimeOffset>();
        var end = _clock.GetUtcNow() + during;
        while (_clock.GetUtcNow() < end)
        {
            foreach (var process in processes)
            {
                foreach (var purpose in (RequestPurpose[])[RequestPurpose.PowerOn, RequestPurpose.Deletion])
                {
                    // Not more than a process sends in a step.
                    for (var i = 0; i < 40 && await process.TryTakeAsync(purpose, Ct) is null; i++)
                    {
                        sent.Add(_clock.GetUtcNow() + (TimeSpan.FromSeconds(2) * late.NextDouble()));
                    }
                }
            }

            _clock.Advance(step);
        }

        return sent;
    }
}
