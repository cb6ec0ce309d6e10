using DoSnapshot.Cli.Demo;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Browser.Tests;

/// <summary>Lets a demo's time go on while pages look at it, and days pass at once where a test wants that.</summary>
internal sealed class DemoTime : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly DemoWorld world;
    private readonly DemoDriver driver;
    private readonly DemoTally tally;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource ending = new();
    private Task? goingOn;

    public DemoTime(DemoWorld world)
    {
        (this.world, driver, tally) = (world, new DemoDriver(world), new DemoTally(world.Log));
    }

    /// <summary>From now on a minute passes each time that a moment does.</summary>
    public void GoOn() => goingOn ??= Task.Run(GoOnAsync);

    /// <summary>Lets the time until then pass at once, hour by hour; a brake is released as an operator would.</summary>
    public async Task PassAsync(DateTimeOffset until, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            while (world.Clock.GetUtcNow() < until)
            {
                var next = world.Clock.GetUtcNow().AddHours(1);
                await driver.RunAsync(next < until ? next : until, ct);
                await ReleaseAsync(ct);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        if (goingOn is not null)
        {
            await goingOn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        driver.Dispose();
        ending.Dispose();
        turn.Dispose();
    }

    private async Task GoOnAsync()
    {
        while (true)
        {
            await turn.WaitAsync(ending.Token);
            try
            {
                await driver.RunAsync(world.Clock.GetUtcNow() + Step, ending.Token);
            }
            finally
            {
                turn.Release();
            }

            await Task.Delay(Pause, TimeProvider.System, ending.Token);
        }
    }

    private async Task ReleaseAsync(CancellationToken ct)
    {
        await tally.ReadAsync(ct);
        var now = world.Clock.GetUtcNow();
        foreach (var brake in Braking.InForce(tally.Fleet, now))
        {
            await world.Log.DecideFleetAsync(fleet => Releasing.Plan(fleet, brake, "demo", "this is practice", now), ct);
        }
    }
}
