namespace DoSnapshot.Load.Benchmarks.Processes;

/// <summary>What the days' figures say of the promises: all done, limits kept, queues empty, memory flat.</summary>
internal static class Verdict
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>A heap that grows by less than this each day is flat: a megabyte, or 3 % of it where it is larger.</summary>
    private const double FlatMegabytes = 1.0;
    private const double FlatShare = 0.03;

    /// <returns>Whether every promise was kept.</returns>
    public static async Task<bool> TellAsync(IReadOnlyList<DayFigures> days, LoadOptions options, TextWriter output)
    {
        var isDone = days.Count > 0 && days.All(d => d.Waiting == 0 && Count(d, "snapshot_completed") == options.Droplets
            && Count(d, "transfer_completed") == options.Droplets * options.Regions.Split(' ').Length);
        var isWithin = days.All(d => d.Refused == 0 && d.BusiestMinute <= options.HourLimit / 20 && d.BusiestHour <= options.HourLimit);
        var isDrained = days.All(d => d.Left.Values.All(depth => depth == 0));
        await output.WriteLineAsync($"everything done on each day: {Said(isDone)}; limits kept and no 429: {Said(isWithin)}; queues empty at the end of each day: {Said(isDrained)}");
        return await TellMemoryAsync(days, output) && isDone && isWithin && isDrained;
    }

    /// <summary>
    /// By the slope of the heap after a collection, from the first day on which as many snapshots are kept and remembered as on the next, which is the
    /// middle of the run; for the services, not for the sandbox, which remembers its whole past as DigitalOcean does.
    /// </summary>
    private static async Task<bool> TellMemoryAsync(IReadOnlyList<DayFigures> days, TextWriter output)
    {
        var from = days.Count / 2;
        if (days.Count - from < 3 || days.Count == 0)
        {
            await output.WriteLineAsync("memory: too few days to judge");
            return true;
        }

        var isFlat = true;
        foreach (var name in days[0].Processes.Skip(1).Select(p => p.Name))
        {
            var heaps = days.Select(d => d.Processes.Single(p => string.Equals(p.Name, name, StringComparison.Ordinal)).Heap / Megabyte).ToList();
            var judged = heaps[from..];
            var slope = Slope(judged);
            var flat = slope < Math.Max(FlatMegabytes, FlatShare * judged.Average());
            isFlat &= flat;
            await output.WriteLineAsync($"  {name}: heap {string.Join(" ", heaps.Select(h => $"{h:0.0}"))} MB; {slope:+0.00;-0.00} MB a day from day {from + 1} on: {(flat ? "flat" : "growing")}");
        }

        await output.WriteLineAsync($"memory flat: {Said(isFlat)}");
        return isFlat;
    }

    /// <summary>By least squares.</summary>
    private static double Slope(IReadOnlyList<double> values)
    {
        var (middle, mean) = ((values.Count - 1) / 2.0, values.Average());
        return values.Select((v, i) => (i - middle) * (v - mean)).Sum() / values.Select((_, i) => (i - middle) * (i - middle)).Sum();
    }

    private static int Count(DayFigures day, string type) => day.Events.TryGetValue(type, out var done) ? done.Count : 0;

    private static string Said(bool yes) => yes ? "yes" : "NO";
}
