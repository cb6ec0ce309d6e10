using System.Diagnostics;
using DoSnapshot.Cli.Web;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.LocalServers;
using Spectre.Console;

namespace DoSnapshot.Cli.Demo;

/// <summary>The demo from start to verdict.</summary>
internal sealed class DemoRun
{
    private static readonly TimeSpan FrameEvery = TimeSpan.FromHours(1);

    private readonly DemoOptions _options;
    private readonly DemoScreen _screen = new(AnsiConsole.Console);
    private readonly List<string> _released = [];

    private DemoRun(DemoOptions options)
    {
        _options = options;
    }

    /// <summary>Runs it. The exit code is 0 only if everything that is checked holds.</summary>
    public static async Task<int> RunAsync(DemoOptions options, CancellationToken ct)
    {
        try
        {
            return await new DemoRun(options).RunAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (LocalServerException e)
        {
            await Console.Error.WriteLineAsync($"do-snapshot: {e.Message}");
            return ExitCodes.Failed;
        }
        catch (IOException e)
        {
            // A full disk, or a reader that has gone.
            await Console.Error.WriteLineAsync($"do-snapshot: {e.Message}");
            return ExitCodes.Failed;
        }
    }

    private async Task<int> RunAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        // Midnight, so that the days are whole.
        var start = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var end = start.AddDays(_options.Days);
        DemoScreen.Say("Starting PostgreSQL, planner, workers and a practice account of six droplets ...");
        await using var world = await DemoWorld.StartAsync(start, _options.Verbose, ct);
        var before = world.Account.State();
        DemoScreen.Say($"PostgreSQL {world.PostgresVersion}.");
        DemoScreen.Say($"Plan: every {DemoPlan.Every} at {DemoPlan.At} UTC, copied to {DemoPlan.Region}, kept by {DemoPlan.Keep}.");
        var tally = new DemoTally(world.Log);
        using (var driver = new DemoDriver(world))
        {
            await _screen.ShowAsync(show => DriveAsync(world, driver, tally, start, end, show, ct));
            await tally.ReadAsync(ct);
            _released.ForEach(DemoScreen.Say);
            var after = world.Account.State();
            var holds = Report(DemoChecks.Run(before, after, tally, start, end, world.Account.Journal.Counts()));
            Summarise(world, before, after, tally, Stopwatch.GetElapsedTime(began));
            if (_options.Stay)
            {
                await StayAsync(world, driver, tally, start, ct);
            }

            return holds ? ExitCodes.Done : ExitCodes.Failed;
        }
    }

    private async Task DriveAsync(
        DemoWorld world, DemoDriver driver, DemoTally tally, DateTimeOffset start, DateTimeOffset end, Action<DemoFrame> show, CancellationToken ct)
    {
        for (var next = start + FrameEvery; next <= end; next += FrameEvery)
        {
            await driver.RunAsync(next, ct);
            await ShowAsync(world, tally, start, show, ct);
            await ReleaseAsync(world, tally, ct);
        }
    }

    /// <summary>
    /// What do-snapshot.py left is more than the plan keeps, so that the first decision lets more than half of it go, and the brake holds that back for
    /// an operator. The demo is its own.
    /// </summary>
    private async Task ReleaseAsync(DemoWorld world, DemoTally tally, CancellationToken ct)
    {
        var now = world.Clock.GetUtcNow();
        foreach (var brake in Braking.InForce(tally.Fleet, now))
        {
            await world.Log.DecideFleetAsync(fleet => Releasing.Plan(fleet, brake, "demo", "this is practice", now), ct);
            _released.Add($"The brake held: {brake.Describe()}. Released {now:yyyy-MM-dd HH:mm}, as an operator would after a look.");
        }
    }

    private static async Task ShowAsync(DemoWorld world, DemoTally tally, DateTimeOffset start, Action<DemoFrame> show, CancellationToken ct)
    {
        await tally.ReadAsync(ct);
        var now = world.Clock.GetUtcNow();
        var passed = now - start;
        var endsDay = passed.Ticks % TimeSpan.TicksPerDay == 0;
        show(new DemoFrame((int)passed.TotalDays + (endsDay ? 0 : 1), now, endsDay, tally, world.Account.Journal.Total));
    }

    private static bool Report(IReadOnlyList<DemoCheck> checks)
    {
        DemoScreen.Say("");
        DemoScreen.Say("Checked against the practice account's own books:");
        foreach (var check in checks)
        {
            DemoScreen.Say($"  {(check.Holds ? "ok    " : "FAILED")}  {check.What}");
        }

        return checks.All(c => c.Holds);
    }

    private void Summarise(DemoWorld world, Sandbox.SandboxState before, Sandbox.SandboxState after, DemoTally tally, TimeSpan took)
    {
        var doubled = DemoChecks.Doubled(tally.Fleet[0].Plan!, DemoChecks.Made(before, after));
        var foreign = DemoChecks.Foreign(before).Count;
        DemoScreen.Say("");
        DemoScreen.Say($"{(_options.Days == 1 ? "1 day" : $"{_options.Days} days")}: {tally.Found} snapshots of do-snapshot.py taken over, {tally.Taken} taken,");
        DemoScreen.Say(
            $"{tally.Transferred} transferred, {tally.Pruned} pruned, {doubled} doubled, {tally.Lost} lost, {foreign} foreign snapshots untouched,");
        DemoScreen.Say($"{world.Account.Journal.Total} API requests; {took.TotalSeconds:0} s.");
    }

    /// <summary>Goes on at a pace that can be watched, a simulated minute each second, with the practice account open to be tried out.</summary>
    private async Task StayAsync(DemoWorld world, DemoDriver driver, DemoTally tally, DateTimeOffset start, CancellationToken ct)
    {
        await using var web = await WebFront.StartAsync(DemoWeb.Of(world), ct);
        DemoScreen.Say("");
        DemoScreen.Say("Staying, a simulated minute each second; Ctrl+C ends.");
        DemoScreen.Say($"The dashboard: {web.Dashboard}. To ask and to command: do-snapshot status --api {web.Api}");
        DemoScreen.Say($"The practice account: {world.SandboxAddress} (any token). Its books: {world.SandboxAddress}/sandbox/state");
        await _screen.ShowAsync(async show =>
        {
            while (!ct.IsCancellationRequested)
            {
                await driver.RunAsync(world.Clock.GetUtcNow().AddMinutes(1), ct);
                await ShowAsync(world, tally, start, show, ct);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
    }
}
