using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Plans;

/// <summary>A plan as the configuration states it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Terms">What it says.</param>
public sealed record StatedPlan(string Name, PlanTerms Terms);

/// <summary>What is wrong with one plan of several.</summary>
/// <param name="Plan">Which, from 0.</param>
/// <param name="Problem">What.</param>
/// <param name="Other">The earlier plan that it collides with, from 0; null where it is wrong by itself.</param>
public sealed record PlanSetProblem(int Plan, PlanProblem Problem, int? Other = null);

/// <summary>The plans of an installation as its configuration states them, all of them.</summary>
public sealed class PlanSet
{
    /// <summary>A set of these plans.</summary>
    public PlanSet(IEnumerable<StatedPlan> plans)
    {
        Plans = [.. plans.OrderBy(p => p.Name, StringComparer.Ordinal)];
        Hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Plans)));
    }

    /// <summary>The plans, by name.</summary>
    public ImmutableArray<StatedPlan> Plans { get; }

    /// <summary>SHA-256 of what the plans say; their order does not count.</summary>
    public string Hash { get; }

    /// <summary>Everything that is wrong with these plans, each by itself and one with another; empty for a set that can be used.</summary>
    public static IReadOnlyList<PlanSetProblem> Problems(IReadOnlyList<StatedPlan> plans)
    {
        ArgumentNullException.ThrowIfNull(plans);
        var problems = new List<PlanSetProblem>();
        for (var i = 0; i < plans.Count; i++)
        {
            var own = Plan.Problems(plans[i].Name, plans[i].Terms);
            problems.AddRange(own.Concat(AlwaysDue(plans[i], own)).Select(p => new PlanSetProblem(i, p)));
            for (var other = 0; other < i; other++)
            {
                problems.AddRange(Collisions(plans[other], plans[i]).Select(p => new PlanSetProblem(i, p, other)));
            }
        }

        return problems;
    }

    /// <summary>Whether two plans' terms say the same.</summary>
    public static bool SaySame(PlanTerms one, PlanTerms other) =>
        string.Equals(JsonSerializer.Serialize(one), JsonSerializer.Serialize(other), StringComparison.Ordinal);

    /// <summary>A planner decides every minute: one that finds a snapshot due whenever it looks would make one after the other.</summary>
    private static IEnumerable<PlanProblem> AlwaysDue(StatedPlan stated, IReadOnlyList<PlanProblem> own) =>
        own.Count == 0 && Plan.From(stated.Name, 0, stated.Terms).Every.Duration <= TimeSpan.Zero
            ? [new PlanProblem("every", stated.Terms.Every, "it must be more than zero")]
            : [];

    /// <summary>
    /// How a plan gets into the way of an earlier one. A droplet belongs to one plan, so that a tag is one plan's; and a snapshot belongs to one, so
    /// that no name may be taken for another plan's, by this program, by do-snapshot.py beside it, or by a person who goes by how names begin.
    /// </summary>
    private static IEnumerable<PlanProblem> Collisions(StatedPlan earlier, StatedPlan later)
    {
        if (string.Equals(earlier.Name, later.Name, StringComparison.Ordinal))
        {
            yield return new PlanProblem("name", later.Name, "another plan has this name");
            yield break;
        }

        var (tag, prefix) = (later.Terms.Tag, later.Terms.Prefix);
        if (!string.IsNullOrWhiteSpace(tag) && string.Equals(earlier.Terms.Tag?.Trim(), tag.Trim(), StringComparison.OrdinalIgnoreCase))
        {
            yield return new PlanProblem("tag", tag, $"plan '{earlier.Name}' has this tag, and a droplet belongs to one plan");
        }

        var (one, other) = (Start(earlier.Terms), Start(later.Terms));
        if (one.Length > 0 && other.Length > 0 && (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal)))
        {
            var said = string.Equals(one, other, StringComparison.Ordinal)
                ? $"plan '{earlier.Name}' gives the same names"
                : $"its names and those of plan '{earlier.Name}' ('{earlier.Terms.Prefix}') begin alike";
            yield return new PlanProblem("prefix", prefix, $"{said}, so that one plan's snapshots could be taken for the other's");
        }
    }

    /// <summary>The prefix with the tag in its place; the droplet's name may be any.</summary>
    private static string Start(PlanTerms terms) =>
        terms.Prefix?.Trim().Replace("$tag", terms.Tag?.Trim() ?? "", StringComparison.Ordinal) ?? "";
}
