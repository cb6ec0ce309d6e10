namespace DoSnapshot.Tests.Support;

/// <summary>Counts what falls into a window of time, wherever the window begins.</summary>
public static class BusiestWindow
{
    /// <summary>The most of these moments that lie within any window of this length.</summary>
    public static int Count(IEnumerable<DateTimeOffset> moments, TimeSpan window)
    {
        var sorted = moments.Order().ToList();
        var most = 0;
        for (int first = 0, next = 0; next < sorted.Count; next++)
        {
            while (sorted[next] - sorted[first] >= window)
            {
                first++;
            }

            most = Math.Max(most, next - first + 1);
        }

        return most;
    }
}
