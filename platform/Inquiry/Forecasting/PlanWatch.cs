using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Inquiry.Forecasting;

/// <summary>
/// Finds the moment at which too much of a plan as a whole would go within a day: what the planner checks over all droplets before anything expires, and what
/// no droplet's future shows by itself. Several droplets' futures may tell it at once; in what order does not matter.
/// </summary>
internal sealed class PlanWatch
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Tally> tallies;
    private readonly List<(DateTimeOffset At, What What, Tally Plan)> changes = [];

    /// <summary>A watch over these plans.</summary>
    /// <param name="plans">Those that have a brake that may come on; what becomes of others is not noted.</param>
    public PlanWatch(IEnumerable<PlanFacts> plans)
    {
        tallies = plans.ToDictionary(p => p.Name, p => new Tally(p), StringComparer.Ordinal);
    }

    // In the order in which they count within one moment.
    private enum What
    {
        Went,
        Comes,
        Goes,
    }

    /// <summary>A snapshot is complete from this moment on.</summary>
    public void Comes(string? plan, DateTimeOffset at) => Note(plan, at, What.Comes);

    /// <summary>A complete one goes by rule.</summary>
    public void Goes(string? plan, DateTimeOffset at) => Note(plan, at, What.Goes);

    /// <summary>One has gone by rule before the forecast began, or was about to.</summary>
    public void Went(string? plan, DateTimeOffset at) => Note(plan, at, What.Went);

    /// <summary>The first brake that comes on after a moment; null for none.</summary>
    public BrakeApplied? First(DateTimeOffset after)
    {
        changes.Sort((one, other) => one.At == other.At ? one.What.CompareTo(other.What) : one.At.CompareTo(other.At));
        for (var i = 0; i < changes.Count;)
        {
            var at = changes[i].At;
            for (; i < changes.Count && changes[i].At == at; i++)
            {
                changes[i].Plan.Note(changes[i].What, at);
            }

            if (at > after && tallies.Values.Any(t => t.Going > 0) && TooMuch(at) is { } brake)
            {
                return brake;
            }

            foreach (var tally in tallies.Values)
            {
                tally.LetGo(at);
            }
        }

        return null;
    }

    private BrakeApplied? TooMuch(DateTimeOffset at)
    {
        var watched = tallies.Values.Where(t => !t.IsLookedAt(at)).Select(t => (t.Facts, Removal: t.At(at))).ToList();
        var sum = watched.Aggregate(default(Removal), (all, one) => all.Add(one.Removal));
        var free = sum.IsTooMuch(Braking.FreeOfPlan) ? 0 : Braking.FreeOfPlan;
        foreach (var (facts, removal) in watched)
        {
            if (removal.IsTooMuch(free))
            {
                return new BrakeApplied(facts.Name, null, removal.Describe($"plan '{facts.Name}'"), at, facts.PlanVersion);
            }
        }

        return null;
    }

    private void Note(string? plan, DateTimeOffset at, What what)
    {
        if (plan is not null && tallies.TryGetValue(plan, out var tally))
        {
            lock (gate)
            {
                changes.Add((at, what, tally));
            }
        }
    }

    private sealed class Tally(PlanFacts facts)
    {
        private readonly Queue<DateTimeOffset> gone = new();
        private int there;

        public PlanFacts Facts { get; } = facts;

        public int Going { get; private set; }

        /// <summary>Whether an operator has released the plan, so that nothing is braked again yet.</summary>
        public bool IsLookedAt(DateTimeOffset at) => Facts.LookedAtUntil > at;

        public void Note(What what, DateTimeOffset at)
        {
            switch (what)
            {
                case What.Went:
                    gone.Enqueue(at);
                    break;
                case What.Comes:
                    there++;
                    break;
                default:
                    Going++;
                    break;
            }
        }

        public Removal At(DateTimeOffset at)
        {
            while (gone.TryPeek(out var oldest) && (oldest <= at - Braking.Window || oldest <= Facts.LookedAtUntil))
            {
                gone.Dequeue();
            }

            return new Removal(gone.Count, Going, there - Going);
        }

        public void LetGo(DateTimeOffset at)
        {
            for (; Going > 0; Going--, there--)
            {
                gone.Enqueue(at);
            }
        }
    }
}
