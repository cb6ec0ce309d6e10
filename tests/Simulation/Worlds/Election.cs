using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>A time of leading. One that is over may still be in the middle of a round, which it ends as if nothing had happened.</summary>
internal sealed class Term(Incarnation leader)
{
    public Incarnation Leader { get; } = leader;

    public bool IsOver { get; private set; }

    public bool Leads => !IsOver && Leader.Alive;

    public void End() => IsOver = true;
}

/// <summary>Who leads a role. A dead leader is noticed after a while; one that is deposed is not told at once.</summary>
internal sealed class Election(World world, string role, Dice dice)
{
    private readonly List<(Incarnation Process, Action<Term> Lead)> _candidates = [];
    private bool _isChoosing;

    public Term? Term { get; private set; }

    public void Stand(Incarnation process, Action<Term> lead)
    {
        _candidates.Add((process, lead));
        process.OnDeath(() =>
        {
            _candidates.RemoveAll(c => c.Process == process);
            if (Term?.Leader == process)
            {
                Term = null;
                Choose(dice.Time(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(40)));
            }
        });
        if (Term is null)
        {
            Choose(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>The leader's lock is lost, and another takes over before it notices.</summary>
    public void Depose()
    {
        if (Term is { } term && _candidates.Count > 1)
        {
            world.Tally.Count($"deposed: {role}");
            world.Note($"{term.Leader.Name} is deposed as {role}");
            term.End();
            var deposed = _candidates.Single(c => c.Process == term.Leader);
            _candidates.Remove(deposed);
            _candidates.Add(deposed);
            Term = null;
            Choose(TimeSpan.FromMilliseconds(dice.Between(1, 500)));
        }
    }

    private void Choose(TimeSpan wait)
    {
        if (_isChoosing)
        {
            return;
        }

        _isChoosing = true;
        world.Sim.After(wait, () =>
        {
            _isChoosing = false;
            if (Term is null && _candidates.Count > 0)
            {
                var (process, lead) = _candidates[0];
                Term = new Term(process);
                lead(Term);
            }
        });
    }
}
