using System.Diagnostics;
using System.Runtime.CompilerServices;
using DoSnapshot.Cli.Demo;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Load.Benchmarks;

/// <summary>Runs a world to its end and tells what it took.</summary>
internal static class LoadRun
{
    private const double Megabyte = 1024 * 1024;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    /// <returns>Whether everything was completed, without a 429.</returns>
    public static bool Run(LoadOptions options, TextWriter output)
    {
        output.WriteLine(
            $"{options.Droplets} droplets due at once each day, copied to {options.Regions}, keep {options.Keep}, {options.Days} days; "
            + $"snapshot worker x {options.Replicas}, transfer worker, pruner, planner; {options.Consistency}; {options.Latency} ms a call, {options.InFlight} in flight");
        var clock = new WallClock();
        var account = new SandboxAccount(
            clock,
            new SandboxSettings { HourlyLimit = options.HourLimit, BurstLimit = options.HourLimit / 20 },
            new SandboxSeed { Fleets = [new NewFleet { Count = options.Droplets, Regions = ["nyc3", "ams3"] }] });
        var log = new RelayedLog(new InMemoryEventLog(clock));
        var before = Used();
        var isWell = RunServices(clock, log, account, options, output);
        clock.Stop();
        log.Appended = null;
        var books = Used();
        output.WriteLine($"memory after the services were let go: {books / Megabyte:0.0} MB, of which {before / Megabyte:0.0} MB at the start; the rest is what the log and the account remember");
        GC.KeepAlive(log);
        GC.KeepAlive(account);
        return isWell;
    }

    /// <summary>Apart, so that nothing of the services is held on to by the one who measures.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RunServices(WallClock wall, RelayedLog log, SandboxAccount account, LoadOptions options, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        var clock = wall.Start();
        var calls = new CallMeter(clock, TimeSpan.FromMilliseconds(options.Latency));
        var world = new LoadWorld(clock, log, account, options, calls);
        output.WriteLine("day  snapshots done  copies done  deletions done   waiting at the end  events   memory MB  real s");
        var isWell = true;
        for (var day = 1; day <= options.Days; day++)
        {
            var began = clock.GetUtcNow();
            for (var hour = 1; hour < 24; hour++)
            {
                Drive(clock, began.AddHours(hour));
                Console.Error.WriteLine($"day {day}, hour {hour}: {account.Journal.Total} calls, {Waiting(log)} waiting, {world.Events.Values.Sum(e => e.Count)} events");
            }

            Drive(clock, began.AddDays(1).AddMinutes(-1));
            var waiting = Waiting(log);
            isWell &= waiting == 0;
            output.WriteLine(
                $"{day,3}  {After(world, typeof(SnapshotCompleted), began),14}  {After(world, typeof(TransferCompleted), began),11}  {After(world, typeof(SnapshotPruned), began),14}"
                + $"  {waiting,19}  {world.Events.Values.Sum(e => e.Count),7}  {Used() / Megabyte,9:0.0}  {watch.Elapsed.TotalSeconds,6:0}");
            output.Flush();
            Drive(clock, began.AddDays(1));
        }

        Tell(world, account, options, output);
        GC.KeepAlive(world);
        return isWell && account.Journal.Counts().ByStatus.GetValueOrDefault(429) == 0;
    }

    private static void Tell(LoadWorld world, SandboxAccount account, LoadOptions options, TextWriter output)
    {
        var counts = account.Journal.Counts();
        output.WriteLine($"calls: {counts.Total}; busiest minute {world.Calls.BusiestMinute} of {options.HourLimit / 20}, busiest hour {world.Calls.BusiestHour} of {options.HourLimit}; 429s met: {counts.ByStatus.GetValueOrDefault(429)}");
        foreach (var (call, count) in counts.ByCall.OrderByDescending(c => c.Value))
        {
            output.WriteLine($"  {count,8}  {call}");
        }

        output.WriteLine($"by status: {string.Join(", ", counts.ByStatus.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"))}");
        output.WriteLine($"longest queues: snapshots {world.Snapshots.Longest}, transfers {world.Transfers.Longest}, expiries {world.Expiries.Longest}; told to wait by the budget {world.Budget.Refusals} times");
        output.WriteLine($"failed for good: {world.Snapshots.Failed + world.Transfers.Failed + world.Expiries.Failed} messages; rounds that the next one made good: {string.Join(", ", world.FailedRounds.Select(r => $"{r.Key} {r.Value}"))}");
        output.WriteLine("events: " + string.Join(", ", world.Events.OrderByDescending(e => e.Value.Count).Select(e => $"{e.Key.Name} {e.Value.Count}")));
    }

    /// <summary>All happens within the timers, on this thread; so when a jump returns, everything is at rest.</summary>
    private static void Drive(JumpClock clock, DateTimeOffset end)
    {
        while (clock.GetUtcNow() < end)
        {
            clock.JumpToNext(end);
        }
    }

    /// <summary>Hours and minutes from the moment at which all were due to the last event of this kind on this day.</summary>
    private static string After(LoadWorld world, Type type, DateTimeOffset began) =>
        world.Events.TryGetValue(type, out var e) && e.Last >= began ? $"{(int)(e.Last - began).TotalHours}:{(e.Last - began).Minutes:00}" : "-";

    /// <summary>What the log says is still to be done.</summary>
    private static int Waiting(RelayedLog log)
    {
        var fleet = log.LoadLedgersAsync(null, CancellationToken.None).GetAwaiter().GetResult();
        return fleet.SelectMany(l => l.Snapshots).Count(s => s.Working || s.Phase is SnapshotPhase.Requested or SnapshotPhase.Expired);
    }

    private static long Used() => GC.GetTotalMemory(forceFullCollection: true);

    /// <summary>The time for those who outlive the services: the services' clock, whose timers would keep them in memory, can be let go.</summary>
    private sealed class WallClock : TimeProvider
    {
        private JumpClock? _clock;

        public JumpClock Start() => _clock = new JumpClock(LoadRun.Start);

        public void Stop() => _clock = null;

        public override DateTimeOffset GetUtcNow() => _clock?.GetUtcNow() ?? LoadRun.Start;
    }
}
