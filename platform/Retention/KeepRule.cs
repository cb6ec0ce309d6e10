using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace DoSnapshot.Retention;

/// <summary>
/// One rule of a policy: of the restore points that are <paramref name="Age"/> old or older, keep one every <paramref name="Interval"/>.
/// </summary>
/// <param name="Interval">The least distance between two points that are kept; zero keeps none.</param>
/// <param name="Age">The age from which on the rule applies, inclusive.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct KeepRule(Period Interval, Period Age)
{
    /// <summary>Whether the rule keeps nothing, because its interval is zero.</summary>
    public bool KeepsNone => Interval.Duration == TimeSpan.Zero;

    /// <summary>Reads a rule written <c>INTERVAL:AGE</c>, such as <c>3d:1d</c>; white space around either period is ignored.</summary>
    /// <param name="text">The text to read.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">The text is not two periods with one colon between them; the message quotes it.</exception>
    public static KeepRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out KeepRule rule)
            ? rule
            : throw new FormatException(
                $"\"{text}\" is not a retention rule: INTERVAL:AGE (as in 3d:1d) is expected, each a whole number and one of h, d, w, m, "
                + $"of {Period.Longest.Days} days at most.");
    }

    /// <summary>Reads a rule as <see cref="Parse"/> does, and says whether that was possible.</summary>
    /// <param name="text">The text to read; null is no rule.</param>
    /// <param name="rule">The rule, or the default value when the text is none.</param>
    /// <returns>Whether the text is a rule.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeepRule rule)
    {
        rule = default;
        if (text?.Split(':') is not [string interval, string age]
            || !Period.TryParse(interval, out Period parsedInterval)
            || !Period.TryParse(age, out Period parsedAge))
        {
            return false;
        }

        rule = new KeepRule(parsedInterval, parsedAge);
        return true;
    }

    /// <summary>The rule as it is written.</summary>
    /// <returns>Text that <see cref="Parse"/> reads as an equal rule, such as <c>3d:1d</c>.</returns>
    public override string ToString() => $"{Interval}:{Age}";
}
