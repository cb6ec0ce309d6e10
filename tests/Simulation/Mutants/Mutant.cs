using DoSnapshot.DigitalOcean;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Mutants;

/// <summary>A deliberate bug, put around the product's ports: to see that the checkers see it.</summary>
internal abstract class Mutant
{
    /// <summary>Whether the sweep's messages reach the bus.</summary>
    public virtual bool Republishes => true;

    /// <summary>What stands between a process and the log; null for nothing.</summary>
    public virtual ILogTwist? Log(string role, Dice dice) => null;

    /// <summary>What stands between a process and DigitalOcean.</summary>
    public virtual IDigitalOcean Api(string role, IDigitalOcean api, World world, TimeProvider clock) => api;

    /// <summary>What shares out the requests.</summary>
    public virtual IRequestBudget Budget(IRequestBudget budget) => budget;
}
