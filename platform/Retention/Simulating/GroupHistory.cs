using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace DoSnapshot.Retention.Simulating;

/// <summary>How many snapshots fell to one rule, over time.</summary>
/// <param name="Rule">The rule; null for those that no rule has reached, among them those in progress.</param>
/// <param name="Counts">The number after each run at which it changed, in the order of time; zero before the first.</param>
public sealed record GroupHistory(KeepRule? Rule, ImmutableArray<CountAt> Counts)
{
    /// <summary>How many there were after the last run that is not after a moment.</summary>
    /// <param name="moment">The moment.</param>
    /// <returns>The number; zero before the first run.</returns>
    public int CountOn(DateTimeOffset moment)
    {
        int low = 0;
        int high = Counts.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = Counts[middle].At <= moment ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? 0 : Counts[low - 1].Count;
    }
}

/// <summary>A number of snapshots from a run on.</summary>
/// <param name="At">The run.</param>
/// <param name="Count">The number after it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CountAt(DateTimeOffset At, int Count);
