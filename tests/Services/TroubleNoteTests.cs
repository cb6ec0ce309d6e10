using DoSnapshot.Hosting.Notices;
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
    private readonly TroubleNote _note;

    public TroubleNoteTests()
    {
        _note = new TroubleNote(_book, _status, _clock, NullLogger<TroubleNote>.Instance);
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

        public Task<IReadOnlyList<ToldNotice>> ReadAsync(string channel, CancellationToken ct) => throw new NotSupportedException();

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
