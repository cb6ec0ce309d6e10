using DoSnapshot.Contracts;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Services.Tests;

/// <summary>Whatever the API answers to each step, the droplet is on again in the end, and there is one snapshot.</summary>
public sealed class PoweredOffFaultTests : PoweredOffDroplet
{
    private static readonly SandboxFaultKind[] Kinds =
    [
        SandboxFaultKind.CutBefore, SandboxFaultKind.CutAfter, SandboxFaultKind.TruncatedJson, SandboxFaultKind.ErrorBefore, SandboxFaultKind.HtmlAfter,
        SandboxFaultKind.HourlyLimit, SandboxFaultKind.BurstLimit,
    ];

    public static TheoryData<string, SandboxFaultKind> Steps
    {
        get
        {
            var steps = new TheoryData<string, SandboxFaultKind>();
            foreach (var kind in Kinds)
            {
                steps.Add("shutdown", kind);
                steps.Add("snapshot", kind);
                steps.Add("power_on", kind);
            }

            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task It_is_on_again_and_has_one_snapshot(string action, SandboxFaultKind kind)
    {
        await RequestAsync();
        var faults = _world.Account.Faults;
        // After the third time it is not shut down again for this one.
        faults.Set(new SandboxFaultRule { Kind = kind, Calls = "POST /v2/droplets/{id}/actions", Action = action, Times = 2 });

        await RunAsync(TimeSpan.FromHours(12), TimeSpan.FromSeconds(30));

        Assert.True(faults.Counts().Total > 0);
        Assert.Equal(SandboxPower.Active, Power());
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
        Assert.Single(_world.Account.State().Snapshots);
        Assert.True((await _world.OnlyAsync(_web)).IsComplete);
    }

    [Fact]
    public async Task With_all_that_starts_an_action_failing_now_and_then_for_days_it_is_never_left_off()
    {
        await RequestAsync();
        var faults = _world.Account.Faults;
        faults.Reseed(3);
        faults.Set([.. Kinds.Select(kind => new SandboxFaultRule { Kind = kind, Calls = "POST *", Probability = 0.08 })]);
        await RunAsync(TimeSpan.FromDays(5), TimeSpan.FromMinutes(1));
        faults.Clear();
        await RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));

        Assert.Equal(SandboxPower.Active, Power());
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
        Assert.True(faults.Counts().Total > 5, $"{faults.Counts().Total}");
        Assert.Equal(_world.Account.State().Snapshots.Count, (await _world.EventsAsync()).OfType<SnapshotCompleted>().Count());
        Assert.InRange(_world.Account.State().Snapshots.Count, 5, 6);
    }
}
