namespace DoSnapshot.Cli.Retention;

/// <summary>The sum of a forecast.</summary>
/// <param name="Snapshots">How many there are.</param>
/// <param name="Kept">How many the rules keep.</param>
/// <param name="Held">How many of the others a guard would hold.</param>
/// <param name="FreedGigabytes">The known sizes of those that would go.</param>
/// <param name="SizesUnknown">How many of those that would go are of unknown size.</param>
/// <param name="Price">Dollars for a gigabyte and month.</param>
internal sealed record RetentionSum(int Snapshots, int Kept, int Held, decimal FreedGigabytes, int SizesUnknown, decimal Price)
{
    /// <summary>How many would really be deleted.</summary>
    public int Deleted => Snapshots - Kept - Held;

    /// <summary>Dollars a month that are no longer spent, to the cent.</summary>
    public decimal FreedPerMonth => Math.Round(FreedGigabytes * Price, 2, MidpointRounding.AwayFromZero);

    /// <summary>Sums up.</summary>
    public static RetentionSum Of(IReadOnlyList<DropletForecast> droplets, decimal price)
    {
        var all = droplets.SelectMany(droplet => droplet.Verdicts).ToList();
        var going = all.Where(one => one.Goes).ToList();
        return new RetentionSum(
            all.Count,
            all.Count(one => one.Verdict.Keep),
            all.Count(one => one.HeldBy is not null),
            going.Sum(one => one.Snapshot.SizeGigabytes ?? 0),
            going.Count(one => one.Snapshot.SizeGigabytes is null),
            price);
    }
}
