using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.EventLog.Tests;

/// <summary>The corners of the log's contract, the same for every implementation.</summary>
public abstract class EdgeContract : IAsyncLifetime
{
    private const long Droplet = 7;

    protected FakeTimeProvider Clock { get; } = new(Samples.At);

    protected IEventLog Log { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_event_comes_back_as_it_was_written()
    {
        foreach (var bare in new[] { false, true })
        {
            foreach (var type in EventTypes.Aliases.Keys)
            {
                var e = Samples.Of(type, bare);
                var stream = $"{StreamFor(e)}-{bare}";
                await Log.DecideFleetAsync(_ => [.. Beginning(stream, e), new NewEvent(stream, e)], Ct);

                var read = (await Log.ReadStreamAsync(stream, Ct))[^1].Data;
                Assert.IsType(type, read);
                Assert.Equal(JsonSerializer.Serialize(e, type), JsonSerializer.Serialize(read, type));
            }
        }
    }

    [Fact]
    public async Task Events_of_several_streams_are_returned_in_the_order_of_the_log()
    {
        var (a, b) = (Guid.NewGuid(), Guid.NewGuid());
        var appended = await Append(
            Samples.Requested(a, Droplet), Samples.Requested(b, Droplet), Samples.Attempted(a, Droplet), Samples.Enrolled(Droplet), Samples.Attempted(b, Droplet));

        var read = await Log.ReadAsync(0, 100, Ct);
        Assert.Equal(read.Select(e => (e.Id, e.Sequence, e.Stream, e.StreamVersion)), appended.Select(e => (e.Id, e.Sequence, e.Stream, e.StreamVersion)));
        // Within a stream it is the order of the decision; streams come one after the other.
        Assert.Equal(
            [typeof(SnapshotRequested), typeof(SnapshotAttempted), typeof(SnapshotRequested), typeof(SnapshotAttempted), typeof(DropletEnrolled)],
            read.Select(e => e.Data.GetType()));
        Assert.Equal([1L, 2, 1, 2, 1], read.Select(e => e.StreamVersion));
        Assert.Equal(read.Count, read.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repeat()
    {
        await Append([.. Enumerable.Range(0, 25).Select(_ => Samples.Requested(Guid.NewGuid(), Droplet))]);
        var all = await Log.ReadAsync(0, 100, Ct);
        var paged = new List<LoggedEvent>();
        while (await Log.ReadAsync(paged.Count == 0 ? 0 : paged[^1].Sequence, 7, Ct) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 7);
            paged.AddRange(page);
        }

        Assert.Equal(all.Select(e => e.Id), paged.Select(e => e.Id));
        Assert.Equal(25, all.Count);
    }

    [Fact]
    public async Task A_stream_belongs_to_the_droplet_under_which_it_was_started()
    {
        var id = Guid.NewGuid();
        await Append(Samples.Requested(id, Droplet));
        var head = await Log.HeadAsync(Ct);

        await Assert.ThrowsAsync<LogConflictException>(() => Log.DecideAsync(8, _ => [Samples.Enrolled(8), Samples.Requested(id, 8)], Ct));

        Assert.Equal(head, await Log.HeadAsync(Ct));
        Assert.Equal(Droplet, (await Log.LoadLedgersAsync([Droplet], Ct))[0].Find(id)!.DropletId);
        Assert.Null((await Log.LoadLedgersAsync([8], Ct))[0].Droplet);
    }

    [Fact]
    public async Task A_stream_cannot_be_started_twice_in_one_decision_nor_behind_another_event()
    {
        var (once, known) = (Guid.NewGuid(), Guid.NewGuid());
        await Append(Samples.Requested(known, Droplet));
        var head = await Log.HeadAsync(Ct);

        await Assert.ThrowsAsync<LogConflictException>(() => Append(Samples.Requested(once, Droplet), Samples.Requested(once, Droplet)));
        await Assert.ThrowsAsync<LogConflictException>(() => Append(Samples.Attempted(known, Droplet), Samples.Requested(known, Droplet)));

        Assert.Equal(head, await Log.HeadAsync(Ct));
    }

    [Fact]
    public async Task What_cannot_be_folded_is_not_written_nor_what_was_decided_with_it()
    {
        var head = await Log.HeadAsync(Ct);

        await Assert.ThrowsAnyAsync<Exception>(() => Append(Samples.Enrolled(Droplet), Samples.Completed(Guid.NewGuid(), Droplet, 1)));

        Assert.Equal(head, await Log.HeadAsync(Ct));
        Assert.Null((await Log.LoadLedgersAsync([Droplet], Ct))[0].Droplet);
        Assert.Single(await Append(Samples.Enrolled(Droplet)));
    }

    [Fact]
    public async Task A_decision_that_was_called_off_is_not_made()
    {
        using var off = new CancellationTokenSource();
        await off.CancelAsync();
        var asked = false;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.DecideAsync(Droplet, _ => { asked = true; return [Samples.Enrolled(Droplet)]; }, off.Token));

        Assert.False(asked);
        Assert.Equal(0, await Log.HeadAsync(Ct));
    }

    [Fact]
    public async Task At_work_is_what_was_sent_or_is_being_copied_and_nothing_else()
    {
        var (waiting, sent, done, copying, failed) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await Append(
            Samples.Requested(waiting, Droplet),
            Samples.Requested(sent, Droplet), Samples.Attempted(sent, Droplet),
            Samples.Requested(done, Droplet), Samples.Attempted(done, Droplet), Samples.Completed(done, Droplet, 1),
            Samples.Requested(copying, Droplet), Samples.Completed(copying, Droplet, 2),
            NewEvent.Of(copying, new TransferAttempted(copying, Droplet, "lon1", 1, Samples.At, Samples.At)),
            Samples.Requested(failed, Droplet), Samples.Attempted(failed, Droplet),
            NewEvent.Of(failed, new SnapshotFailed(failed, Droplet, "given up", Final: true, Samples.At)));

        Assert.Equal(new HashSet<Guid> { sent, copying }, (await Log.FindWorkingAsync(Ct)).Select(s => s.SnapshotId).ToHashSet());
    }

    [Fact]
    public async Task Power_is_owed_from_before_the_shutdown_until_the_droplet_runs_again_or_the_debt_is_waived()
    {
        var id = Guid.NewGuid();
        await Append(Samples.Enrolled(Droplet));
        Assert.Empty(await Log.FindOwedPowerAsync(Ct));

        await Append(new NewEvent(Streams.OfDroplet(Droplet), new PowerOnOwed(Droplet, id, Samples.At.AddHours(2), Samples.At)));
        Assert.Equal([Droplet], await Log.FindOwedPowerAsync(Ct));
        await Append(
            new NewEvent(Streams.OfDroplet(Droplet), new DropletShutDown(Droplet, id, Samples.At)),
            new NewEvent(Streams.OfDroplet(Droplet), new DropletPoweredOff(Droplet, id, false, Samples.At)),
            new NewEvent(Streams.OfDroplet(Droplet), new PowerOnAttempted(Droplet, id, 1, Samples.At)));
        Assert.Equal([Droplet], await Log.FindOwedPowerAsync(Ct));
        var debt = (await Log.LoadLedgersAsync([Droplet], Ct))[0].Droplet!.Power;
        Assert.Equal((id, 1, Samples.At), (debt!.SnapshotId, debt.OnAttempts, debt.OffAt!.Value));

        await Append(new NewEvent(Streams.OfDroplet(Droplet), new DropletPoweredOn(Droplet, id, Samples.At)));
        Assert.Empty(await Log.FindOwedPowerAsync(Ct));
        await Append(
            new NewEvent(Streams.OfDroplet(Droplet), new PowerOnOwed(Droplet, id, Samples.At.AddHours(2), Samples.At)),
            new NewEvent(Streams.OfDroplet(Droplet), new PowerOnWaived(Droplet, id, "refused", Samples.At)));
        Assert.Empty(await Log.FindOwedPowerAsync(Ct));
        Assert.Equal([Samples.At], (await Log.LoadLedgersAsync([Droplet], Ct))[0].Droplet!.Shutdowns);
    }

    [Fact]
    public async Task A_droplet_that_no_plan_ever_had_is_known_while_a_snapshot_of_it_lives_or_ended_lately()
    {
        // A snapshot that was asked for by hand: it must be swept, and counted, like any other.
        var id = Guid.NewGuid();
        await Append(Samples.Enrolled(Droplet));
        await Log.DecideAsync(3, _ => [Samples.Requested(id, 3)], Ct);

        Assert.Equal([3L, Droplet], (await Log.LoadLedgersAsync(null, Ct)).Select(l => l.DropletId));

        await Log.DecideAsync(3, _ => [NewEvent.Of(id, new SnapshotFailed(id, 3, "given up", Final: true, Samples.At))], Ct);
        Assert.Equal([3L, Droplet], (await Log.LoadLedgersAsync(null, Ct)).Select(l => l.DropletId));
        Clock.Advance(Ledgers.RecentlyEnded + TimeSpan.FromSeconds(1));
        Assert.Equal([Droplet], (await Log.LoadLedgersAsync(null, Ct)).Select(l => l.DropletId));
    }

    [Fact]
    public async Task Ledgers_come_in_the_order_in_which_they_were_asked_for_and_each_once()
    {
        await Append(Samples.Enrolled(Droplet));
        Assert.Equal([99L, Droplet, 1], (await Log.LoadLedgersAsync([99, Droplet, 1, Droplet], Ct)).Select(l => l.DropletId));
        Assert.Empty(await Log.LoadLedgersAsync([], Ct));
    }

    [Fact]
    public async Task What_is_known_of_a_snapshot_survives_the_store()
    {
        var id = Guid.NewGuid();
        await Append(Samples.Requested(id, Droplet), Samples.Attempted(id, Droplet), Samples.Completed(id, Droplet, 9));
        await Append(
            NewEvent.Of(id, new TransferRequested(id, Droplet, 9, "lon1", Origin.Plan, Samples.At)),
            NewEvent.Of(id, new TransferDeferred(id, Droplet, "lon1", "busy", Samples.At, Samples.At.AddTicks(1))),
            NewEvent.Of(id, new SnapshotPinned(id, Droplet, "ops", "audit", Samples.At)));

        var expected = (await Log.ReadStreamAsync(Streams.OfSnapshot(id), Ct))
            .Aggregate((Snapshot?)null, (s, e) => SnapshotEvolution.Evolve(s, e.Stream, e.Data));
        var actual = (await Log.LoadLedgersAsync([Droplet], Ct))[0].Find(id);
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
    }

    public async ValueTask InitializeAsync() => Log = await CreateAsync(Ct);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract Task<IEventLog> CreateAsync(CancellationToken ct);

    private static string StreamFor(object e) => e switch
    {
        PlanChanged or PlanPaused or PlanResumed or BrakeApplied or BrakeReleased => $"plan/{e.GetType().Name}",
        AccountBound or DropletsUncovered => Streams.Account,
        _ when e.GetType().Name.StartsWith("Droplet", StringComparison.Ordinal) || e.GetType().Name.StartsWith("Power", StringComparison.Ordinal) => $"droplet/{e.GetType().Name}",
        _ => $"snapshot/{e.GetType().Name}",
    };

    /// <summary>A snapshot's stream begins with a request, whatever follows.</summary>
    private static IEnumerable<NewEvent> Beginning(string stream, object e) =>
        stream.StartsWith("snapshot/", StringComparison.Ordinal) && e is not (SnapshotRequested or SnapshotDiscovered)
            ? [new NewEvent(stream, Samples.Requested(Guid.NewGuid(), Droplet).Data)]
            : [];

    private Task<IReadOnlyList<LoggedEvent>> Append(params NewEvent[] events) => Log.DecideAsync(Droplet, _ => events, Ct);
}
