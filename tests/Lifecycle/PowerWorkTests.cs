using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>The steps of a powered-off snapshot, one decision at a time.</summary>
public sealed class PowerWorkTests
{
    private readonly World _world = new(World.Terms() with { Consistency = SnapshotConsistency.PoweredOff });
    private readonly SnapshotRequested _request;

    public PowerWorkTests()
    {
        _request = Assert.IsType<SnapshotRequested>(Assert.Single(_world.Plan()));
    }

    private LifecycleTimings Timings => _world.Timings;

    [Theory]
    [InlineData(DropletPower.Active, typeof(PowerOnOwed))]
    [InlineData(DropletPower.Off, typeof(SnapshotAttempted))]
    [InlineData(DropletPower.Unknown, typeof(SnapshotDeferred))]
    [InlineData(DropletPower.Gone, typeof(SnapshotDeferred))]
    public void Only_a_droplet_that_is_seen_running_is_shut_down(DropletPower power, Type expected)
    {
        Assert.IsType(expected, Assert.Single(Begin(power)));
    }

    [Fact]
    public void Nothing_is_sent_for_the_snapshot_before_the_droplet_was_seen_off()
    {
        Begin(DropletPower.Active);
        Assert.Empty(Begin(DropletPower.Active));
        Assert.Empty(Begin(DropletPower.Off));
        Given(new DropletShutDown(World.Droplet, _request.SnapshotId, _world.Now));
        Assert.Empty(Begin(DropletPower.Off));

        Assert.Equal(PowerCommand.Snapshot, Next(DropletPower.Off));
        Assert.Empty(Begin(DropletPower.Active));
        Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(DropletPower.Off)));
    }

    [Fact]
    public void Another_snapshot_of_the_droplet_waits_until_it_runs_again()
    {
        Begin(DropletPower.Active);
        var manual = _world.Manual("by-hand");
        Assert.IsType<SnapshotDeferred>(Assert.Single(_world.When(l => SnapshotWork.Begin(l, manual, _world.Now, Timings))));
    }

    [Theory]
    [InlineData("accepted", typeof(DropletShutDown), null)]
    [InlineData("unknown", typeof(DropletShutDown), null)]
    [InlineData("busy", typeof(PowerOnWaived), typeof(SnapshotDeferred))]
    [InlineData("refused", typeof(PowerOnWaived), typeof(SnapshotDeferred))]
    public void A_shutdown_that_may_have_arrived_is_owed_for_and_one_that_did_not_is_not(string outcome, Type first, Type? second)
    {
        var owed = Assert.IsType<PowerOnOwed>(Assert.Single(Begin(DropletPower.Active)));
        SendOutcome came = outcome switch
        {
            "accepted" => new SendOutcome.Started(7, _world.Now),
            "unknown" => new SendOutcome.Unknown("cut off"),
            "busy" => new SendOutcome.NotYet("busy"),
            _ => new SendOutcome.Failed("no", Final: false),
        };
        var events = _world.When(l => PowerWork.RecordShutdown(l, owed, came, _world.Now, Timings));

        Assert.Equal(new[] { first, second }.OfType<Type>(), events.Select(e => e.GetType()));
        Assert.Equal(second is null, _world.Ledger.Droplet!.OwesPower);
        Assert.Empty(_world.When(l => PowerWork.RecordShutdown(l, owed, came, _world.Now, Timings)));
    }

    [Theory]
    [InlineData(ActionState.InProgress, PowerCommand.None)]
    [InlineData(null, PowerCommand.None)]
    [InlineData(ActionState.Missing, PowerCommand.None)]
    [InlineData(ActionState.Completed, PowerCommand.PowerOn)]
    [InlineData(ActionState.Errored, PowerCommand.PowerOn)]
    public void It_is_powered_on_when_the_action_is_over_however_it_ended(ActionState? action, PowerCommand expected)
    {
        Off();
        Begin(DropletPower.Off);
        _world.Given(NewEvent.Of(_request.SnapshotId, new SnapshotStarted(_request.SnapshotId, World.Droplet, 77, _world.Now)));
        Assert.Equal(expected, Next(DropletPower.Off, action));
    }

    [Fact]
    public void While_it_is_not_known_whether_the_snapshot_was_sent_the_droplet_stays_off_until_nothing_can_be_on_its_way()
    {
        Off();
        Begin(DropletPower.Off);
        _world.Now += Timings.SendWindow + Timings.RequestTimeout;
        Assert.Equal(PowerCommand.None, Next(DropletPower.Off));
        _world.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(PowerCommand.PowerOn, Next(DropletPower.Off));
        // And no second attempt begins on the way to the power-on.
        Assert.Empty(Begin(DropletPower.Off));
    }

    [Fact]
    public void A_power_on_is_repeated_every_minute_until_the_droplet_is_seen_running()
    {
        Off();
        _world.Given(NewEvent.Of(_request.SnapshotId, new SnapshotFailed(_request.SnapshotId, World.Droplet, "no", Final: true, _world.Now)));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(PowerCommand.PowerOn, Next(DropletPower.Off));
            Assert.Equal(PowerCommand.None, Next(DropletPower.Off));
            Assert.Equal(i + 1, _world.Ledger.Droplet!.Power!.OnAttempts);
            _world.Now += Timings.RetryFirst;
        }

        Assert.Equal(PowerCommand.None, Next(DropletPower.Unknown));
        Assert.True(_world.Ledger.Droplet!.OwesPower);
        Next(DropletPower.Active);
        Assert.True(_world.Ledger.Droplet!.OwesPower);
        Next(DropletPower.Active, since: Timings.RetryFirst);
        Assert.False(_world.Ledger.Droplet!.OwesPower);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_word_that_it_is_gone_counts_when_it_is_said_for_an_hour_in_its_plan_or_not(bool left)
    {
        Off();
        if (left)
        {
            Given(new DropletWithdrawn(World.Droplet, "p", "untagged", _world.Now));
        }

        var enough = Timings.ActionGrace;
        Next(DropletPower.Gone, since: enough - TimeSpan.FromSeconds(1));
        Assert.True(_world.Ledger.Droplet!.OwesPower);
        Next(DropletPower.Gone, since: enough);
        Assert.False(_world.Ledger.Droplet!.OwesPower);
    }

    [Fact]
    public void A_worker_that_died_before_it_sent_the_shutdown_is_made_up_for()
    {
        Begin(DropletPower.Active);
        Assert.Equal(PowerCommand.None, Next(DropletPower.Active));
        _world.Now += Timings.SendWindow + Timings.RetryFirst;
        Assert.Equal(PowerCommand.Shutdown, Next(DropletPower.Active));
    }

    [Fact]
    public void One_that_somebody_powered_on_before_the_snapshot_is_left_running_for_an_hour()
    {
        Off();
        Assert.Equal(PowerCommand.None, Next(DropletPower.Active));
        Assert.True(_world.Ledger.Droplet!.OwesPower);
        Assert.Equal(PowerCommand.None, Next(DropletPower.Active, since: Timings.RetryFirst));
        Assert.False(_world.Ledger.Droplet!.OwesPower);
        Assert.Equal(_world.Now + Timings.RetryLongest, _world.Find(_request.SnapshotId).RetryAt);
    }

    [Fact]
    public void The_debt_names_when_it_becomes_an_alarm()
    {
        var owed = Assert.IsType<PowerOnOwed>(Assert.Single(Begin(DropletPower.Active)));
        Assert.Equal((_world.Now + Timings.PowerOnWithin, _request.SnapshotId), (owed.Deadline, owed.SnapshotId));
    }

    private IReadOnlyList<object> Begin(DropletPower power) =>
        _world.When(l => SnapshotWork.Begin(l, _request.SnapshotId, _world.Now, Timings, power: power));

    /// <summary>Decides the next step and appends it; gives what is sent.</summary>
    private PowerCommand Next(DropletPower power, ActionState? action = null, TimeSpan since = default)
    {
        var step = PowerStep.Wait;
        _world.When(l => (step = PowerWork.Next(l, power, action, _world.Now - since, _world.Now, Timings)).Events);
        return step.Then;
    }

    private void Off()
    {
        Begin(DropletPower.Active);
        Given(new DropletShutDown(World.Droplet, _request.SnapshotId, _world.Now));
        Assert.Equal(PowerCommand.Snapshot, Next(DropletPower.Off));
    }

    private void Given(object @event) => _world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), @event));
}
