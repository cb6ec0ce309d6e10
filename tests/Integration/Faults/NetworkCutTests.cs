using System.Diagnostics;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>
/// The workers cut off from one of their peers, with work for each of them: refused, or in silence, in which every connection that there was stays half
/// open. They notice, and when the line is whole again they finish by themselves.
/// </summary>
[Trait("Category", "Slow")]
public sealed class NetworkCutTests : IClassFixture<NetworkCutTests.Surroundings>
{
    private static readonly string[] Workers = ["SnapshotWorker", "TransferWorker", "PrunerWorker"];

    private readonly Surroundings _surroundings;

    public NetworkCutTests(Surroundings surroundings) => _surroundings = surroundings;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PostgreSql", "refused", "log: Unhealthy")]
    [InlineData("PostgreSql", "silent", "log: Unhealthy")]
    [InlineData("PostgreSql", "answers lost", "log: Unhealthy")]
    [InlineData("RabbitMq", "refused", "broker: Unhealthy")]
    [InlineData("RabbitMq", "silent", "broker: Unhealthy")]
    [InlineData("DigitalOcean", "refused", "api: Unhealthy")]
    [InlineData("DigitalOcean", "silent", "api: Unhealthy")]
    [InlineData("DigitalOcean", "answers lost", "api: Unhealthy")]
    public async Task Cut_off_from_a_peer_workers_say_so_and_go_on_when_it_is_back(string peer, string how, string says)
    {
        var (world, line) = (_surroundings.World, _surroundings.Lines[Enum.Parse<Peer>(peer)]);
        await CutAsync(line, how);
        try
        {
            Subject[] subjects = [await world.AddAsync(Purpose.Taken), await world.AddAsync(Purpose.Copied), await world.AddAsync(Purpose.Thinned)];
            foreach (var worker in Workers)
            {
                await world.Platform.UntilAsync(
                    $"{worker} says '{says}'", async () => (await SaysAsync(world.Platform.Find(worker))).Contains(says, StringComparison.Ordinal), Ct);
            }

            var since = Stopwatch.GetTimestamp();
            line.Heal();
            await world.UntilDoneAsync(subjects, Ct);
            await world.UntilDrainedAsync("all", Ct);
            Figures.Record($"cut off from {peer}, {how}", "workers", Stopwatch.GetElapsedTime(since));
            await Invariants.CheckAsync(world, subjects, Ct);
        }
        finally
        {
            line.Heal();
        }
    }

    private static async Task CutAsync(TcpProxy line, string how)
    {
        switch (how)
        {
            case "refused":
                await line.RefuseAsync();
                break;
            case "silent":
                line.GoSilent();
                break;
            default:
                line.LoseAnswers();
                break;
        }
    }

    private static async Task<string> SaysAsync(ServiceProcess worker)
    {
        try
        {
            return (await worker.HealthAsync(Ct)).Says;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Ct.IsCancellationRequested)
        {
            return "";
        }
    }

    /// <summary>Everything, with the workers behind lines that can be cut.</summary>
    public sealed class Surroundings(PostgresFixture postgres, RabbitMqFixture rabbitMq) : IAsyncLifetime
    {
        internal FaultWorld World { get; private set; } = null!;

        internal Lines Lines { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            World = await FaultWorld.StartAsync(postgres, rabbitMq, ["Planner"], Ct);
            Lines = Lines.Of(World.Platform);
            var workers = Workers.Select(worker => World.Platform.Start(worker, Lines.Settings)).ToList();
            await Task.WhenAll(workers.Select(w => w.WhenReadyAsync(Ct)));
        }

        public async ValueTask DisposeAsync()
        {
            await World.DisposeAsync();
            await Lines.DisposeAsync();
        }
    }
}
