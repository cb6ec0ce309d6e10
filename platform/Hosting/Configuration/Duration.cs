using System.Globalization;

namespace DoSnapshot.Hosting.Configuration;

/// <summary>
/// A length of time as a setting says it: a number and a unit (<c>500ms</c>, <c>20s</c>, <c>15min</c>, <c>1h</c>, <c>2d</c>), or
/// <c>hh:mm:ss</c>. A bare number is refused: whether it is seconds or days would be anybody's guess.
/// </summary>
public static class Duration
{
    /// <summary>What is wanted, for error messages.</summary>
    public const string Wanted = "a duration such as 500ms, 20s, 15min, 1h, 2d or 00:00:20";

    private static readonly (string Unit, TimeSpan Of)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("min", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    /// <summary>Reads a duration; white space around it is ignored.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out duration);
        }

        foreach (var (unit, of) in Units)
        {
            if (trimmed.EndsWith(unit, StringComparison.Ordinal)
                && decimal.TryParse(trimmed[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number <= (decimal)TimeSpan.MaxValue.Ticks / of.Ticks)
            {
                duration = TimeSpan.FromTicks((long)(number * of.Ticks));
                return true;
            }
        }

        return false;
    }
}
