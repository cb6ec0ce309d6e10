using System.Collections.Concurrent;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Forecasting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Worlds;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>
/// Simulated worlds in which nobody interferes, with the product's own planners and workers: what the log foretells in the middle of their time comes to pass in the
/// rest of it, as exactly as such a world is punctual.
/// </summary>
public sealed class ForecastWorldTests
{
    private const int Days = 16;

    private static readonly DateTimeOffset Middle = World.Start.AddDays(6);

    /// <summary>By then the quiet days have not begun, in which the world is put in order.</summary>
    private static readonly DateTimeOffset End = World.Start.AddDays(Days - 4);

    /// <summary>A planner of such a world looks every one to three hours where nothing wakes it, and a follower sees an hour late that something is done.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromHours(2);
    private static readonly TimeSpan Late = TimeSpan.FromHours(5);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_foretold_in_the_middle_comes_to_pass()
    {
        var wrong = new ConcurrentBag<string>();
        var compared = 0;
        Parallel.For(1, 11, seed =>
        {
            var events = Live((ulong)seed);
            var fleet = Fleet(events);
            var forecast = Forecaster.Of(fleet, Middle, new ForecastTerms(End), Ct);
            var punctual = Punctual(fleet, events);
            var said = forecast.Departures.Where(s => s.Plan is { } plan && punctual.Contains(plan)).ToDictionary(s => s.SnapshotId, s => s.Goes!);
            var happened = events.Where(e => e.At > Middle).Select(e => e.Event.Data).OfType<SnapshotExpired>()
                .Where(e => e.Plan is { } plan && punctual.Contains(plan)).DistinctBy(e => e.SnapshotId).ToDictionary(e => e.SnapshotId);
            foreach (var id in Within(said.Select(s => (s.Key, s.Value.At))).Union(Within(happened.Select(h => (h.Key, h.Value.DecidedAt)))))
            {
                Interlocked.Increment(ref compared);
                if (Difference(said.GetValueOrDefault(id), happened.GetValueOrDefault(id)) is { } difference)
                {
                    wrong.Add($"seed {seed}, {id}: {difference}");
                }
            }
        });
        Assert.Empty(wrong.Order(StringComparer.Ordinal));
        Assert.True(compared > 30, $"{compared} were compared");
    }

    private static string? Difference(Departure? said, SnapshotExpired? happened) => (said, happened) switch
    {
        (null, { } e) => $"went at {e.DecidedAt:O} by {e.Rule}, which was not foretold",
        ({ } s, null) => $"was to go at {s.At:O} by {s.Rule}, and did not",
        ({ } s, { } e) when e.DecidedAt - s.At < -Early || e.DecidedAt - s.At > Late => $"was to go at {s.At:O}, and went at {e.DecidedAt:O}",
        ({ } s, { } e) when s.Rule != e.Rule || s.InFavourOf?.SnapshotId != e.KeptInstead?.SnapshotId =>
            $"was to go by {s.Rule} for {s.InFavourOf?.SnapshotId}, and went by {e.Rule} for {e.KeptInstead?.SnapshotId}",
        _ => null,
    };

    /// <summary>Those that are clearly within the time that is looked at: one near its end may go on either side of it.</summary>
    private static IEnumerable<Guid> Within(IEnumerable<(Guid Id, DateTimeOffset At)> moments) =>
        moments.Where(m => m.At > Middle + Late && m.At < End - Late).Select(m => m.Id);

    /// <summary>
    /// The plans of fixed moments whose snapshots are made whenever they are due, and of which no brake ever was: by the time elapsed every hour that a planner is
    /// late moves all that follows, a droplet that is to be shut down may refuse, and a brake is released by chance.
    /// </summary>
    private static HashSet<string> Punctual(IReadOnlyList<DropletLedger> fleet, IReadOnlyList<Happening.Appended> events)
    {
        var braked = events.Select(e => e.Event.Data).OfType<BrakeApplied>().Select(b => b.Plan).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. fleet.Select(l => l.PlanFacts).OfType<PlanFacts>()
                .Where(p => p.Terms is { Timing: PlanTiming.Anchored, Consistency: SnapshotConsistency.Live } && !braked.Contains(p.Name))
                .Select(p => p.Name),
        ];
    }

    /// <summary>All that a world's processes appended, in its order, and when.</summary>
    private static IReadOnlyList<Happening.Appended> Live(ulong seed) => Sim.OnOwnThread(() =>
    {
        using var world = new World(seed, new WorldOptions { Days = Days, Droplets = 6, Profile = dice => Profile.Calm(dice, Days, 6) with { ActsADay = 0.0001, Quota = null } });
        world.Run();
        return world.History.OfType<Happening.Appended>().ToList();
    });

    /// <summary>What the log knew in the middle.</summary>
    private static IReadOnlyList<DropletLedger> Fleet(IReadOnlyList<Happening.Appended> events)
    {
        var log = new InMemoryEventLog(new FakeTimeProvider(Middle));
        foreach (var e in events.Where(e => e.At <= Middle))
        {
            log.DecideFleetAsync(_ => [new NewEvent(e.Event.Stream, e.Event.Data)], default).Wait();
        }

        return log.LoadLedgersAsync(null, default).Result;
    }
}
