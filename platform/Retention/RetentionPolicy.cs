using System.Collections.Immutable;

namespace DoSnapshot.Retention;

/// <summary>
/// The rules that decide together which restore points stay. Immutable; two policies with the same ordered rules are equal.
/// </summary>
public sealed record RetentionPolicy
{
    /// <summary>The policy without a rule, which keeps everything.</summary>
    public static readonly RetentionPolicy Empty = new([]);

    /// <summary>Makes a policy of rules given in any order.</summary>
    /// <param name="rules">The rules. Of rules with equal ages only the first one given ever applies.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rules"/> is null.</exception>
    public RetentionPolicy(IEnumerable<KeepRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Rules = [.. rules.OrderByDescending(rule => rule.Age.Duration)];
    }

    /// <summary>The rules, oldest age first; equal ages stand in the order in which they were given.</summary>
    public ImmutableArray<KeepRule> Rules { get; }

    /// <summary>Makes a policy of rules written <c>INTERVAL:AGE</c>.</summary>
    /// <param name="rules">One text for each rule, in any order; none gives <see cref="Empty"/>.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="rules"/>, or one of the texts, is null.</exception>
    /// <exception cref="FormatException">A text is not a rule; the message quotes it.</exception>
    public static RetentionPolicy Parse(IEnumerable<string> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return new RetentionPolicy(rules.Select(KeepRule.Parse));
    }

    /// <summary>Whether the other policy has the same rules in the same order.</summary>
    /// <param name="other">The policy to compare with; null is never equal.</param>
    /// <returns>True when both judge alike and are written alike.</returns>
    public bool Equals(RetentionPolicy? other) => other is not null && Rules.AsSpan().SequenceEqual(other.Rules.AsSpan());

    /// <summary>A hash code of the ordered rules.</summary>
    /// <returns>Equal numbers for equal policies.</returns>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (KeepRule rule in Rules)
        {
            hash.Add(rule);
        }

        return hash.ToHashCode();
    }

    /// <summary>The rules as they are written, youngest age first, with a space between them.</summary>
    /// <returns>Text such as <c>3d:1d 1w:1w</c>, whose parts <see cref="Parse"/> reads as an equal policy; empty without a rule.</returns>
    public override string ToString() => string.Join(' ', Rules.OrderBy(rule => rule.Age.Duration));

    /// <summary>What the policy does, for people. Rules that can never apply are left out.</summary>
    /// <param name="every">The time between snapshots; zero takes one at every run.</param>
    /// <returns>
    /// One sentence with its full stop, such as <c>A snapshot is taken every day and kept until it is 1 day old; then one every 3 days
    /// stays until 1 week, and none after that.</c>
    /// </returns>
    public string Describe(Period every) => PolicySentence.Of(every, this);

    /// <summary>Finds the rule whose group a restore point belongs to.</summary>
    /// <param name="age">The point's age; negative when it is dated in the future.</param>
    /// <returns>
    /// The index in <see cref="Rules"/> of the first whose age is not above <paramref name="age"/>; their number if there is none.
    /// </returns>
    internal int IndexOfRuleFor(TimeSpan age)
    {
        int index = 0;
        while (index < Rules.Length && Rules[index].Age.Duration > age)
        {
            index++;
        }

        return index;
    }
}
