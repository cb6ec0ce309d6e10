using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Operating.Answers;

/// <summary>
/// The droplets that no plan covers: those that were in one, unless they are destroyed and no snapshot of them is left, and those with tags that no plan goes by, as the planner saw them last. Of droplets without a
/// tag nothing is said.
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
    /// <param name="ct">Ends it.</param>
    /// <param name="known">What the log knows of every droplet, where that was read already.</param>
    public static async Task WriteAsync(
        IEventLog log, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct, IReadOnlyList<DropletLedger>? known = null)
    {
        List<DropletLedger> outside = [.. (known ?? await log.LoadLedgersAsync(null, ct)).Where(l => l is { Droplet: not null, Plan: null })];
        var fleet = await log.LoadFleetFactsAsync(ct);
        var seen = fleet.Account?.Uncovered;
        var tags = fleet.Plans.ToDictionary(p => p.Name, p => p.Terms?.Tag, StringComparer.Ordinal);
        var left = (await log.ReadStreamsAsync([.. outside.Select(l => l.Droplet!.Id)], ct)).Select(e => e.Data).OfType<DropletWithdrawn>()
            .GroupBy(w => w.DropletId).ToDictionary(g => g.Key, g => g.Last());
        List<Uncovered> all =
        [
            .. outside.Select(l => Of(l, left.GetValueOrDefault(l.DropletId), tags))
                .Select(u => WasGone(u, seen) ? u with { Why = Reconciliation.DropletIsNoMore } : u)
                // Of one that is no more only what is left of it matters.
                .Where(u => !u.IsGone || u.Snapshots > 0)
                .Concat(NeverCovered(seen, outside))
                .OrderByDescending(u => u.Since ?? now).ThenBy(u => u.Name, StringComparer.Ordinal).ThenBy(u => u.DropletId),
        ];
        List<Uncovered> told = [.. all.Take(Most)];
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
                writer.WriteNumber("leftOut", all.Count - told.Count + (seen?.LeftOut ?? 0));
            });
            return;
        }

        if (all.Count == 0)
        {
            await output.WriteLineAsync($"Every droplet that was in a plan is in one, or is no more{(seen is null ? "" : "; no other has tags")}.");
            return;
        }

        new TextTable<Uncovered>()
            .Left("DROPLET", u => u.Name)
            .Left("WAS IN", u => u.Plan ?? "-")
            .Left("SINCE", u => u.Since is { } since ? Stamp.Of(since) : "-")
            .Right("SNAPSHOTS", u => u.Snapshots.ToString(CultureInfo.InvariantCulture))
            .Left("WHY", u => u.Why)
            .Write(told, output);
        if (all.Count + (seen?.LeftOut ?? 0) > told.Count)
        {
            await output.WriteLineAsync($"{(all.Count + (seen?.LeftOut ?? 0) - told.Count).ToString(CultureInfo.InvariantCulture)} more are left out.");
        }
    }

    /// <summary>One that left its plan, and was not there when the planner looked at all droplets after that.</summary>
    private static bool WasGone(Uncovered left, DropletsUncovered? seen) =>
        seen is { LeftOut: 0 } && left.Since < seen.At && !seen.Droplets.Any(d => d.DropletId == left.DropletId);

    /// <summary>Those that were in no plan, and have tags. Which tag came when, nobody says.</summary>
    private static IEnumerable<Uncovered> NeverCovered(DropletsUncovered? seen, List<DropletLedger> outside) => (seen?.Droplets ?? [])
        .Where(d => d.Tags.Count > 0).ExceptBy(outside.Select(l => l.DropletId), d => d.DropletId)
        .Select(d => new Uncovered(
            d.DropletId, d.Name, null, null, null, $"no plan goes by {(d.Tags.Count == 1 ? "its tag" : "any of its tags")} {string.Join(", ", d.Tags.Select(t => $"'{t}'"))}", 0));

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
