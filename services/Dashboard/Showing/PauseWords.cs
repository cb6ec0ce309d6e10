using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Showing;

/// <summary>What a pause of a droplet, or of its plan, is for, and what its end would do: also of one that is in no plan, whose snapshots the rules of a plan that it left may apply to.</summary>
internal static class PauseWords
{
    private const string ByPause = "paused";

    /// <summary>The snapshots that a rule lets go and that a pause holds at this moment, oldest first.</summary>
    public static IReadOnlyList<SnapshotShape> HeldByPause(this DropletViewShape view) =>
        [.. view.Snapshots.Where(s => string.Equals(s.Held?.Guard, ByPause, StringComparison.Ordinal)).OrderBy(s => s.Moment())];

    /// <summary>Those that the droplet's own pause holds alone: its plan, or the one that left them, is not paused besides.</summary>
    public static IReadOnlyList<SnapshotShape> HeldByOwnPause(this DropletViewShape view) => [.. view.HeldByPause().Where(s => !view.PausedPlans().Contains(s.Plan, StringComparer.Ordinal))];

    /// <summary>Whether something of the droplet would expire by rule if neither it nor a plan was paused.</summary>
    public static bool HasRules(this DropletViewShape view) => view.Plan is not null || view.LeftPlans.Length > 0;

    /// <summary>The plans whose events change how the droplet stands.</summary>
    public static IEnumerable<string> Plans(this DropletViewShape view) => ((string?[])[view.Plan?.Name]).Concat(view.LeftPlans.Select(p => p.Name)).Concat(view.Pauses.Select(p => p.Plan)).OfType<string>();

    /// <summary>What is so of plans that the droplet left, in sentences; empty where their snapshots stay as they are.</summary>
    public static string OfLeft(DropletViewShape view)
    {
        var (on, paused) = (view.LeftPlans.Where(p => !p.Paused).Select(p => p.Name).ToList(), view.LeftPlans.Where(p => p.Paused).Select(p => p.Name).ToList());
        var isPaused = Array.Exists(view.Pauses, p => p.Plan is null);
        return (on.Count == 0 ? "" : $"The rules of {Named(on)} {(isPaused ? "would go on" : "go on")} for the snapshots that {(on.Count == 1 ? "it" : "they")} left here{(isPaused ? ", if the droplet was not paused" : "")}. ")
            + (paused.Count == 0 ? "" : $"Those that {Named(paused)} left here stay as long as {(paused.Count == 1 ? "it is" : "they are")} paused.");
    }

    /// <summary>What is so as long as it is paused.</summary>
    /// <param name="view">The droplet.</param>
    /// <param name="pause">One of its pauses.</param>
    public static string Does(DropletViewShape view, PauseShape pause)
    {
        if (pause.Plan is { } plan && view.Plan is null)
        {
            return view.LeftPlans.Any(p => string.Equals(p.Name, plan, StringComparison.Ordinal))
                ? $"It was removed, and its rules would go on for the snapshots that it left here: the pause holds them{Held(view.HeldByPause())}."
                : "It was removed: nothing is asked for by it, and its rules let nothing go.";
        }

        return (pause.Plan, view.Plan, view.LeftPlans) switch
        {
            (not null, _, _) => "It asks for no snapshot, and none of its own expires by rule.",
            (_, not null, _) => "Its plan asks for no snapshot, and none expires by rule.",
            (_, _, []) => "No plan asks for a snapshot of it, and no rule applies to those that there are: as long as it is in no plan, the pause changes nothing.",
            var (_, _, left) when Array.TrueForAll(left, p => p.Paused) =>
                $"No plan asks for a snapshot of it, and those that {Named([.. left.Select(p => p.Name)])} left here stay as long as {(left.Length == 1 ? "that plan is" : "those are")} paused, with this pause or without.",
            var (_, _, left) => $"No plan asks for a snapshot of it. The rules of {Named([.. left.Where(p => !p.Paused).Select(p => p.Name)])} would go on for the snapshots that {(left.Count(p => !p.Paused) == 1 ? "it" : "they")} left here: the pause holds them{Held(view.HeldByOwnPause())}.",
        };
    }

    private static string Held(IReadOnlyList<SnapshotShape> byPause) => byPause.Count is > 0 and var held ? $", {held} of which {(held == 1 ? "is" : "are")} to go at this moment" : "";

    /// <summary>The plans that are paused themselves.</summary>
    private static IEnumerable<string> PausedPlans(this DropletViewShape view) => view.Pauses.Select(p => p.Plan).Concat(view.LeftPlans.Where(p => p.Paused).Select(p => p.Name)).OfType<string>();

    /// <summary>Plans, by name.</summary>
    public static string Named(IReadOnlyList<string> plans) => $"{(plans.Count == 1 ? "plan" : "plans")} {string.Join(", ", plans)}";
}
