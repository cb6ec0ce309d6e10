using DoSnapshot.Benchmarks;
using DoSnapshot.Lifecycle;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Questions.Benchmarks.Generating;

/// <summary>
/// Makes the log of a large account as the product's own planner and workers write it: years of simulated accounts without faults, in which owner and
/// operator do something now and then, one beside the other.
/// </summary>
internal static class Generator
{
    /// <summary>Simulates accounts until there are as many events as are wanted.</summary>
    /// <returns>The events in the order in which they happened.</returns>
    public static IReadOnlyList<GeneratedEvent> Make(BenchOptions options, Action<string> tell)
    {
        var all = new List<GeneratedEvent>(options.Events + 200_000);
        for (var account = 0; all.Count < options.Events; account++)
        {
            all.AddRange(Simulate(account, options));
            tell($"account {account + 1}: {all.Count} events");
        }

        // Stable: what happened at the same moment of one account stays in its order.
        return [.. all.OrderBy(e => e.At)];
    }

    private static List<GeneratedEvent> Simulate(int account, BenchOptions options) => Sim.OnOwnThread(() =>
    {
        using var world = new World((ulong)account + 1, new WorldOptions { Days = options.Days, Droplets = options.Droplets, Account = account, Profile = _ => Plain(options) });
        world.Run();
        return world.History.OfType<Happening.Appended>()
            // One log is of one account, and its plans are stated by one configuration.
            .Where(e => account == 0 || e.Event.Stream is not (Streams.Account or Streams.Plans))
            .Select(e => new GeneratedEvent(e.At, e.Event.Id, e.Event.Stream, e.Event.StreamVersion, e.Event.Data))
            .ToList();
    });

    private static Profile Plain(BenchOptions options) => new()
    {
        Days = options.Days,
        Droplets = options.Droplets,
        Replicas = 1,
        ApiFaults = 0,
        LogFaults = 0,
        Crashes = 0,
        Lost = 0,
        Duplicated = 0,
        Delayed = 0,
        Outages = 0,
        ActsADay = 0.5,
        Skew = TimeSpan.Zero,
        ReconcileEvery = TimeSpan.FromHours(6),
    };
}
