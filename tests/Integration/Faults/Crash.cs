using System.Diagnostics;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>Has a service kill itself at a point, and another of its kind take over.</summary>
internal static class Crash
{
    /// <summary>One crash and the way back, until all that it was about is done.</summary>
    /// <param name="world">Where; but for this, the service does not run in it.</param>
    /// <param name="service">Whose crash.</param>
    /// <param name="name">The point in words.</param>
    /// <param name="point">The point as the crash host reads it.</param>
    /// <param name="purposes">What there is to do.</param>
    /// <param name="ct">Ends the waiting.</param>
    public static async Task RunAsync(
        FaultWorld world, string service, string name, string point, IReadOnlyList<Purpose> purposes, CancellationToken ct)
    {
        var crashable = world.Crashable(service);
        try
        {
            if (!crashable.Runs)
            {
                crashable.Start();
            }

            await crashable.WhenReadyAsync(ct);
            // It sees the point and the work at once: neither can it die with nothing to do, nor be done before it knows where to die.
            crashable.Freeze();
            await crashable.ArmAsync(point, ct);
            List<Subject> subjects = [.. await AddAsync()];
            crashable.Thaw();
            await world.Platform.UntilAsync(
                $"{service} is killed {name}",
                async () =>
                {
                    // The planner's comparison may see that a snapshot is complete before its worker does. Then there shall be another.
                    if (!crashable.HasEnded && await AreDoneAsync(subjects))
                    {
                        subjects.AddRange(await AddAsync());
                    }

                    return crashable.HasEnded;
                },
                ct);
            await crashable.AssertKilledAsync(name);

            var since = Stopwatch.GetTimestamp();
            crashable.Start();
            await world.UntilDoneAsync(subjects, ct);
            await world.UntilDrainedAsync(service, ct);
            Figures.Record(name, service, Stopwatch.GetElapsedTime(since));
            await Invariants.CheckAsync(world, subjects, ct);
        }
        catch
        {
            // The next test starts with one that nothing has happened to.
            await crashable.EndAsync();
            throw;
        }

        async Task<IReadOnlyList<Subject>> AddAsync()
        {
            var added = new List<Subject>();
            foreach (var purpose in purposes)
            {
                added.Add(await world.AddAsync(purpose));
            }

            return added;
        }

        async Task<bool> AreDoneAsync(IEnumerable<Subject> subjects)
        {
            foreach (var subject in subjects)
            {
                if (!await world.IsDoneAsync(subject, ct))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
