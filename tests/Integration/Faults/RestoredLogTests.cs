using System.Diagnostics;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>
/// An older backup of the log is restored, while the account has what was done since and the broker holds the messages of it. What was made is found and
/// taken over; of the messages nothing comes that the restored log does not decide by itself.
/// </summary>
[Trait("Category", "Slow")]
public sealed class RestoredLogTests
{
    private const string Backup = "_backup";

    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public RestoredLogTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_an_older_backup_nothing_is_doubled_and_nothing_deleted_that_it_does_not_decide_anew()
    {
        await using var world = await FaultWorld.StartAsync(_postgres, _rabbitMq, ["Planner", "SnapshotWorker"], Ct);
        var platform = world.Platform;
        var before = await world.AddAsync(Purpose.Taken);
        await world.UntilDoneAsync([before], Ct);
        await KillAsync(platform);
        await CopyDatabaseAsync(platform, Backup);

        // What the backup does not know. Taken, copied and removed: done.
        await StartAsync(platform, Platform.Services);
        Subject[] done = [await world.AddAsync(Purpose.Taken), await world.AddAsync(Purpose.Copied), await world.AddAsync(Purpose.Thinned)];
        await world.UntilDoneAsync(done, Ct);
        // And decided, with the messages on the broker: no worker is there to take them.
        foreach (var worker in Platform.Services.Skip(1))
        {
            await platform.KillAsync(worker);
        }

        var due = await world.AddAsync(Purpose.Taken);
        var old = await world.AddAsync(Purpose.Thinned);
        var byHand = await AskByHandAsync(platform, before);
        foreach (var (queue, count) in ((string, int)[])[("snapshot-worker", 2), ("transfer-worker", 1), ("pruner-worker", 1)])
        {
            await platform.UntilAsync($"{queue} holds {count}", async () => (await world.Broker.PeekAsync(world.Bus, queue, Ct)).Count == count, Ct);
        }

        await KillAsync(platform);
        await RestoreAsync(platform);

        // The workers come first: to the log of that day, every one of these messages is about something unknown.
        var since = Stopwatch.GetTimestamp();
        var workers = await StartAsync(platform, Platform.Services.Skip(1));
        await world.UntilDrainedAsync("all", Ct);
        foreach (var (worker, says) in workers.Zip((string[])["Dropped a request for snapshot", "Dropped a request to transfer", "Dropped an expiry"]))
        {
            await platform.UntilAsync($"{worker.Name} raises the alarm", () => Task.FromResult(worker.Output.Contains(says, StringComparison.Ordinal)), Ct);
        }

        // The plan of the day after keeps them longer: what the lost log had decided is not decided anew.
        world.KeepLonger();
        await StartAsync(platform, ["Planner"]);
        await world.UntilDoneAsync([due], Ct);
        await platform.UntilAsync("all that was made since is known again", async () => await KnowsAsync(platform, [.. done, old, due]), Ct);
        Figures.Record("older backup restored", "all services", Stopwatch.GetElapsedTime(since));
        await ComparedThriceAsync(platform);

        var deletions = (await platform.CallsAsync()).Where(c => c.Method == "DELETE").ToList();
        Assert.Equal([$"/v2/snapshots/{done[2].Image}"], deletions.Select(c => c.Path));
        Assert.Equal([old.Image, old.Stays], (await Invariants.ImagesAsync(platform)).Where(i => i.Droplet == old.Droplet).Select(i => (long?)i.Id).Order());
        await Invariants.CheckAsync(world, [before, done[0], done[1], due], Ct);
        Assert.Empty(await platform.Log.ReadStreamAsync(Streams.OfSnapshot(byHand), Ct));
    }

    /// <summary>A person asks for another snapshot of this droplet, and for another copy of the one that it has.</summary>
    private static async Task<Guid> AskByHandAsync(Platform platform, Subject subject)
    {
        var (id, now) = (Guid.NewGuid(), TimeProvider.System.GetUtcNow());
        await platform.Log.DecideAsync(
            subject.Droplet,
            ledger =>
            {
                var s = ledger.Snapshots.Single();
                return
                [
                    NewEvent.Of(id, new SnapshotRequested(id, subject.Droplet, subject.Name, "before-upgrade", null, Origin.Manual, now, Actor: "ann", Reason: "test")),
                    NewEvent.Of(s.SnapshotId, new TransferRequested(s.SnapshotId, subject.Droplet, s.ImageId!.Value, "ams3", Origin.Manual, now, "ann", "test")),
                ];
            },
            Ct);
        return id;
    }

    private static async Task<bool> KnowsAsync(Platform platform, IReadOnlyList<Subject> subjects)
    {
        var there = (await Invariants.ImagesAsync(platform)).Where(i => subjects.Any(s => s.Droplet == i.Droplet)).Select(i => i.Id).ToHashSet();
        var known = (await platform.Log.LoadLedgersAsync([.. subjects.Select(s => s.Droplet)], Ct))
            .SelectMany(l => l.Snapshots).Where(s => s.Phase is SnapshotPhase.Complete).Select(s => s.ImageId!.Value).ToHashSet();
        return there.SetEquals(known);
    }

    private static async Task ComparedThriceAsync(Platform platform)
    {
        var comparisons = await CountAsync();
        await platform.UntilAsync("three more comparisons", async () => await CountAsync() >= comparisons + 3, Ct);

        async Task<int> CountAsync() => (await platform.CallsAsync()).Count(c => c.Path.StartsWith("/v2/snapshots?", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<ServiceProcess>> StartAsync(Platform platform, IEnumerable<string> services)
    {
        var started = services.Select(s => platform.Start(s)).ToList();
        await Task.WhenAll(started.Select(s => s.WhenReadyAsync(Ct)));
        return started;
    }

    private static Task KillAsync(Platform platform) => Task.WhenAll(Platform.Services.Select(platform.KillAsync));

    private static async Task CopyDatabaseAsync(Platform platform, string suffix)
    {
        var name = new NpgsqlConnectionStringBuilder(platform.ConnectionString).Database;
        await ExecuteAsync(platform, EndSessionsOf(name!), $"create database {name}{suffix} template {name}");
    }

    private static async Task RestoreAsync(Platform platform)
    {
        var name = new NpgsqlConnectionStringBuilder(platform.ConnectionString).Database;
        await ExecuteAsync(platform, $"drop database {name} with (force)", $"create database {name} template {name}{Backup}");
        // The test's own connections were cut with it.
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return await platform.Log.HeadAsync(Ct) > 0;
                }
                catch (Exception e) when (e.GetBaseException() is NpgsqlException or IOException)
                {
                    return false;
                }
            },
            cancellationToken: Ct);
    }

    private static string EndSessionsOf(string database) => $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'";

    private static async Task ExecuteAsync(Platform platform, params string[] commands)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(platform.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        foreach (var sql in commands)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Ct);
        }
    }
}
