using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace DoSnapshot.Retention;

/// <summary>
/// A length of time as a user writes it: a whole number and a unit, <c>h</c>ours, <c>d</c>ays, <c>w</c>eeks of 7 days or
/// <c>m</c>onths of 30 days. Zero is allowed, <see cref="Longest"/> is the most. The default value is <c>0h</c>.
/// </summary>
/// <remarks>Two periods are equal when they are written alike: <c>7d</c> and <c>1w</c> last equally long, but are not equal.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Period
{
    /// <summary>The longest period accepted: 100 years of 365 days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    private readonly int count;
    private readonly Unit unit;

    private Period(int count, Unit unit)
    {
        this.count = count;
        this.unit = unit;
    }

    private enum Unit
    {
        Hour,
        Day,
        Week,
        Month,
    }

    /// <summary>How long the period lasts; whole hours, from zero to <see cref="Longest"/>.</summary>
    public TimeSpan Duration => TimeSpan.FromHours((long)count * HoursIn(unit));

    /// <summary>Reads a period such as <c>3d</c>; white space around it is ignored.</summary>
    /// <param name="text">ASCII digits followed by one of <c>h</c>, <c>d</c>, <c>w</c>, <c>m</c>.</param>
    /// <returns>The period.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">The text is no period, or one above <see cref="Longest"/>; the message quotes it.</exception>
    public static Period Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Period period)
            ? period
            : throw new FormatException(
                $"\"{text}\" is not a period: a whole number and one of h, d, w, m (as in 3d) is expected, "
                + $"of {Longest.Days} days at most.");
    }

    /// <summary>Reads a period as <see cref="Parse"/> does, and says whether that was possible.</summary>
    /// <param name="text">The text to read; null is no period.</param>
    /// <param name="period">The period, or <c>0h</c> when the text is none.</param>
    /// <returns>Whether the text is a period no longer than <see cref="Longest"/>.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Period period)
    {
        period = default;
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        if (trimmed.Length < 2 || UnitOf(trimmed[^1]) is not { } readUnit || CountIn(trimmed[..^1], HoursIn(readUnit)) is not { } readCount)
        {
            return false;
        }

        period = new Period(readCount, readUnit);
        return true;
    }

    /// <summary>The period as it was written, without white space and leading zeros.</summary>
    /// <returns>Text that <see cref="Parse"/> reads as an equal period, such as <c>3d</c>.</returns>
    public override string ToString() => $"{count}{LetterOf(unit)}";

    /// <summary>The period in words.</summary>
    /// <returns>Such as <c>1 day</c> or <c>3 weeks</c>.</returns>
    public string Describe() => count == 1 ? $"1 {NounOf(unit)}" : $"{count} {NounOf(unit)}s";

    /// <summary>What follows "every": <c>day</c>, <c>3 weeks</c>.</summary>
    internal string DescribeRepeat() => count == 1 ? NounOf(unit) : Describe();

    // Stops at the first digit that makes the period too long, so that no number of digits can overflow.
    private static int? CountIn(ReadOnlySpan<char> digits, int hoursInUnit)
    {
        int most = (int)Longest.TotalHours / hoursInUnit;
        int value = 0;
        foreach (char digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return null;
            }

            value = (value * 10) + (digit - '0');
            if (value > most)
            {
                return null;
            }
        }

        return value;
    }

    private static Unit? UnitOf(char letter) => letter switch
    {
        'h' => Unit.Hour,
        'd' => Unit.Day,
        'w' => Unit.Week,
        'm' => Unit.Month,
        _ => null,
    };

    private static char LetterOf(Unit unit) => unit switch
    {
        Unit.Day => 'd',
        Unit.Week => 'w',
        Unit.Month => 'm',
        _ => 'h',
    };

    private static string NounOf(Unit unit) => unit switch
    {
        Unit.Day => "day",
        Unit.Week => "week",
        Unit.Month => "month",
        _ => "hour",
    };

    private static int HoursIn(Unit unit) => unit switch
    {
        Unit.Day => 24,
        Unit.Week => 24 * 7,
        Unit.Month => 24 * 30,
        _ => 1,
    };
}
