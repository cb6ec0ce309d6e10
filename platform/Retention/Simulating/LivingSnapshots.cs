using System.Collections.Immutable;

namespace DoSnapshot.Retention.Simulating;

/// <summary>
/// The snapshots that exist, in one queue for each rule. Snapshots come in the order of their creation, which is that of their slots and
/// ids too, and only ever move to an older rule. Those of a queue have been judged and are at least the rule's interval apart; that stays
/// true when the oldest leave, and whichever is then the oldest leads its group and stays. So a run has to judge only those that come to
/// a rule, each against the newest of its queue, and each snapshot is judged at most once by each rule.
/// </summary>
internal sealed class LivingSnapshots
{
    private readonly List<SimulatedSnapshot> taken = [];
    private readonly Queue<RestorePoint> inProgress = new();

    // The first group has no rule and holds what none has reached; then by age, youngest first.
    private readonly Group[] groups;

    public LivingSnapshots(RetentionPolicy policy) => groups = [new Group(null), .. Band.Of(policy).Select(band => new Group(band.Rule))];

    /// <summary>All that were ever taken, oldest first.</summary>
    public IReadOnlyList<SimulatedSnapshot> Taken => taken;

    /// <summary>The newest that was ever taken, whatever became of it.</summary>
    public RestorePoint? LastTaken => taken.Count == 0 ? null : taken[^1].Point;

    /// <summary>The newest that exists and is not in progress.</summary>
    public RestorePoint? NewestSeen => Array.Find(groups, group => group.Points.Count > 0)?.Newest;

    /// <summary>Ends the progress of those that are created by now.</summary>
    public void Show(DateTimeOffset now)
    {
        while (inProgress.TryPeek(out RestorePoint point) && point.CreatedAt <= now)
        {
            groups[0].Add(inProgress.Dequeue());
        }
    }

    /// <summary>Moves each snapshot to the rule of its age, and deletes those that their new rule does not keep.</summary>
    public void Delete(DateTimeOffset now)
    {
        // From the oldest rule to the youngest, so that a rule has let go of what it loses before it judges what it gains.
        for (int older = groups.Length - 1; older > 0; older--)
        {
            Queue<RestorePoint> leaving = groups[older - 1].Points;
            while (leaving.TryPeek(out RestorePoint point) && now - point.CreatedAt >= groups[older].Age)
            {
                leaving.Dequeue();
                Group group = groups[GroupFor(now - point.CreatedAt, older)];
                if (group.ReasonToDelete(point) is { } reason)
                {
                    int index = (int)point.Id - 1;
                    taken[index] = taken[index] with { Deletion = new SimulatedDeletion(now, reason) };
                }
                else
                {
                    group.Add(point);
                }
            }
        }
    }

    /// <summary>Adds a snapshot, newer than all others.</summary>
    public void Take(DateTimeOffset now, DateTimeOffset createdAt, DateTimeOffset slot)
    {
        var point = new RestorePoint(taken.Count + 1, createdAt, slot);
        taken.Add(new SimulatedSnapshot(point, now, null));
        inProgress.Enqueue(point);
    }

    /// <summary>Notes how many fall to each rule after a run.</summary>
    public void Count(DateTimeOffset now)
    {
        for (int index = 0; index < groups.Length; index++)
        {
            groups[index].Count(now, groups[index].Points.Count + (index == 0 ? inProgress.Count : 0));
        }
    }

    /// <summary>What was noted.</summary>
    public ImmutableArray<GroupHistory> Groups() => [.. groups.Select(group => new GroupHistory(group.Rule, [.. group.Counts]))];

    private int GroupFor(TimeSpan age, int atLeast)
    {
        int index = atLeast;
        while (index + 1 < groups.Length && age >= groups[index + 1].Age)
        {
            index++;
        }

        return index;
    }

    private sealed class Group(KeepRule? rule)
    {
        public KeepRule? Rule => rule;

        /// <summary>The age that the group begins with; not asked of the first.</summary>
        public TimeSpan Age { get; } = rule?.Age.Duration ?? TimeSpan.Zero;

        public Queue<RestorePoint> Points { get; } = new();

        public RestorePoint Newest { get; private set; }

        public List<CountAt> Counts { get; } = [];

        public void Add(RestorePoint point)
        {
            Points.Enqueue(point);
            Newest = point;
        }

        public Reason? ReasonToDelete(RestorePoint point)
        {
            if (rule is not { } keep)
            {
                return null;
            }

            if (keep.KeepsNone)
            {
                return new Reason.IntervalZero(keep);
            }

            return Points.Count > 0 && point.Slot - Newest.Slot is var distance && distance < keep.Interval.Duration
                ? new Reason.TooClose(keep, Newest, distance)
                : null;
        }

        public void Count(DateTimeOffset now, int count)
        {
            if (count != (Counts.Count == 0 ? 0 : Counts[^1].Count))
            {
                Counts.Add(new CountAt(now, count));
            }
        }
    }
}
