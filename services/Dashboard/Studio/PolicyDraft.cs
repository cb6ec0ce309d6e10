using System.Collections.Immutable;
using DoSnapshot.Retention;
using DoSnapshot.Retention.Linting;

namespace DoSnapshot.Dashboard.Studio;

/// <summary>A policy as it is being written.</summary>
/// <param name="Every">The time between snapshots; null while it cannot be read.</param>
/// <param name="Policy">The rules; null while one of them cannot be read.</param>
/// <param name="Mistakes">What cannot be read.</param>
/// <param name="Findings">What the policy will really do, the worst first.</param>
/// <param name="Sentence">What it does; null while it cannot be told.</param>
internal sealed record PolicyDraft(Period? Every, RetentionPolicy? Policy, ImmutableArray<string> Mistakes, ImmutableArray<Finding> Findings, string? Sentence)
{
    /// <summary>Whether it can be tried.</summary>
    public bool IsWhole => Every is not null && Policy is not null;

    /// <summary>The rules as they are written, youngest age first.</summary>
    public ImmutableArray<string> Rules => Policy is null ? [] : [.. Policy.Rules.Reverse().Select(r => r.ToString())];

    /// <summary>Reads it.</summary>
    /// <param name="every">The time between snapshots, such as <c>1d</c>.</param>
    /// <param name="keep">The rules, with blanks or line ends between them.</param>
    public static PolicyDraft Read(string? every, string? keep)
    {
        var mistakes = ImmutableArray.CreateBuilder<string>();
        Period? period = null;
        if (Period.TryParse(every?.Trim(), out var read) && read.Duration > TimeSpan.Zero)
        {
            period = read;
        }
        else
        {
            mistakes.Add($"'{every}' is no time between snapshots: a number above zero followed by h, d, w or m is wanted, such as 1d.{Besides(every ?? "")}");
        }

        var rules = new List<KeepRule>();
        foreach (var text in (keep ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (KeepRule.TryParse(text, out var rule))
            {
                rules.Add(rule);
            }
            else
            {
                mistakes.Add($"'{text}' is no rule: INTERVAL:AGE is wanted, such as 1w:1m for one a week once they are a month old.{Besides(text)}");
            }
        }

        var hasAllRules = rules.Count == (keep ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        var policy = hasAllRules ? new RetentionPolicy(rules) : null;
        return period is { } known && policy is not null
            ? new PolicyDraft(period, policy, mistakes.ToImmutable(), [.. PolicyLint.Examine(known, policy).OrderByDescending(f => f.Severity)], policy.Describe(known))
            : new PolicyDraft(period, policy, mistakes.ToImmutable(), [], null);
    }

    /// <summary>What is nearly a time has one of two mistakes that are hard to see; nothing is said of others.</summary>
    private static string Besides(string text)
    {
        string[] parts = text.Split(':', StringSplitOptions.TrimEntries), small = text.ToLowerInvariant().Split(':', StringSplitOptions.TrimEntries);
        return !parts.SequenceEqual(small, StringComparer.Ordinal) && small.All(p => Period.TryParse(p, out _)) ? $" Units are small letters: {string.Join(':', small)}."
            : parts.Any(IsTooLong) ? $" {Period.Longest.Days}d, a hundred years, is the longest."
            : "";
    }

    private static bool IsTooLong(string time) =>
        time.Length > 1 && time[^1] is 'h' or 'd' or 'w' or 'm' && time[..^1].All(char.IsAsciiDigit) && !Period.TryParse(time, out _);
}
