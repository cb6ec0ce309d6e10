using DoSnapshot.Hosting.Notices;
using DoSnapshot.Lifecycle;
using DoSnapshot.Planner;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Services.Tests;

/// <summary>That DigitalOcean cannot be asked is noted once, with since when, and taken back.</summary>
public sealed class TroubleNoteTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly PlannerStatus _status = new();
    private readonly Book _book = new();
    private readonly ClockWatch _watch;
    private TroubleNote _note;

    public TroubleNoteTests()
    {
        _watch = new ClockWatch(_clock, new LifecycleTimings());
        _note = Note();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_noted_when_it_comes_and_when_its_reason_changes_and_taken_back_when_it_is_over()
    {
        await LookAsync();
        Assert.Equal(0, _book.Written);

        _status.Troubled("no connection");
        await LookAsync();
        await LookAsync();
        Assert.Equal(1, _book.Written);
        Assert.Equal(("no connection", Start.AddMinutes(1)), (_book.Noted!.Text, _book.Noted.Since));

        _status.Troubled("503");
        await LookAsync();
        Assert.Equal(("503", Start.AddMinutes(1)), (_book.Noted!.Text, _book.Noted.Since));

        _status.Reconciled();
        await LookAsync();
        Assert.Null(_book.Noted);
        Assert.Equal(3, _book.Written);
    }

    [Fact]
    public async Task What_an_earlier_lead_has_noted_is_taken_back_by_the_next_and_trouble_with_some_droplets_is_none()
    {
        _status.Reconciled();
        await LookAsync();
        Assert.Equal(1, _book.Written);
        _note.BeginLead();
        _status.Troubled("image 5 could not be looked at", isPart: true);
        await LookAsync();
        Assert.Equal((2, null), (_book.Written, _book.Noted));
    }

    [Fact]
    public async Task What_cannot_be_noted_is_noted_with_the_next_look()
    {
        _status.Troubled("no connection");
        _book.IsBroken = true;
        await LookAsync();
        _book.IsBroken = false;
        await LookAsync();
        Assert.Equal("no connection", _book.Noted?.Text);
    }

    [Fact]
    public async Task Trouble_of_a_later_lead_began_then()
    {
        _status.Troubled("no connection");
        await LookAsync();
        _status.Idle();
        _clock.Advance(TimeSpan.FromDays(1));
        // Meanwhile another has led, and compared.
        await _book.WriteAsync("planner", [], ["not-compared"], Ct);
        _note.BeginLead();
        _status.Troubled("no connection");
        await LookAsync();
        Assert.Equal(Start.AddDays(1).AddMinutes(1), _book.Noted!.Since);
    }

    [Fact]
    public async Task Trouble_that_outlasts_a_restart_or_a_change_of_the_lead_began_when_it_began()
    {
        _status.Troubled("no connection");
        await LookAsync();
        _note = Note();
        _note.BeginLead();
        _status.Troubled("503");
        _book.IsBroken = true;
        await LookAsync();
        _book.IsBroken = false;
        await LookAsync();
        Assert.Equal(("503", Start), (_book.Noted!.Text, _book.Noted.Since));

        // Over, and there again in the same lead.
        _status.Reconciled();
        await LookAsync();
        _status.Troubled("no connection");
        await LookAsync();
        Assert.Equal(Start.AddMinutes(4), _book.Noted!.Since);
    }

    [Fact]
    public async Task A_clock_that_is_ahead_notes_no_moment_of_the_future()
    {
        _watch.Differs(-TimeSpan.FromDays(30));
        _status.Troubled("the clock is wrong");
        await LookAsync();
        Assert.Equal((Start.AddDays(-30), Start.AddDays(-30)), (_book.Noted!.Since, _book.Noted.ToldAt));

        // Nor does one that was not held against DigitalOcean's yet leave its mark.
        await _book.WriteAsync("planner", [_book.Noted with { Since = Start }], [], Ct);
        _note.BeginLead();
        await LookAsync();
        Assert.Equal(Start.AddDays(-30).AddMinutes(1), _book.Noted!.Since);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task What_was_noted_by_a_clock_that_is_found_wrong_later_is_noted_anew_by_the_right_time(int days)
    {
        _status.Troubled("no connection");
        await LookAsync();
        Assert.Equal(Start, _book.Noted!.Since);

        // It was that many days behind all along.
        _watch.Differs(TimeSpan.FromDays(days));
        await LookAsync();
        Assert.Equal((2, Start.AddDays(days)), (_book.Written, _book.Noted!.Since));
        await LookAsync();
        Assert.Equal(2, _book.Written);
        _status.Troubled("the clock is wrong");
        await LookAsync();
        Assert.Equal((3, Start.AddDays(days)), (_book.Written, _book.Noted!.Since));
    }

    private TroubleNote Note() => new(_book, _status, _watch, NullLogger<TroubleNote>.Instance);

    private async Task LookAsync()
    {
        await _note.LookAsync(Ct);
        _clock.Advance(TimeSpan.FromMinutes(1));
    }

    private sealed class Book : INoticeBook
    {
        public bool IsBroken { get; set; }

        public int Written { get; private set; }

        public ToldNotice? Noted { get; private set; }

        public Task<IReadOnlyList<ToldNotice>> ReadAsync(string channel, CancellationToken ct) => IsBroken
            ? throw new IOException("The database is away.")
            : Task.FromResult<IReadOnlyList<ToldNotice>>(Noted is null ? [] : [Noted]);

        public Task ProveAsync(string channel, CancellationToken ct) => throw new NotSupportedException();

        public Task WriteAsync(string channel, IReadOnlyCollection<ToldNotice> told, IReadOnlyCollection<string> over, CancellationToken ct)
        {
            Assert.Equal("planner", channel);
            if (IsBroken)
            {
                throw new IOException("The database is away.");
            }

            Written++;
            Noted = over.Count > 0 ? null : told.Single();
            return Task.CompletedTask;
        }
    }
}
