using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <content>Processes, their deaths and their next lives; and the relay of whoever leads.</content>
internal sealed partial class World
{
    public void Restart(string role, int number, string why)
    {
        var process = role == "planner"
            ? _planners.Select(p => p.Process).FirstOrDefault(p => p.Alive && p.Name.StartsWith($"planner-{number}.", StringComparison.Ordinal))
            : Workers(role).Select(w => w.Process).FirstOrDefault(p => p.Alive && p.Name.StartsWith($"{role}-{number}.", StringComparison.Ordinal));
        if (process is not null)
        {
            Hazard.Kill(process, why);
        }
    }

    private void StartPlanner(int number, int life)
    {
        var process = NewProcess("planner", number, life, StartPlanner);
        var planner = new PlannerProcess(this, process, _dice.For(process.Name));
        _planners.RemoveAll(p => !p.Process.Alive);
        _planners.Add(planner);
        planner.Start();
    }

    private void StartWorker(string role, int number, int life)
    {
        var process = NewProcess(role, number, life, (n, l) => StartWorker(role, n, l));
        var worker = new WorkerProcess(this, process, _dice.For(process.Name));
        _workers.RemoveAll(w => !w.Process.Alive);
        _workers.Add(worker);
        worker.Start();
    }

    private Incarnation NewProcess(string role, int number, int life, Action<int, int> start)
    {
        var skew = _dice.Time(-Profile.Skew, Profile.Skew);
        var process = new Incarnation(Sim, role, $"{role}-{number}.{life}", skew);
        process.OnDeath(() => Sim.After(
            IsQuiet ? TimeSpan.FromSeconds(1) : _dice.Scale(TimeSpan.FromSeconds(1), _dice.Chance(0.05) ? TimeSpan.FromHours(8) : TimeSpan.FromMinutes(10)),
            () => start(number, life + 1)));
        return process;
    }

    private void RelaySoon()
    {
        if (!_isRelayDue)
        {
            _isRelayDue = true;
            Sim.After(_dice.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(800)), Relay);
        }
    }

    private void Relay()
    {
        _isRelayDue = false;
        if (_leader is not { Term.Leads: true } leader)
        {
            return;
        }

        foreach (var e in Log.ReadAsync(_relayed, int.MaxValue, CancellationToken.None).Result)
        {
            _relayed = e.Sequence;
            if (Message.IsCommand(e.Data))
            {
                _bus.Publish(new Message(e.Data, FromLog: true));
            }

            leader.Planner.Relayed(e);
        }
    }
}
