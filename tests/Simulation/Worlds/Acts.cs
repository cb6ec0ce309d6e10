using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>What the account's owner, an operator and fate do, when the seed says so; and that all of it is put right when the quiet days begin.</summary>
internal sealed class Acts
{
    private readonly World _world;
    private readonly Dice _dice;
    private readonly OperatorActs _operator;
    private readonly OwnerActs _owner;
    private readonly List<(string Name, Action Do)> _all;

    public Acts(World world, Dice dice)
    {
        _world = world;
        _dice = dice;
        _owner = new OwnerActs(world, dice.For("owner"));
        _operator = new OperatorActs(world, dice.For("operator"));
        _all =
        [
            .. _owner.All,
            .. _operator.All,
            ("leader deposed", Depose),
            ("leader deposed", Depose),
            ("leader deposed", Depose),
            ("process killed", () => Kill(_dice.Pick(["planner", "snapshot", "transfer", "pruner"]), _dice.Between(1, 3), "by its operator")),
            ("everything killed", KillAll),
            ("configuration changed", ChangeConfiguration),
            ("configuration changed", ChangeConfiguration),
            ("slip in a plan's rules", SlipInConfiguration),
            ("plan left and returned", LeavePlan),
            ("planner's clock jumps", JumpClock),
            ("worker's clock jumps", () => _world.JumpWorkerClock(_dice)),
            ("worker's clock jumps", () => _world.JumpWorkerClock(_dice)),
        ];
    }

    public IReadOnlySet<long> Foreign => _owner.Foreign;

    public IReadOnlySet<long> SwitchedOff => _owner.Off;

    public void Begin()
    {
        _owner.Populate();
        _world.Sim.At(_world.QuietFrom, Heal);
        ScheduleDay();
        ScheduleNext();
        for (var i = 0; i < _world.Profile.Outages; i++)
        {
            _world.Sim.At(World.Start + _dice.Time(TimeSpan.Zero, Active - TimeSpan.FromHours(12)), BeginOutage);
        }
    }

    /// <summary>Told of what was appended.</summary>
    public void Notice(IReadOnlyList<LoggedEvent> events)
    {
        if (events.Any(e => e.Data is BrakeApplied))
        {
            // An operator looks after a while; while it is quiet, soon.
            _world.Sim.After(_dice.Scale(TimeSpan.FromMinutes(20), TimeSpan.FromHours(30)), _operator.ReleaseBrakes);
        }
    }

    private TimeSpan Active => _world.QuietFrom - World.Start;

    private void ScheduleNext()
    {
        var wait = TimeSpan.FromDays(-Math.Log(1 - _dice.Next()) / _world.Profile.ActsADay);
        _world.Sim.After(wait, () =>
        {
            if (!_world.IsQuiet)
            {
                var (name, act) = _dice.Pick(_all);
                _world.Tally.Count($"act: {name}");
                act();
                ScheduleNext();
            }
        });
    }

    /// <summary>A planner wakes when something is due; the moments of the schedules are known ahead.</summary>
    private void ScheduleDay()
    {
        var midnight = new DateTimeOffset(_world.Sim.Now.UtcDateTime.Date, TimeSpan.Zero);
        foreach (var plan in _world.Plans.Stated)
        {
            var every = Hours(plan.Terms.Every);
            var at = TimeSpan.Parse(plan.Terms.At);
            for (var base0 = at - TimeSpan.FromDays(1); base0 < TimeSpan.FromDays(1); base0 += every)
            {
                for (var spread = TimeSpan.Zero; spread <= Hours(plan.Terms.Spread); spread += TimeSpan.FromMinutes(30))
                {
                    if (midnight + base0 + spread is var due && due >= _world.Sim.Now)
                    {
                        _world.PokePlanner(due + _dice.Time(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(4)));
                    }
                }
            }
        }

        _world.Sim.At(midnight.AddDays(1), ScheduleDay);
    }

    private static TimeSpan Hours(string period) => TimeSpan.FromHours(int.Parse(period[..^1]) * (period[^1] == 'd' ? 24 : 1));

    private void BeginOutage()
    {
        if (!_world.InOutage && !_world.IsQuiet)
        {
            _world.Tally.Count("outages");
            _world.Happened(new Happening.Act(_world.Sim.Now, "DigitalOcean is away"));
            _world.InOutage = true;
            _world.Sim.After(_dice.Scale(TimeSpan.FromMinutes(10), TimeSpan.FromHours(12)), EndOutage);
        }
    }

    private void EndOutage()
    {
        if (_world.InOutage)
        {
            _world.InOutage = false;
            _world.Happened(new Happening.Act(_world.Sim.Now, "DigitalOcean is back"));
        }
    }

    private void Depose() => _world.ElectionOf(_dice.Pick(["planner", "planner", "planner", "snapshot-follower", "transfer-follower", "power-follower"])).Depose();

    private void Kill(string role, int number, string why) => _world.Restart(role, number, why);

    private void KillAll()
    {
        foreach (var role in (string[])["planner", "snapshot", "transfer", "pruner"])
        {
            for (var i = 1; i <= 3; i++)
            {
                Kill(role, i, "with everything else");
            }
        }
    }

    /// <summary>Until somebody sets it right.</summary>
    private void JumpClock()
    {
        var jump = _dice.Scale(TimeSpan.FromMinutes(3), TimeSpan.FromDays(20)) * (_dice.Chance(0.5) ? 1 : -1);
        if (_world.JumpClock(jump) is { } setRight)
        {
            _world.Sim.After(_dice.Scale(TimeSpan.FromMinutes(5), TimeSpan.FromHours(20)), setRight);
        }
    }

    private void ChangeConfiguration() => Roll(_world.Plans.Change());

    private void SlipInConfiguration()
    {
        var (what, mend) = _world.Plans.Slip();
        Roll(what);
        _world.Sim.After(_dice.Scale(TimeSpan.FromMinutes(10), TimeSpan.FromHours(40)), () => Roll(mend()));
    }

    private void LeavePlan()
    {
        var tag = _dice.Pick(PlanBook.Tags);
        _world.Plans.Leave(tag);
        Roll($"the configuration no longer states the plan of '{tag}'");
        _world.Sim.After(_dice.Scale(TimeSpan.FromMinutes(30), TimeSpan.FromDays(3)), ReturnPlans);
    }

    private void ReturnPlans()
    {
        if (_world.Plans.Return())
        {
            Roll("the configuration states every plan again");
        }
    }

    /// <summary>The planners are started again with what is configured now, one after the other.</summary>
    private void Roll(string what)
    {
        _world.Happened(new Happening.Act(_world.Sim.Now, what));
        Kill("planner", 1, "for a new configuration");
        _world.Sim.After(_dice.Scale(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(30)), () => Kill("planner", 2, "for a new configuration"));
    }

    private void Heal()
    {
        EndOutage();
        _owner.Heal();
        _operator.Heal();
        _world.Happened(new Happening.Act(_world.Sim.Now, "the quiet days begin"));
        _world.Plans.Return();
        KillAll();
        for (var wait = TimeSpan.FromHours(1); wait < Profile.Quiet; wait += TimeSpan.FromHours(3))
        {
            _world.Sim.After(wait, _operator.ReleaseBrakes);
        }
    }
}
