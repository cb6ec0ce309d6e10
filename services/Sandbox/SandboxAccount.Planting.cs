namespace DoSnapshot.Sandbox;

/// <content>How a seed becomes an account.</content>
public sealed partial class SandboxAccount
{
    /// <summary>Plants all that a seed has, so that what is named is there before what names it.</summary>
    /// <exception cref="InvalidOperationException">Something in it cannot be; the message names the place.</exception>
    private void Plant(SandboxSeed seed)
    {
        var fleetsAndPlaces = seed.Fleets.Select((fleet, i) => (Fleet: fleet, Place: $"fleets[{i}]")).ToList();
        foreach (var (fleet, place) in fleetsAndPlaces)
        {
            if (fleet is not { IsValid: true })
                throw new InvalidOperationException($"{place}: {NewFleet.Limits}");
        }

        Each("tokens", seed.Tokens, SetToken);
        Each("tags", seed.Tags, AddTag);
        Each("droplets", seed.Droplets, AddDroplet);
        fleetsAndPlaces.ForEach(pair => All(pair.Place, pair.Fleet.Droplets(), AddDroplet));
        Each("snapshots", seed.Snapshots, PlantSnapshot);
        fleetsAndPlaces.ForEach(pair => All(pair.Place, pair.Fleet.History(Now), PlantSnapshot));
        Each("volumes", seed.Volumes, AddVolume);
        Each("volume_snapshots", seed.VolumeSnapshots, PlantVolumeSnapshot);
    }

    private static void Each<TNew, T>(string member, IEnumerable<TNew> all, Func<TNew, SandboxResult<T>> plant)
        where T : class
    {
        foreach (var (index, one) in all.Index())
            All($"{member}[{index}]", [one], plant);
    }

    private static void All<TNew, T>(string place, IEnumerable<TNew> all, Func<TNew, SandboxResult<T>> plant)
        where T : class
    {
        foreach (var one in all)
        {
            if (one is null)
                throw new InvalidOperationException($"{place}: there is nothing.");
            if (plant(one).Error is { } error)
                throw new InvalidOperationException($"{place}: {error.Message}");
        }
    }
}
