using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Commanding;

/// <content>Pauses, and their ends.</content>
internal sealed partial record Act
{
    private const string GoOn = "Let it go on";

    /// <summary>Has nothing asked for and nothing go of a droplet, until it goes on.</summary>
    /// <param name="view">The droplet: in a plan, or with snapshots of plans that it left and whose rules go on.</param>
    public static Act Pause(DropletViewShape view) => new(
        $"Pause {view.Name}",
        view.Plan is not null
            ? "Its plan asks for no snapshot of it, and none expires by rule, until it goes on; what is at work is finished. Meanwhile nobody is told that it has no good snapshot."
            : $"It is in no plan, and none asks for a snapshot of it. Of those that {PauseWords.Named([.. view.LeftPlans.Select(p => p.Name)])} left here none expires by rule until it goes on; a deletion that was sent is finished.",
        "Pause it",
        "pauses",
        reason => new { subject = Id(view.DropletId), reason });

    /// <summary>Has a droplet go on.</summary>
    /// <param name="view">The droplet, with its snapshots.</param>
    public static Act Resume(DropletViewShape view)
    {
        var held = view.HeldByOwnPause();
        var plan = view.Pauses.FirstOrDefault(p => p.Plan is not null)?.Plan;
        var asks = (view.Plan, plan) switch
        {
            (null, _) => "It is in no plan, and none asks for a snapshot of it",
            (_, { } paused) => $"Its plan, {paused}, stays paused and asks for no snapshot",
            _ => "Snapshots are asked for again, the latest that is due at once",
        };
        List<string> left = [.. view.LeftPlans.Where(p => !p.Paused).Select(p => p.Name)];
        var rules = left.Count == 0 ? "The rules apply again" : $"The rules apply again, those of {PauseWords.Named(left)} to the snapshots that {(left.Count == 1 ? "it" : "they")} left here";
        return new Act(
            $"Let {view.Name} go on",
            (view.Plan is not null && plan is null) || left.Count > 0 ? $"{asks}. {rules}: {LetGo(held.Count)}" : $"{asks}; no rule lets a snapshot of it go.",
            GoOn,
            "resumes",
            reason => new { subject = Id(view.DropletId), reason })
        {
            Harm = held.Count > 0 ? Harm.Much : Harm.Some,
            Names = held.Count == 0 ? [] : [new NamedGroup("The pause holds", [.. held.Take(MostNamed).Select(s => $"{s.Name}, made {Moments.Utc(s.Moment())}")], Math.Max(0, held.Count - MostNamed))],
        };
    }

    /// <summary>Has nothing asked for and nothing go of all droplets of a plan, until it goes on.</summary>
    /// <param name="plan">Its name.</param>
    /// <param name="droplets">How many droplets belong to it.</param>
    public static Act PausePlan(string plan, int droplets) => new(
        $"Pause plan {plan}",
        $"It asks for no snapshot of {ItsDroplets(droplets)}, and none of its own expires by rule, until it goes on; what is at work is finished. Meanwhile nobody is told that a droplet has no good snapshot.",
        "Pause it",
        "pauses",
        reason => new { subject = PlanSubject(plan), reason });

    /// <summary>Has a plan go on.</summary>
    /// <param name="plan">Its name.</param>
    /// <param name="fleet">How the droplets stand.</param>
    public static Act ResumePlan(string plan, IReadOnlyList<DropletShape> fleet)
    {
        var its = fleet.Where(d => string.Equals(d.Plan, plan, StringComparison.Ordinal)).ToList();
        // Also of what it left elsewhere; what a guard of its own holds, and what a droplet's own pause does, is among them.
        var held = its.Concat(fleet.Where(d => !string.Equals(d.Plan, plan, StringComparison.Ordinal) && d.LeftPlans.Any(p => string.Equals(p.Name, plan, StringComparison.Ordinal)))).Sum(d => d.Held);
        return new Act(
            $"Let plan {plan} go on",
            $"Snapshots of {ItsDroplets(its.Count)} are asked for again, the latest that is due at once. The rules apply again: {LetGo(held)} A droplet that is paused itself stays so.",
            GoOn,
            "resumes",
            reason => new { subject = PlanSubject(plan), reason })
        {
            Harm = held > 0 ? Harm.Much : Harm.Some,
        };
    }

    private static string LetGo(int held) => held == 0
        ? "nothing is held at this moment that they let go, and what they come to let go may be deleted within minutes."
        : $"what they let go, {Moments.Count(held, "snapshot")} at most by now, may be deleted within minutes, unless a guard or the brake holds it; deleted, nothing brings it back.";

    private static string ItsDroplets(int droplets) => droplets == 1 ? "its one droplet" : $"its {Moments.Count(droplets, "droplet")}";

    /// <summary>A droplet may have the same name.</summary>
    private static string PlanSubject(string plan) => $"plan/{plan}";
}
