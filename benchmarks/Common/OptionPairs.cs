using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DoSnapshot.Benchmarks;

/// <summary>Reads a bench's command line, which is names with a value each.</summary>
internal static class OptionPairs
{
    /// <summary>Takes one after the other.</summary>
    /// <param name="args">Names and values in turn.</param>
    /// <param name="start">What counts where nothing is said.</param>
    /// <param name="usage">What may be said.</param>
    /// <param name="take">Is given what was read so far, the name, the value, and the value as a whole number above zero, null where it is none; gives null for what it does not know.</param>
    /// <param name="options">What was read; null where something is not understood.</param>
    /// <param name="problem">What to tell the user then.</param>
    public static bool TryRead<T>(
        IReadOnlyList<string> args, T start, string usage, Func<T, string, string, int?, T?> take, [NotNullWhen(true)] out T? options, out string problem)
        where T : class
    {
        options = start;
        problem = $"Usage: {usage}";
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : "";
            options = take(options, args[i], value, int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null);
            if (options is null)
            {
                problem = $"'{args[i]} {value}' is not understood. {problem}";
                return false;
            }
        }

        return true;
    }
}
