using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>What a world is like: how large, how rough, with how many replicas. All of it comes from the seed.</summary>
internal sealed record Profile
{
    public required int Days { get; init; }

    public required int Droplets { get; init; }

    /// <summary>Replicas of each worker.</summary>
    public required int Replicas { get; init; }

    /// <summary>Of a request, that something goes wrong with it.</summary>
    public required double ApiFaults { get; init; }

    /// <summary>Of an access to the log, that it fails; half of those that write have been written all the same.</summary>
    public required double LogFaults { get; init; }

    /// <summary>At each point between two steps, that the process dies there.</summary>
    public required double Crashes { get; init; }

    public required double Lost { get; init; }

    public required double Duplicated { get; init; }

    public required double Delayed { get; init; }

    /// <summary>Outages of the API, of hours.</summary>
    public required int Outages { get; init; }

    /// <summary>Things that the account's owner, an operator or fate do in a day.</summary>
    public required double ActsADay { get; init; }

    /// <summary>How wrong clocks may be.</summary>
    public required TimeSpan Skew { get; init; }

    /// <summary>Requests in an hour that the token has, where they are scarce; null for DigitalOcean's own number.</summary>
    public int? Quota { get; init; }

    public required TimeSpan ReconcileEvery { get; init; }

    /// <summary>The last days are quiet: nothing fails, nobody does anything, and all that was begun must come to its end.</summary>
    public static TimeSpan Quiet => TimeSpan.FromDays(3);

    /// <summary>A world in which nothing fails, and only its owner and its operator do something now and then.</summary>
    public static Profile Calm(Dice dice, int days, int droplets) => Draw(dice, days, droplets, rough: 0);

    public static Profile Draw(Dice dice, int days, int droplets)
    {
        // One world in ten is calm: what goes wrong there has no fault to be blamed on.
        return Draw(dice, days, droplets, dice.Chance(0.1) ? 0 : dice.Between(0.1, 1.0));
    }

    private static Profile Draw(Dice dice, int days, int droplets, double rough)
    {
        var scarce = dice.Chance(0.15);
        return new Profile
        {
            Days = days,
            Droplets = droplets,
            Replicas = dice.Between(1, 3),
            ApiFaults = rough * dice.Between(0.005, 0.12),
            LogFaults = rough * dice.Between(0, 0.01),
            Crashes = rough * dice.Between(0.0005, 0.006),
            Lost = rough * dice.Between(0, 0.15),
            Duplicated = rough * dice.Between(0, 0.3),
            Delayed = rough * dice.Between(0, 0.2),
            Outages = rough > 0 ? dice.Between(0, 3) : 0,
            ActsADay = dice.Between(0.2, 3.0),
            Skew = rough > 0 ? dice.Time(TimeSpan.Zero, TimeSpan.FromSeconds(115)) : TimeSpan.Zero,
            Quota = scarce ? dice.Between(200, 600) : null,
            ReconcileEvery = scarce ? dice.Time(TimeSpan.FromMinutes(15), TimeSpan.FromHours(2)) : dice.Time(TimeSpan.FromHours(3), TimeSpan.FromHours(12)),
        };
    }
}
