using System.Globalization;

namespace DoSnapshot.Benchmarks;

/// <summary>How long something took, each time.</summary>
internal sealed class Times
{
    private readonly List<TimeSpan> all = [];

    public void Add(TimeSpan one) => all.Add(one);

    /// <summary>The time within which this share of them were done.</summary>
    public TimeSpan Within(double share) => all.Order().ElementAt(Math.Min(all.Count - 1, (int)(all.Count * share)));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"median {Within(0.5).TotalMilliseconds:0.0} ms, p95 {Within(0.95).TotalMilliseconds:0.0} ms, longest {all.Max().TotalMilliseconds:0.0} ms, of {all.Count}");
}
