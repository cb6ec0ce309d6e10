using System.Diagnostics;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>Has a service kill itself at a point, and its own program take over.</summary>
internal static class Crash
{
    private const string Host = "CrashHost";
    private const int Killed = 128 + 9;

    /// <summary>One crash and the way back; gives what it was about, all of it done.</summary>
    /// <param name="world">Where; the service does not run in it.</param>
    /// <param name="service">Whose crash.</param>
    /// <param name="name">The point in words.</param>
    /// <param name="point">The point as the crash host reads it.</param>
    /// <param name="purposes">What there is to do.</param>
    /// <param name="ct">Ends the waiting.</param>
    public static async Task RunAsync(
        FaultWorld world, string service, string name, string point, IReadOnlyList<Purpose> purposes, CancellationToken ct)
    {
        var platform = world.Platform;
        var subjects = new List<Subject>();
        foreach (var purpose in purposes)
        {
            subjects.Add(await world.AddAsync(purpose));
        }

        var host = platform.Start(Host, ("CrashHost__Service", service), ("CrashHost__At", point));
        ServiceProcess? successor = null;
        try
        {
            var code = await platform.EndedAsync(host, ct);
            Assert.True(code == Killed, $"{service} was to be killed {name}, and ended with {code}:{Environment.NewLine}{platform.Output}");

            var since = Stopwatch.GetTimestamp();
            successor = platform.Start(service);
            await world.UntilDoneAsync(subjects, ct);
            await world.UntilDrainedAsync(service, ct);
            Figures.Record(name, service, Stopwatch.GetElapsedTime(since));
            await Invariants.CheckAsync(world, subjects, ct);
        }
        finally
        {
            await platform.KillAsync(host);
            if (successor is not null)
            {
                await platform.KillAsync(successor);
            }
        }
    }
}
