using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Operating.Answers;

/// <summary>
/// The droplets that no plan covers: those that were in one, unless they are destroyed and no snapshot of them is left, and those with tags that no plan goes by, as the planner saw them last. Of droplets without a
/// tag nothing is said. Those that were in a plan come first, the one that left last first; where they are many, those that never were are left out first.
/// </summary>
internal static class UncoveredAnswer
{
    /// <summary>So many are told of at most; more have one cause, and the first say it.</summary>
    public const int Most = 500;

    private const string NotYet = "its plan was removed";

    /// <summary>Answers.</summary>
    /// <param name="log">The log.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="plannerLeads">Whether a planner is at work, which looks every hour: where none is, nobody knows of droplets that were in no plan.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="known">What the log knows of every droplet, where that was read already.</param>
    public static async Task WriteAsync(
        IEventLog log, DateTimeOffset now, bool json, TextWriter output, bool plannerLeads, CancellationToken ct, IReadOnlyList<DropletLedger>? known = null)
    {
        List<DropletLedger> fleet = [.. (known ?? await log.LoadLedgersAsync(null, ct)).Where(l => l.Droplet is not null)];
        List<DropletLedger> outside = [.. fleet.Where(l => l.Plan is null)];
        var facts = await log.LoadFleetFactsAsync(ct);
        var seen = plannerLeads ? facts.Account?.Uncovered : null;
        var tags = facts.Plans.ToDictionary(p => p.Name, p => p.Terms?.Tag, StringComparer.Ordinal);
        var left = (await log.ReadStreamsAsync([.. outside.Select(l => l.Droplet!.Id)], ct)).Select(e => e.Data).OfType<DropletWithdrawn>()
            .GroupBy(w => w.DropletId).ToDictionary(g => g.Key, g => g.Last());
        List<Uncovered> were =
        [
            .. outside.Select(l => Of(l, left.GetValueOrDefault(l.DropletId), tags))
                .OrderByDescending(u => u.Since ?? now).ThenBy(u => u.Name, StringComparer.Ordinal).ThenBy(u => u.DropletId),
        ];
        List<Uncovered> all =
        [
            // Of one that is no more only what is left of it matters.
            .. were.Where(u => !u.IsGone || u.Snapshots > 0),
            .. NeverCovered(seen, fleet, facts).OrderBy(u => u.Name, StringComparer.Ordinal).ThenBy(u => u.DropletId),
        ];
        List<Uncovered> told = [.. all.Take(Most)];
        var leftOut = all.Count - told.Count + NeverNamed(seen, were);
        if (json)
        {
            JsonOutput.Write(output, writer =>
            {
                writer.WriteString("at", Stamp.Of(now));
                writer.WriteObjects("droplets", told, u =>
                {
                    writer.WriteNumber("dropletId", u.DropletId);
                    writer.WriteString("name", u.Name);
                    writer.WriteString("plan", u.Plan);
                    writer.WriteString("tag", u.Tag);
                    writer.WriteString("since", u.Since is { } since ? Stamp.Of(since) : null);
                    writer.WriteString("why", u.Why);
                    writer.WriteNumber("snapshots", u.Snapshots);
                    writer.WriteBoolean("gone", u.IsGone);
                });
                writer.WriteNumber("leftOut", leftOut);
                writer.WriteBoolean("othersKnown", plannerLeads);
            });
            return;
        }

        if (all.Count == 0)
        {
            var others = seen is null ? "" : "; others with tags are kept out by a plan's, or are nodes of a Kubernetes cluster";
            await output.WriteLineAsync($"Every droplet that was in a plan is in one, or is no more{others}.");
            await TellUnknownAsync();
            return;
        }

        new TextTable<Uncovered>()
            .Left("DROPLET", u => u.Name)
            .Left("WAS IN", u => u.Plan ?? "-")
            .Left("SINCE", u => u.Since is { } since ? Stamp.Of(since) : "-")
            .Right("SNAPSHOTS", u => u.Snapshots.ToString(CultureInfo.InvariantCulture))
            .Left("WHY", u => u.Why)
            .Write(told, output);
        if (leftOut > 0)
        {
            await output.WriteLineAsync($"{leftOut.ToString(CultureInfo.InvariantCulture)} more are left out.");
        }

        await TellUnknownAsync();

        Task TellUnknownAsync() => plannerLeads ? Task.CompletedTask : output.WriteLineAsync("Those that were never in a plan are not known: no planner leads, which looks for them.");
    }

    /// <summary>
    /// Those that were in no plan, and have tags, as long as no plan has taken them since and none would, or keeps them out, by what it says now. Which tag came when,
    /// nobody says.
    /// </summary>
    private static IEnumerable<Uncovered> NeverCovered(DropletsUncovered? seen, List<DropletLedger> fleet, FleetFacts facts)
    {
        List<Plan> plans = [.. facts.InForce.Select(p => p.ToPlan()!)];
        return (seen?.Droplets ?? [])
            .Where(d => d.Tags.Count > 0 && !plans.Exists(p => p.Claims(d.Tags) || p.OptsOut(d.Tags)))
            .ExceptBy(fleet.Select(l => l.DropletId), d => d.DropletId)
            .Select(d => new Uncovered(d.DropletId, d.Name, null, null, null, $"no plan goes by {Tags(d)}", 0));
    }

    private static string Tags(UncoveredDroplet d) => $"{(d.Tags.Count == 1 ? "its tag" : "any of its tags")} {string.Join(", ", d.Tags.Select(t => $"'{t}'"))}";

    /// <summary>
    /// How many that were in no plan are not even named. Those that were in one are named first, and are counted by what the log knows of them: only where nobody else
    /// is named can they be among those that are not.
    /// </summary>
    private static int NeverNamed(DropletsUncovered? seen, List<Uncovered> were)
    {
        if (seen is not { LeftOut: > 0 and var leftOut })
        {
            return 0;
        }

        var named = seen.Droplets.Select(d => d.DropletId).ToHashSet();
        var there = were.Where(u => !u.IsGone).Select(u => u.DropletId).ToHashSet();
        return named.IsSubsetOf(there) ? Math.Max(0, leftOut - there.Count(id => !named.Contains(id))) : leftOut;
    }

    private static Uncovered Of(DropletLedger ledger, DropletWithdrawn? left, Dictionary<string, string?> tags)
    {
        var droplet = ledger.Droplet!;
        // One whose plan was removed a moment ago is in it until the next comparison.
        var (plan, since, why) = droplet.Plan is { } still ? (still, null, NotYet) : (left?.Plan, left?.At, left?.Reason ?? NotYet);
        return new Uncovered(
            ledger.DropletId, droplet.Name, plan, plan is null ? null : tags.GetValueOrDefault(plan), since, why, ledger.Snapshots.Count(s => s.IsComplete));
    }

    private sealed record Uncovered(long DropletId, string Name, string? Plan, string? Tag, DateTimeOffset? Since, string Why, int Snapshots)
    {
        public bool IsGone => string.Equals(Why, Reconciliation.DropletIsNoMore, StringComparison.Ordinal);
    }
}
