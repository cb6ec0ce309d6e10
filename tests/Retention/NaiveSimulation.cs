namespace DoSnapshot.Retention.Tests;

/// <summary>
/// The simulation once more, as plainly as it can be said: at every run, every snapshot is judged by the naive model. Shares no code with
/// the simulator or the sieve; whole seconds as numbers.
/// </summary>
internal sealed class NaiveSimulation(SimulationScenario scenario)
{
    private readonly List<Taken> all = [];
    private readonly List<Dictionary<string, int>> counts = [];

    public static NaiveSimulation Of(SimulationScenario scenario)
    {
        var simulation = new NaiveSimulation(scenario);
        for (long now = scenario.Start; now < scenario.Start + scenario.Duration; now += scenario.Interval)
        {
            simulation.Run(now);
        }

        return simulation;
    }

    /// <summary>Every snapshot taken and how it ended.</summary>
    public IReadOnlyList<Taken> Snapshots => all;

    /// <summary>After each run, how many snapshots fell to each rule's text, or to none ("").</summary>
    public IReadOnlyList<Dictionary<string, int>> Counts => counts;

    private void Run(long now)
    {
        List<Taken> seen = [.. all.Where(one => one.DeletedAt is null && one.Created <= now)];
        long? slot = scenario.Anchored ? AnchoredSlot(now) : ElapsedSlot(seen, now);

        IReadOnlyList<ModelVerdict> verdicts =
            NaiveModel.Judge([.. seen.Select(one => new ModelPoint(one.Id, Time(one.Created), Time(one.Slot)))], scenario.Rules, Time(now));
        foreach (ModelVerdict verdict in verdicts.Where(verdict => !verdict.Keep))
        {
            Taken gone = all.Single(one => one.Id == verdict.Id);
            all[all.IndexOf(gone)] = gone with
            {
                DeletedAt = now,
                Why = verdict.Why,
                Rule = verdict.Rule,
                Neighbour = verdict.Neighbour,
                Distance = verdict.Distance,
            };
        }

        if (slot is { } due)
        {
            all.Add(new Taken(all.Count + 1, now, now + scenario.Lag, due));
        }

        Dictionary<string, int> count = verdicts.Where(verdict => verdict.Keep)
            .GroupBy(verdict => verdict.Why == Why.NotReached ? "" : verdict.Rule!)
            .ToDictionary(group => group.Key, group => group.Count());
        int unseen = all.Count(one => one.DeletedAt is null) - verdicts.Count(verdict => verdict.Keep);
        count[""] = count.GetValueOrDefault("") + unseen;
        counts.Add(count);
    }

    private long? ElapsedSlot(List<Taken> seen, long now) =>
        seen.Count == 0 || now - seen.Max(one => one.Created) >= scenario.Every ? now + scenario.Lag : null;

    private long? AnchoredSlot(long now)
    {
        long occurrence = scenario.Anchor;
        while (occurrence > now)
        {
            occurrence -= scenario.Every;
        }

        while (occurrence + scenario.Every <= now)
        {
            occurrence += scenario.Every;
        }

        return all.Exists(one => one.Slot >= occurrence || one.Created >= occurrence) ? null : occurrence;
    }

    private static DateTimeOffset Time(long second) => DateTimeOffset.FromUnixTimeSeconds(second);
}

/// <summary>A snapshot of the naive simulation; times in seconds.</summary>
internal sealed record Taken(int Id, long At, long Created, long Slot)
{
    public long? DeletedAt { get; init; }

    public Why? Why { get; init; }

    public string? Rule { get; init; }

    public long? Neighbour { get; init; }

    public long? Distance { get; init; }
}
