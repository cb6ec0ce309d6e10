using System.Diagnostics;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>
/// Broker and database killed by SIGKILL and started again, while each worker is in the middle of something. No service is started again: they come back
/// by themselves.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ServerCrashTests
{
    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public ServerCrashTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_broker_killed_in_the_middle_of_things_loses_and_doubles_nothing()
    {
        var broker = await _rabbitMq.ServerAsync();
        await RunAsync("RabbitMQ", _postgres, () => broker.KillAsync(Ct), () => broker.StartAgainAsync(Ct));
    }

    [Fact]
    public async Task The_database_killed_in_the_middle_of_things_loses_and_doubles_nothing()
    {
        var postgres = PostgresFixture.Durable();
        await using (postgres)
        {
            var database = await postgres.ServerAsync();
            await RunAsync("PostgreSQL", postgres, () => database.KillAsync(Ct), () => database.StartAgainAsync(Ct));
        }
    }

    private async Task RunAsync(string name, PostgresFixture postgres, Func<Task> kill, Func<Task> startAgain)
    {
        await using var world = await FaultWorld.StartAsync(
            postgres, _rabbitMq, Platform.Services, Ct, ("Sandbox__SnapshotSeconds", "2"), ("Sandbox__TransferSeconds", "2"));
        var pids = Platform.Services.Select(s => world.Platform.Find(s).Id).ToList();
        var subjects = new List<Subject>();
        foreach (var purpose in Enumerable.Repeat(Enum.GetValues<Purpose>(), 3).SelectMany(p => p))
        {
            subjects.Add(await world.AddAsync(purpose));
        }

        await world.Platform.UntilAsync(
            "snapshots and transfers are at work",
            async () => (await world.Platform.Log.FindWorkingAsync(Ct)).Select(s => s.Transferring).Distinct().Count() == 2,
            Ct);
        await kill();
        await startAgain();
        var since = Stopwatch.GetTimestamp();
        // Work that comes now is done as well.
        subjects.Add(await world.AddAsync(Purpose.Taken));

        await Eventually.HoldsAsync(() => AnswersAsync(world), TimeSpan.FromSeconds(30), Ct);
        await world.UntilDoneAsync(subjects, Ct);
        Figures.Record($"{name} killed", "all services", Stopwatch.GetElapsedTime(since));
        await Invariants.CheckAsync(world, subjects, Ct);
        Assert.Equal(pids, Platform.Services.Select(s => world.Platform.Find(s).Id));
        foreach (var service in Platform.Services)
        {
            await world.Platform.Find(service).WhenReadyAsync(Ct);
        }
    }

    /// <summary>The test's own connections to the database were cut as well.</summary>
    private static async Task<bool> AnswersAsync(FaultWorld world)
    {
        try
        {
            return await world.Platform.Log.HeadAsync(Ct) > 0;
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException || e.GetBaseException() is Npgsql.NpgsqlException or IOException)
        {
            return false;
        }
    }
}
