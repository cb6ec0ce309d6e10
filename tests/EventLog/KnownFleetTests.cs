using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.EventLog.Tests;

/// <summary>The fleet that is kept between two questions is the fleet that stands in the database.</summary>
public sealed class KnownFleetTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(Samples.At);
    private readonly KnownFleet _known = new();
    private MartenLog _marten = null!;
    private MartenEventLog _keeping = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _marten = await MartenLog.CreateAsync(postgres, _clock, Ct);
        _keeping = new MartenEventLog(_marten.Store, _clock, _known);
    }

    public ValueTask DisposeAsync() => _marten.DisposeAsync();

    [Fact]
    public async Task Only_what_was_written_since_is_read_again()
    {
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        foreach (var (id, at) in ids.Select((id, at) => (id, at)))
        {
            await _marten.Log.DecideAsync(at, _ => [Samples.Enrolled(at), Samples.Requested(id, at)], Ct);
        }

        Assert.Equal(3, await FetchedAsync());
        Assert.Equal(3, _known.FetchedDroplets);
        Assert.Equal(0, await FetchedAsync());
        Assert.Equal(0, _known.FetchedDroplets);
        await _marten.Log.DecideAsync(1, _ => [Samples.Attempted(ids[1], 1)], Ct);
        Assert.Equal(1, await FetchedAsync());
        Assert.Equal(0, _known.FetchedDroplets);
        await _marten.Log.DecideAsync(1, _ => [Samples.Enrolled(1)], Ct);
        Assert.Equal(0, await FetchedAsync());
        Assert.Equal(1, _known.FetchedDroplets);
    }

    [Fact]
    public async Task The_last_scheduled_one_stays_however_long_ago_it_ended_and_is_not_read_again()
    {
        var last = Guid.NewGuid();
        await _marten.Log.DecideAsync(1, _ => [Samples.Enrolled(1), Samples.Requested(last, 1)], Ct);
        await _marten.Log.DecideAsync(1, _ => [NewEvent.Of(last, new SnapshotFailed(last, 1, "no", true, Samples.At))], Ct);
        Assert.Equal(1, await FetchedAsync());
        _clock.Advance(Ledgers.RecentlyEnded + TimeSpan.FromMinutes(1));
        Assert.Equal(0, await FetchedAsync());
        Assert.Equal(last, (await _keeping.LoadLedgersAsync(null, Ct))[0].LastScheduled?.SnapshotId);
    }

    [Fact]
    public async Task What_ended_leaves_after_a_while_and_comes_back_with_the_next_event()
    {
        var (gone, stays) = (Guid.NewGuid(), Guid.NewGuid());
        await _marten.Log.DecideAsync(1, _ => [Samples.Enrolled(1), Samples.Requested(gone, 1)], Ct);
        await _marten.Log.DecideAsync(1, _ => [NewEvent.Of(gone, new SnapshotFailed(gone, 1, "no", true, Samples.At))], Ct);
        await _marten.Log.DecideAsync(1, _ => [Samples.Requested(stays, 1)], Ct);
        Assert.Equal(2, await FetchedAsync());
        _clock.Advance(Ledgers.RecentlyEnded + TimeSpan.FromMinutes(1));
        Assert.Equal(0, await FetchedAsync());
        Assert.Null((await _keeping.LoadLedgersAsync(null, Ct))[0].Find(gone));
    }

    [Fact]
    public async Task A_document_that_was_put_right_without_an_event_is_read_again()
    {
        var id = Guid.NewGuid();
        await _marten.Log.DecideAsync(1, _ => [Samples.Enrolled(1), Samples.Requested(id, 1)], Ct);
        Assert.Equal(1, await FetchedAsync());
        await _marten.AskAsync($"update {LogStore.Schema}.mt_doc_snapshot set data = jsonb_set(data, '{{name}}', '\"other\"')", Ct);
        Assert.Equal(1, await FetchedAsync());
        Assert.Equal("other", (await _keeping.LoadLedgersAsync(null, Ct))[0].Find(id)!.Name);
    }

    [Fact]
    public async Task A_document_that_is_gone_is_known_no_more()
    {
        var id = Guid.NewGuid();
        await _marten.Log.DecideAsync(1, _ => [Samples.Enrolled(1), Samples.Requested(id, 1)], Ct);
        Assert.Equal(1, await FetchedAsync());
        await _marten.AskAsync($"delete from {LogStore.Schema}.mt_doc_snapshot", Ct);
        Assert.Equal(0, await FetchedAsync());
    }

    /// <summary>Asks both, compares all they say, and tells how much the one that keeps had to read.</summary>
    private async Task<int> FetchedAsync()
    {
        var kept = await _keeping.LoadLedgersAsync(null, Ct);
        Assert.Equal(Text(await _marten.Log.LoadLedgersAsync(null, Ct)), Text(kept));
        return _known.FetchedSnapshots;

        static string Text(IReadOnlyList<DropletLedger> ledgers) => JsonSerializer.Serialize(ledgers.Select(l => (object)new { l.DropletId, l.Droplet, l.PlanFacts, l.Snapshots, Others = l.Others.IsDefault ? [] : l.Others }));
    }
}
