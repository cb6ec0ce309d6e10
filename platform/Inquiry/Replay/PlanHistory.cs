using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Inquiry.Replay;

/// <summary>
/// The plans in all their versions. A plan changes under another lock than a droplet's decisions are made under, so that a decision may have been made on
/// what the plans said a moment before.
/// </summary>
public sealed class PlanHistory
{
    /// <summary>So long a decision may have been under way, give or take what clocks may differ.</summary>
    public static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(5);

    private const int MostRecent = 64;

    private readonly Dictionary<string, PlanFacts> current = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Plan, int Version), PlanFacts> versions = [];
    private readonly LinkedList<Change> recent = new();

    /// <summary>What each plan says now, by its name; those that were removed, too.</summary>
    public IReadOnlyDictionary<string, PlanFacts> Current => current;

    /// <summary>A plan as it was last while it had a version; null when it never had.</summary>
    /// <param name="plan">Its name.</param>
    /// <param name="version">The version, as <see cref="PlanChanged"/> counts it.</param>
    public PlanFacts? Version(string plan, int version) => versions.GetValueOrDefault((plan, version));

    /// <summary>
    /// What the plans said as a decision may have read it: as they are now first, and then, the latest first, as they were before each change that was made
    /// while the decision may have been under way.
    /// </summary>
    /// <param name="moment">When it was decided, UTC.</param>
    public IEnumerable<IReadOnlyDictionary<string, PlanFacts>> Readings(DateTimeOffset moment)
    {
        yield return current;
        Dictionary<string, PlanFacts>? before = null;
        for (var change = recent.Last; change is not null && change.Value.At > moment - UnderWay; change = change.Previous)
        {
            before = new Dictionary<string, PlanFacts>(before ?? current, StringComparer.Ordinal);
            if (change.Value.Before is { } facts)
            {
                before[change.Value.Plan] = facts;
            }
            else
            {
                before.Remove(change.Value.Plan);
            }

            yield return before;
        }
    }

    /// <summary>Folds an event of a plan's stream.</summary>
    internal void Fold(string stream, object @event, DateTimeOffset at, List<LogFault> faults)
    {
        var plan = stream[(stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var before = current.GetValueOrDefault(plan);
        if (PlanFacts.Evolve(before, stream, @event) is not { } after)
        {
            faults.Add(new LogFault(LogFaultKind.CannotStart, $"{stream} begins with {@event.GetType().Name}, which cannot begin a plan"));
            return;
        }

        if (!string.Equals(after.Name, plan, StringComparison.Ordinal))
        {
            faults.Add(new LogFault(LogFaultKind.WrongStream, $"it states plan '{after.Name}', and stands in {stream}"));
            return;
        }

        if (@event is PlanChanged changed)
        {
            Check(changed, before, faults);
        }

        current[plan] = after;
        versions[(plan, after.PlanVersion)] = after;
        recent.AddLast(new Change(plan, at, before));
        if (recent.Count > MostRecent)
        {
            recent.RemoveFirst();
        }
    }

    private static void Check(PlanChanged changed, PlanFacts? before, List<LogFault> faults)
    {
        if (changed.Version != (before?.PlanVersion ?? 0) + 1)
        {
            faults.Add(new LogFault(LogFaultKind.BadPlan, $"it states version {changed.Version} of plan '{changed.Plan}', and the last was {before?.PlanVersion ?? 0}"));
        }

        foreach (var problem in Plan.Problems(changed.Plan, changed.Terms))
        {
            faults.Add(new LogFault(LogFaultKind.BadPlan, $"plan '{changed.Plan}', version {changed.Version}, cannot be read: {problem}"));
        }
    }

    private sealed record Change(string Plan, DateTimeOffset At, PlanFacts? Before);
}
