using DoSnapshot.Contracts;
using DoSnapshot.Sandbox;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>
/// 5. A droplet that was shut down for a snapshot is powered on again; one that its owner has switched off is not; and none is shut down but for a
/// snapshot that wants it, with the debt written before.
/// </summary>
internal sealed class LeftOff() : Checker(Name)
{
    public const string Name = "5 left off";

    /// <summary>How long a request may be on its way, at the most.</summary>
    private static readonly TimeSpan Underway = TimeSpan.FromMinutes(3);

    public override void See(Happening happening, Books before)
    {
        if (happening is not Happening.PowerSet power)
        {
            return;
        }

        var machine = before.MachineOf(power.DropletId);
        var debt = machine.Debt;
        if (debt is null && power.What is "power_on" && power.At <= machine.PaidAt + Underway)
        {
            // By design a power-on is sent again after a minute, so that an earlier one which was late may arrive at a droplet that runs.
            return;
        }

        if (debt is null)
        {
            Violated(power.At, $"{power.What} of droplet {power.DropletId} by {power.By}, which is owed no power");
        }
        else if (power.What is not "power_on" && before.Shots[debt.Value].Consistency is not SnapshotConsistency.PoweredOff)
        {
            Violated(power.At, $"{power.What} of droplet {power.DropletId} for '{before.Shots[debt.Value].Name}', which is to be made while it runs");
        }
    }

    public override void End(World world, Books books)
    {
        foreach (var droplet in world.Cloud.Account.State().Droplets)
        {
            var machine = books.MachineOf(droplet.Id);
            var isWantedOff = world.Acts.SwitchedOff.Contains(droplet.Id);
            if (droplet.Status is not SandboxPower.Active && !isWantedOff)
            {
                Violated(world.Sim.Now, $"droplet {droplet.Id} is {droplet.Status}");
            }

            if (droplet.Status is SandboxPower.Active && isWantedOff)
            {
                Violated(world.Sim.Now, $"droplet {droplet.Id} was switched off by its owner, and runs");
            }

            if (machine.Debt is { } snapshot)
            {
                Violated(world.Sim.Now, $"droplet {droplet.Id} is still owed power for '{books.Shots[snapshot].Name}'");
            }
        }
    }
}
