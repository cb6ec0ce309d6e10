using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Audit;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>Logs that the product's own code has written in simulated worlds, in which much goes wrong.</summary>
internal static class SimulatedLogs
{
    /// <summary>The log of a seed, and when its world ended.</summary>
    public static (IReadOnlyList<LoggedEvent> Log, DateTimeOffset End) Of(ulong seed, int days = 10, int droplets = 6) => Sim.OnOwnThread(() =>
    {
        using var world = new World(seed, new WorldOptions { Days = days, Droplets = droplets });
        world.Run();
        return (world.Log.ReadAsync(0, int.MaxValue, CancellationToken.None).Result, world.Sim.Now);
    });

    /// <summary>The audit of a log.</summary>
    public static AuditReport Audit(IEnumerable<LoggedEvent> log, DateTimeOffset end, AuditTerms? terms = null)
    {
        var auditor = new Auditor(terms ?? new AuditTerms());
        foreach (var e in log)
        {
            auditor.See(e);
        }

        return auditor.Finish(end);
    }
}
