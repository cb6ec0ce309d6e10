namespace DoSnapshot.Retention.Simulating;

/// <summary>Simulates runs of the tool under a policy. A pure function of its terms.</summary>
public static class Simulator
{
    /// <summary>
    /// Runs the tool as the terms say. Each run deletes by the rules what can be seen, then takes a snapshot if one is due; by elapsed
    /// timing that depends on the newest that could be seen before anything was deleted. The outcome is that of
    /// <see cref="Sieve.Judge"/> at every run, but no run looks at a snapshot that comes to no other rule: the work grows with the number
    /// of runs and snapshots, not with how many stay.
    /// </summary>
    /// <param name="terms">What to simulate.</param>
    /// <returns>Every snapshot taken and what became of it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="terms"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The interval between runs is zero, the lag negative or too long, the schedule of anchored timing has no interval, or the runs go
    /// past the end of the calendar.
    /// </exception>
    public static SimulationResult Run(SimulationTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Fault is { } fault)
        {
            throw new ArgumentException(fault, nameof(terms));
        }

        DateTimeOffset start = Instant.Cut(terms.Start);
        var living = new LivingSnapshots(terms.Policy);
        var due = new DueRule(terms, start);
        DateTimeOffset? last = null;
        for (long run = 0; run < terms.Runs; run++)
        {
            DateTimeOffset now = start + (run * terms.Interval.Duration);
            living.Show(now);
            DateTimeOffset? slot = due.SlotAt(now, living);
            living.Delete(now);
            if (slot is { } taken)
            {
                living.Take(now, Instant.Cut(now + terms.Lag), taken);
            }

            living.Count(now);
            last = now;
        }

        return new SimulationResult(terms, terms.Runs, last, [.. living.Taken], living.Groups());
    }

    /// <summary>When a run takes a snapshot, and for what moment.</summary>
    private sealed class DueRule(SimulationTerms terms, DateTimeOffset start)
    {
        private readonly Occurrences? occurrences = terms.Timing is SimulationTiming.Anchored
            ? new Occurrences(Instant.Cut(terms.Anchor ?? start), terms.Every)
            : null;

        /// <summary>The slot of the snapshot to take, or null when none is due.</summary>
        public DateTimeOffset? SlotAt(DateTimeOffset now, LivingSnapshots living)
        {
            if (occurrences is not { } schedule)
            {
                return Schedule.IsDue(living.NewestSeen?.CreatedAt, terms.Every, now) ? Instant.Cut(now + terms.Lag) : null;
            }

            DateTimeOffset occurrence = schedule.Latest(now);
            // One is created at its slot or after it, so that one made for an occurrence answers it, and any that come before its creation.
            return living.LastTaken?.CreatedAt >= occurrence ? null : occurrence;
        }
    }
}
