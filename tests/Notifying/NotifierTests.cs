using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.Notifying.Channels;
using DoSnapshot.Tests.Support;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace DoSnapshot.Notifying.Tests;

/// <summary>What is told is told once, whoever leads, and what could not be told is told later. On PostgreSQL.</summary>
public sealed class NotifierTests : IAsyncLifetime
{
    private static readonly HashSet<string> NoneOpen = new(StringComparer.Ordinal);

    private static readonly Guid? Snapshot = new Guid("10000000-0000-4000-8000-000000000001");

    private readonly SetClock _clock = new();
    private readonly Believing _time;
    private readonly Recorder _first = new("first");
    private readonly Recorder _second = new("second");
    private readonly PostgresFixture _postgres;
    private NoticeBook _book = null!;
    private string _connectionString = "";

    public NotifierTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _time = new Believing(_clock);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await _postgres.CreateDatabaseAsync(Ct);
        await using var store = DocumentStore.For(options => LogStore.Configure(options, _connectionString, _clock));
        await LogSchema.ApplyAsync(store, _connectionString, Ct);
        _book = new NoticeBook(new PlatformOptions { LogConnectionString = _connectionString });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Another_leader_does_not_say_it_all_again()
    {
        await Leader().LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        await Leader().LookAsync([Sample.Condition("a"), Sample.Condition("b")], NoneOpen, Ct);
        Assert.Equal(["On a", "On b"], _first.Told);
        Assert.Equal(["On a", "On b"], _second.Told);
    }

    [Fact]
    public async Task It_is_told_again_after_a_day_and_once_when_it_is_over()
    {
        var leader = Leader();
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        _clock.Advance(TimeSpan.FromHours(24));
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        await leader.LookAsync([], NoneOpen, Ct);
        _clock.Advance(TimeSpan.FromMinutes(6));
        await leader.LookAsync([], NoneOpen, Ct);
        await leader.LookAsync([], NoneOpen, Ct);
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        Assert.Equal(["On a", "StillOn a", "Over a", "On a"], _first.Told);
    }

    [Fact]
    public async Task A_channel_that_fails_is_tried_ever_less_often_and_does_not_keep_the_other_waiting()
    {
        var leader = Leader();
        _first.Fails = true;
        for (var seconds = 0; seconds < 300; seconds += 30)
        {
            await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        // At 0, 30, 90 and 210 seconds.
        Assert.Equal(4, _first.Calls);
        Assert.Equal(["On a"], _second.Told);

        _first.Fails = false;
        _clock.Advance(TimeSpan.FromMinutes(15));
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        Assert.Equal(["On a"], _first.Told);
    }

    [Fact]
    public async Task What_a_channel_does_not_foresee_keeps_nobody_from_being_told()
    {
        _first.Fails = true;
        _first.Trouble = new InvalidOperationException("a fault");
        await Leader().LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        Assert.Equal(["On a"], _second.Told);
    }

    [Fact]
    public async Task Where_the_book_cannot_be_written_nothing_is_told_again_and_again()
    {
        await using (var connection = new NpgsqlConnection(_connectionString))
        {
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand("alter table do_snapshot.told_notice add constraint full_disk check (false) not valid", connection);
            await command.ExecuteNonQueryAsync(Ct);
        }

        await Leader().LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        Assert.Equal(0, _first.Calls);
    }

    [Fact]
    public async Task What_is_over_is_told_with_its_facts()
    {
        var leader = Leader();
        await leader.LookAsync([Sample.Condition("a", Severity.Critical, droplet: 7) with { SnapshotId = Snapshot }], NoneOpen, Ct);
        await leader.LookAsync([], NoneOpen, Ct);
        _clock.Advance(TimeSpan.FromMinutes(6));
        await leader.LookAsync([], NoneOpen, Ct);
        Assert.Equal((Severity.Critical, 7L, Snapshot), (_first.Last!.Condition.Severity, _first.Last.Condition.DropletId, _first.Last.Condition.SnapshotId));
    }

    [Fact]
    public async Task What_was_over_before_anybody_could_be_told_is_not_told()
    {
        var leader = Leader();
        _first.Fails = true;
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        _first.Fails = false;
        _clock.Advance(TimeSpan.FromMinutes(20));
        await leader.LookAsync([], NoneOpen, Ct);
        Assert.Empty(_first.Told);
    }

    [Fact]
    public async Task A_clock_that_is_set_and_found_wrong_repeats_nothing_and_delays_nothing()
    {
        var leader = Leader();
        await leader.LookAsync([Sample.Condition("a"), Sample.Condition("b")], NoneOpen, Ct);
        _clock.Set = TimeSpan.FromDays(30);
        _time.Off = -TimeSpan.FromDays(30);
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        Assert.Equal(["On a", "On b"], _first.Told);

        // Set right.
        (_clock.Set, _time.Off) = (TimeSpan.Zero, TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromMinutes(6));
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        _clock.Advance(TimeSpan.FromHours(24));
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        Assert.Equal(["On a", "On b", "Over b", "StillOn a"], _first.Told);
    }

    [Fact]
    public async Task What_was_told_by_a_clock_that_nobody_knew_to_be_wrong_is_repeated_and_over_as_soon_as_ever()
    {
        var leader = Leader();
        _clock.Set = TimeSpan.FromDays(30);
        await leader.LookAsync([Sample.Condition("a"), Sample.Condition("b")], NoneOpen, Ct);
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        _clock.Set = TimeSpan.Zero;
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        _clock.Advance(TimeSpan.FromMinutes(6));
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        _clock.Advance(TimeSpan.FromHours(24));
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        Assert.Equal(["On a", "On b", "Over b", "StillOn a"], _first.Told);
    }

    [Fact]
    public async Task A_channel_that_failed_is_tried_again_whatever_the_clock_is_set_to()
    {
        var leader = Leader();
        _clock.Set = TimeSpan.FromDays(30);
        _first.Fails = true;
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        _first.Fails = false;
        _clock.Set = TimeSpan.Zero;
        _clock.Advance(TimeSpan.FromSeconds(29));
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        Assert.Empty(_first.Told);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await leader.LookAsync([Sample.Condition("a")], NoneOpen, Ct);
        Assert.Equal(["On a"], _first.Told);
    }

    private Notifier Leader() => new(
        new NotificationOptions(), [_first, _second], _book, _time, _clock, NullLogger<Notifier>.Instance);

    /// <summary>What is believed: the clock's, and how far that is known to be off.</summary>
    private sealed class Believing(TimeProvider clock) : IBelievedTime
    {
        public TimeSpan Off { get; set; }

        public DateTimeOffset Believed => clock.GetUtcNow() + Off;
    }

    private sealed class Recorder(string name) : INoticeChannel
    {
        public string Name => name;

        public List<string> Told { get; } = [];

        public int Calls { get; private set; }

        public bool Fails { get; set; }

        public Exception Trouble { get; set; } = new ChannelException("away");

        public Notice? Last { get; private set; }

        public Task TellAsync(IReadOnlyList<Notice> notices, DateTimeOffset now, CancellationToken ct)
        {
            Calls++;
            if (Fails)
            {
                throw Trouble;
            }

            Last = notices[^1];

            Told.AddRange(notices.Select(n => $"{n.State} {n.Condition.Key}"));
            return Task.CompletedTask;
        }
    }
}
