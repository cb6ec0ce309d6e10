namespace DoSnapshot.Simulation.Tests.Core;

/// <summary>
/// One life of a process, from its start to its crash. A process that dies stops where it is: what it awaits never comes back, no catch and no
/// finally runs, and all that it had in memory is gone.
/// </summary>
internal sealed class Incarnation
{
    private readonly Sim _sim;
    private readonly List<Action> _deaths = [];

    public Incarnation(Sim sim, string role, string name, TimeSpan skew)
    {
        _sim = sim;
        Role = role;
        Name = name;
        Clock = new SimClock(sim, skew, () => Alive);
    }

    public string Role { get; }

    public string Name { get; }

    public bool Alive { get; private set; } = true;

    public SimClock Clock { get; }

    /// <summary>What the others see of its death: its connections break, its locks are free, its messages go back.</summary>
    public void OnDeath(Action act) => _deaths.Add(act);

    public void Die()
    {
        if (Alive)
        {
            Alive = false;
            _deaths.ForEach(act => act());
        }
    }

    /// <summary>Goes on after this time, if it is still alive then.</summary>
    public Task WaitAsync(TimeSpan wait, CancellationToken ct = default)
    {
        _sim.CheckThread();
        // Never the same one twice: what waits for ever shall be forgotten with the one that waits.
        var end = new TaskCompletionSource();
        if (!Alive)
        {
            return end.Task;
        }

        CancellationTokenRegistration registration = default;
        _sim.After(wait, () =>
        {
            registration.Dispose();
            if (Alive)
            {
                end.TrySetResult();
            }
        });
        registration = ct.Register(() =>
        {
            if (Alive)
            {
                end.TrySetCanceled(ct);
            }
        });
        return end.Task;
    }

    /// <summary>What a dead process waits for.</summary>
    public static Task<T> NeverAsync<T>() => new TaskCompletionSource<T>().Task;
}

/// <summary>Wakes a loop of a process before its time.</summary>
internal sealed class Wake(Sim sim, Incarnation process)
{
    private TaskCompletionSource? _sleeper;
    private bool _isCalled;
    private DateTimeOffset _soon = DateTimeOffset.MinValue;

    /// <summary>Sleeps until the time is over or somebody pokes; who was poked while awake sleeps not at all.</summary>
    public Task SleepAsync(TimeSpan wait)
    {
        var sleeper = _sleeper = new TaskCompletionSource();
        sim.After(_isCalled ? TimeSpan.FromSeconds(1) : wait, () => Rouse(sleeper));
        _isCalled = false;
        return sleeper.Task;
    }

    /// <summary>Wakes it then.</summary>
    public void Poke(DateTimeOffset at) => sim.At(at, Call);

    /// <summary>Wakes it then; many calls until then are one.</summary>
    public void PokeOnce(TimeSpan wait)
    {
        if (_soon <= sim.Now)
        {
            _soon = sim.Now + wait;
            sim.At(_soon, Call);
        }
    }

    private void Call()
    {
        if (_sleeper is { } sleeper)
        {
            Rouse(sleeper);
        }
        else
        {
            _isCalled = true;
        }
    }

    private void Rouse(TaskCompletionSource sleeper)
    {
        if (ReferenceEquals(_sleeper, sleeper) && process.Alive)
        {
            _sleeper = null;
            sleeper.TrySetResult();
        }
    }
}
