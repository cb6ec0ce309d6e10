using System.Text.Json;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>4. No fact that was acknowledged is lost, and replaying the log gives the same state.</summary>
internal sealed class Remembered() : Checker(Name)
{
    public const string Name = "4 remembered";

    private readonly List<Happening.Appended> _acknowledged = [];

    public override void See(Happening happening, Books before)
    {
        if (happening is Happening.Appended appended)
        {
            _acknowledged.Add(appended);
        }
    }

    public override void End(World world, Books books)
    {
        var ct = CancellationToken.None;
        var log = world.Log.ReadAsync(0, int.MaxValue, ct).Result;
        var kept = log.ToDictionary(e => e.Sequence);
        foreach (var appended in _acknowledged)
        {
            var e = appended.Event;
            if (!kept.Remove(e.Sequence, out var same) || !ReferenceEquals(same.Data, e.Data) || same.Stream != e.Stream || same.StreamVersion != e.StreamVersion)
            {
                Violated(appended.At, $"{e.Data.GetType().Name} was acknowledged to {appended.By} and is not in the log: {e.Data}");
            }
        }

        foreach (var e in kept.Values)
        {
            Violated(world.Sim.Now, $"{e.Data} is in the log, and nobody appended it");
        }

        // From what is stored, as it is stored.
        var states = log.GroupBy(e => e.Stream, StringComparer.Ordinal).ToDictionary(of => of.Key, of => Replay(of.Key, of.Select(e => Stored(e.Data))), StringComparer.Ordinal);
        var fleet = world.Log.LoadFleetFactsAsync(ct).Result;
        var ledgers = world.Log.LoadLedgersAsync(null, ct).Result;
        Compare(world, states, fleet.Plans.Select(p => (p.Id, (object?)p)));
        Compare(world, states, ledgers.Select(l => l.Droplet).OfType<DropletFacts>().Select(d => (d.Id, (object?)d)));
        Compare(world, states, ledgers.SelectMany(l => l.Snapshots).Select(s => (s.Id, (object?)s)));
    }

    private void Compare(World world, Dictionary<string, object?> states, IEnumerable<(string Stream, object? State)> known)
    {
        foreach (var (stream, state) in known)
        {
            if (Text(states.GetValueOrDefault(stream)) is var replayed && Text(state) is var kept && replayed != kept)
            {
                Violated(world.Sim.Now, $"replayed, {stream} is {replayed}, and it was kept as {kept}");
            }
        }
    }

    private static object? Replay(string stream, IEnumerable<object> events)
    {
        object? state = null;
        foreach (var e in events)
        {
            state = stream.Split('/')[0] switch
            {
                "snapshot" => SnapshotEvolution.Evolve((Snapshot?)state, stream, e),
                "droplet" => DropletFacts.Evolve((DropletFacts?)state, stream, e),
                "plan" => PlanFacts.Evolve((PlanFacts?)state, stream, e),
                "plans" => AppliedPlans.Evolve((AppliedPlans?)state, stream, e),
                _ => AccountFacts.Evolve((AccountFacts?)state, stream, e),
            };
        }

        return state;
    }

    private static object Stored(object @event) => JsonSerializer.Deserialize(JsonSerializer.Serialize(@event, @event.GetType()), @event.GetType())!;

    private static string Text(object? state) => state is null ? "nothing" : JsonSerializer.Serialize(state, state.GetType());
}
