using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.EventLog.Tests;

/// <summary>The documents beside the log: found out when they say something else than the events, and made anew, with services at work.</summary>
public sealed class ReadModelsTests
{
    private static readonly Guid First = new("10000000-0000-4000-8000-000000000001");
    private static readonly Guid Second = new("20000000-0000-4000-8000-000000000002");

    private readonly PostgresFixture _postgres;

    public ReadModelsTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Documents_that_say_what_the_events_say_are_left_alone()
    {
        await using var log = await FilledAsync();
        var progress = new List<ReadModelProgress>();
        var before = await log.AskAsync(Everything, Ct);

        var report = await new ReadModels(log.Store).CompareAsync(mends: true, progress.Add, Ct);

        Assert.Equal(0, report.Differing);
        Assert.Empty(report.First);
        Assert.Equal([("account", 1), ("droplet", 2), ("plan", 0), ("snapshot", 2)], report.Documents.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => (d.Key, d.Value)));
        Assert.Equal(new ReadModelProgress(5, 5), Assert.Single(progress));
        Assert.Equal(before, await log.AskAsync(Everything, Ct));
    }

    [Fact]
    public async Task What_differs_is_named_and_is_made_anew_only_when_asked()
    {
        await using var log = await FilledAsync();
        var before = await log.AskAsync(Everything, Ct);
        await log.AskAsync(
            $"""
            update do_snapshot.mt_doc_snapshot set data = jsonb_set(jsonb_set(data, '{"{phase}"}', '"Pruned"'), '{"{live}"}', 'false'), live = false where id = 'snapshot/{First}';
            insert into do_snapshot.mt_doc_snapshot (id, data, mt_version, mt_dotnet_type, droplet_id, live, working, scheduled, requested_at, changed_at)
                select 'snapshot/{Guid.Empty}', jsonb_set(data, '{"{id}"}', '"snapshot/{Guid.Empty}"'), mt_version, mt_dotnet_type, droplet_id, live, working, scheduled, requested_at, changed_at
                from do_snapshot.mt_doc_snapshot where id = 'snapshot/{Second}';
            delete from do_snapshot.mt_doc_droplet where id = 'droplet/2';
            update do_snapshot.mt_doc_account set data = jsonb_set(data, '{"{uuid}"}', '"another"')
            """,
            Ct);
        var vandalised = await log.AskAsync(Everything, Ct);
        var models = new ReadModels(log.Store);

        var looked = await models.CompareAsync(mends: false, tell: null, Ct);
        Assert.Equal(vandalised, await log.AskAsync(Everything, Ct));
        var mended = await models.CompareAsync(mends: true, tell: null, Ct);

        string[] expected =
        [
            "account account: uuid",
            "droplet droplet/2: missing",
            $"snapshot snapshot/{Guid.Empty}: of no stream",
            $"snapshot snapshot/{First}: live, phase",
        ];
        foreach (var report in (ReadModelReport[])[looked, mended])
        {
            Assert.Equal(4, report.Differing);
            Assert.Equal(expected, report.First.Select(d => $"{d.Kind} {d.Stream}: {string.Join(", ", d.In.Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal));
        }

        Assert.Equal(before, await log.AskAsync(Everything, Ct));
        Assert.Equal(0, (await models.CompareAsync(mends: false, tell: null, Ct)).Differing);
    }

    [Fact]
    public async Task While_others_append_nothing_of_theirs_is_lost_and_all_is_right_in_the_end()
    {
        await using var log = await FilledAsync();
        var models = new ReadModels(log.Store);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var appended = 0;
        var work = Task.Run(
            async () =>
            {
                for (var droplet = 10; !stop.IsCancellationRequested; droplet++)
                {
                    var id = Guid.NewGuid();
                    await log.Log.DecideAsync(droplet, _ => [Samples.Enrolled(droplet), Samples.Requested(id, droplet)], Ct);
                    await log.Log.DecideAsync(droplet, _ => [Samples.Attempted(id, droplet)], Ct);
                    await log.Log.DecideAsync(1, _ => [Samples.Attempted(First, 1, attempt: 2 + appended)], Ct);
                    appended++;
                }
            },
            Ct);

        for (var round = 0; round < 10; round++)
        {
            await log.AskAsync("update do_snapshot.mt_doc_snapshot set data = jsonb_set(data, '{dropletName}', '\"x\"'); delete from do_snapshot.mt_doc_droplet", Ct);
            await models.CompareAsync(mends: true, tell: null, Ct);
        }

        await stop.CancelAsync();
        await work;
        await models.CompareAsync(mends: true, tell: null, Ct);
        Assert.Equal(0, (await models.CompareAsync(mends: false, tell: null, Ct)).Differing);
        Assert.True(appended > 0);
        var first = (await log.Log.LoadLedgersAsync([1], Ct))[0].Snapshots.Single(s => s.SnapshotId == First);
        Assert.Equal(3 + appended, first.Version);
        Assert.Equal(3 + appended, (await log.Log.ReadStreamAsync(Streams.OfSnapshot(First), Ct)).Count);
    }

    private const string Everything =
        """
        select string_agg(line, E'\n' order by line) from (
            select concat_ws(' ', id, mt_version, droplet_id, live, working, scheduled, requested_at, changed_at, data) as line from do_snapshot.mt_doc_snapshot
            union all select concat_ws(' ', id, mt_version, data) from do_snapshot.mt_doc_droplet
            union all select concat_ws(' ', id, mt_version, data) from do_snapshot.mt_doc_account) as documents
        """;

    /// <summary>Two droplets, one with a snapshot that is complete, and one with a snapshot at work; and an account.</summary>
    private async Task<MartenLog> FilledAsync()
    {
        var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await log.Log.DecideFleetAsync(_ => [new NewEvent(Streams.Account, new AccountBound("ours", Samples.At))], Ct);
        await log.Log.DecideAsync(1, _ => [Samples.Enrolled(1), Samples.Requested(First, 1)], Ct);
        await log.Log.DecideAsync(1, _ => [Samples.Attempted(First, 1), Samples.Completed(First, 1, 7)], Ct);
        await log.Log.DecideAsync(2, _ => [Samples.Enrolled(2), Samples.Requested(Second, 2)], Ct);
        await log.Log.DecideAsync(2, _ => [Samples.Attempted(Second, 2)], Ct);
        return log;
    }
}
