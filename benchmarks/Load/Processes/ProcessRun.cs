using System.Globalization;

namespace DoSnapshot.Load.Benchmarks.Processes;

/// <summary>Runs the services as processes for some scaled days and tells each day's figures, and at the end what they say.</summary>
internal static class ProcessRun
{
    private const double Megabyte = 1024 * 1024;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    /// <summary>So long before the next day's work its figures are read, with the clock going as in life meanwhile.</summary>
    private static readonly TimeSpan BeforeTheEnd = TimeSpan.FromHours(1);

    private static readonly TimeSpan BeforeDue = TimeSpan.FromMinutes(20);

    /// <summary>What is not asked for by then is a fault, and waited for no longer.</summary>
    private static readonly TimeSpan LongestAsking = TimeSpan.FromHours(12);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(400);

    /// <returns>Whether everything was done, within the token's limits, and no memory grew.</returns>
    public static async Task<bool> RunAsync(LoadOptions options, TextWriter output)
    {
        using var interrupt = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupt.Cancel();
        };
        var folder = Directory.CreateTempSubdirectory("do-snapshot-load-").FullName;
        var began = TimeProvider.System.GetTimestamp();
        await using var world = await ProcessWorld.StartAsync(options, Start, folder, interrupt.Token);
        await TellStartAsync(world, options, folder, output);
        await using var watch = await Watch.StartAsync(world.Bus, world.Processes, interrupt.Token);
        await using var books = new Books(world, watch);
        var days = new List<DayFigures>();
        try
        {
            for (var day = 1; day <= options.Days; day++)
            {
                await PassAsync(world, books, options, world.Clock.Start.AddDays(day) - BeforeTheEnd, interrupt.Token);
                world.Clock.Factor = 1;
                days.Add(await books.ReadAsync(day, interrupt.Token));
                await TellAsync(days[^1], world, TimeProvider.System.GetElapsedTime(began), output);
                if (world.Processes.FirstOrDefault(p => p.HasEnded) is { } ended)
                {
                    await output.WriteLineAsync($"{ended.Name} has ended.");
                    return false;
                }
            }
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            await output.WriteLineAsync($"broken off on day {days.Count + 1}, at {(world.Clock.Now - world.Clock.Start).TotalHours:0.0} h");
        }

        return await Verdict.TellAsync(days, options, output);
    }

    /// <summary>Lets the time pass: fast while there is work, faster while there is none.</summary>
    private static async Task PassAsync(ProcessWorld world, Books books, LoadOptions options, DateTimeOffset end, CancellationToken ct)
    {
        while (world.Clock.Now < end && world.Processes.All(p => !p.HasEnded))
        {
            world.Clock.Factor = await HasWorkAsync(world, books, options, ct) ? options.Factor : options.IdleFactor;
            await Task.Delay(LookEvery, TimeProvider.System, ct);
        }
    }

    /// <summary>Whether something waits, or is due in a moment, or is not asked for yet.</summary>
    private static async Task<bool> HasWorkAsync(ProcessWorld world, Books books, LoadOptions options, CancellationToken ct)
    {
        var ofDay = TimeSpan.FromTicks((world.Clock.Now - world.Clock.Start).Ticks % TimeSpan.TicksPerDay);
        return ofDay > TimeSpan.FromDays(1) - BeforeDue
            || await books.WaitingAsync(ct) > 0
            || (ofDay < LongestAsking && await books.AskedForAsync(world.Clock.Now - ofDay, ct) < options.Droplets);
    }

    private static async Task TellStartAsync(ProcessWorld world, LoadOptions options, string folder, TextWriter output)
    {
        await output.WriteLineAsync(
            $"{options.Droplets} droplets due at once each day, copied to {options.Regions}, keep {options.Keep}, {options.Days} days; {options.Consistency}; {options.InFlight} in flight");
        await output.WriteLineAsync($"{world.Processes.Count} processes: sandbox, planner, {options.Replicas} of each worker; {world.Servers}; {Environment.ProcessorCount} cores");
        await output.WriteLineAsync(
            $"clock: {options.Factor} times life while work waits, {options.IdleFactor} times while none does, less where the machine does not follow; {options.HourLimit} requests an hour");
        await output.WriteLineAsync($"what the processes say is in {folder}");
        await output.FlushAsync();
    }

    private static async Task TellAsync(DayFigures day, ProcessWorld world, TimeSpan real, TextWriter output)
    {
        await output.WriteLineAsync(
            $"day {day.Day}: {day.Calls} calls, {day.Refused} of them 429, busiest minute {day.BusiestMinute}, busiest hour {day.BusiestHour};"
            + $" snapshots {Told(day, "snapshot_completed")}, copies {Told(day, "transfer_completed")}, deletions {Told(day, "snapshot_pruned")}; {day.Waiting} waiting;"
            + $" most in the queues {Joined(day.Longest)}, at the end {Joined(day.Left)}; {real.TotalMinutes:0.0} min of real time, {world.Clock.Held.TotalMinutes:0.0} of them held");
        await output.WriteLineAsync("  events: " + string.Join(", ", day.Events.OrderByDescending(e => e.Value.Count).Select(e => $"{e.Key} {e.Value.Count}")));
        await output.WriteLineAsync($"  heap MB: {Each(day, p => $"{p.Heap / Megabyte:0.0}")}");
        await output.WriteLineAsync($"  working set MB: {Each(day, p => $"{p.WorkingSet / Megabyte:0}")}");
        await output.WriteLineAsync($"  CPU s so far: {Each(day, p => $"{p.Processor.TotalSeconds:0}")}; collector {(day.Processes[1].IsServer ? "server" : "workstation")};"
            + $" complaints {string.Join(", ", world.Processes.Where(p => p.Complaints > 0).Select(p => $"{p.Name} {p.Complaints}"))}");
        await output.FlushAsync();
    }

    private static string Told(DayFigures day, string type) => day.Events.TryGetValue(type, out var done)
        ? string.Create(CultureInfo.InvariantCulture, $"{done.Count} in {(int)done.Last.TotalHours}:{done.Last.Minutes:00}")
        : "0";

    private static string Joined(IReadOnlyDictionary<string, uint> queues) => string.Join("/", Watch.Queues.Select(q => queues.GetValueOrDefault(q)));

    private static string Each(DayFigures day, Func<ProcessFigures, string> what) => string.Join(", ", day.Processes.Select(p => $"{p.Name} {what(p)}"));
}
