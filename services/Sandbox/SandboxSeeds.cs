using System.Globalization;

namespace DoSnapshot.Sandbox;

/// <summary>Ready-made contents of an account.</summary>
public static class SandboxSeeds
{
    /// <summary>The tag of the droplets to be looked after; do-snapshot.py's default.</summary>
    public const string Tag = "autosnapshot";

    /// <summary>Nothing.</summary>
    public static SandboxSeed Empty { get; } = new();

    /// <summary>As much as a large firm has: 450 tagged droplets in three regions, and 20 daily snapshots of each, 9,000 in all.</summary>
    public static SandboxSeed Large { get; } = new()
    {
        Fleets = [new NewFleet { Count = 450, Regions = ["nyc3", "fra1", "ams3"], Snapshots = 20 }],
    };

    /// <summary>
    /// A small firm: six tagged droplets and one that is not, three weeks of snapshots that do-snapshot.py left of four of
    /// them, and snapshots that are none of the platform's business.
    /// </summary>
    /// <param name="now">The present; all ages count back from it.</param>
    public static SandboxSeed Demo(DateTimeOffset now)
    {
        var born = now.AddDays(-200);
        var builder = new SandboxSeedBuilder()
            .Droplet("web-1", [Tag, "web"], "nyc3", disk: 25, used: 7.5, born)
            .Droplet("web-2", [Tag, "web"], "ams3", disk: 25, used: 8.1, born.AddDays(3))
            .Droplet("db-1", [Tag, "database"], "nyc3", disk: 160, used: 61.3, born.AddDays(3))
            .Droplet("cache-1", [Tag], "fra1", disk: 50, used: 4.2, born.AddDays(40))
            .Droplet("mail-1", [Tag], "fra1", disk: 80, used: 33.9, born.AddDays(55))
            .Droplet("build-1", [Tag], "ams3", disk: 320, used: 120.4, born.AddDays(190))
            .Droplet("scratch", [], "nyc3", disk: 25, used: 3.3, born.AddDays(120));

        Drifting(builder, "web-1", now.AddHours(-9), copied: true, "nyc3");
        Drifting(builder, "web-2", now.AddHours(-14), copied: false, "ams3");
        Drifting(builder, "db-1", now.AddHours(-5), copied: true, "nyc3");
        Drifting(builder, "mail-1", now.AddHours(-22), copied: false, "fra1");
        return NobodysBusiness(builder, now).Build();
    }

    /// <summary>The name that do-snapshot.py gives a snapshot by default.</summary>
    public static string AutosnapshotName(string droplet, DateTimeOffset at) =>
        $"{droplet}-autosnapshot-{at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";

    /// <summary>
    /// Snapshots meant to be daily, which drift: the tool runs every few hours and takes one when the last is over a day old, so
    /// there is one about every 26 hours. It copies before it takes the next, so the newest is never in the other region.
    /// </summary>
    private static void Drifting(SandboxSeedBuilder builder, string droplet, DateTimeOffset newest, bool copied, string home)
    {
        var from = newest.AddDays(-21);
        var step = 0;
        for (var at = newest; at >= from; at -= TimeSpan.FromHours(26) + TimeSpan.FromSeconds(SandboxNumbers.Mix(step) % 240))
        {
            string[] regions = copied && step > 0 ? [home, "lon1"] : [home];

            // The name says when the tool ran, the snapshot when DigitalOcean began: a second or two later.
            builder.Snapshot(droplet, AutosnapshotName(droplet, at), at.AddSeconds(1 + (SandboxNumbers.Mix(step) % 2)), regions);
            step++;
        }
    }

    private static SandboxSeedBuilder NobodysBusiness(SandboxSeedBuilder builder, DateTimeOffset now) => builder
        .Snapshot("web-1", "web-1 before upgrade", now.AddDays(-17))
        .Snapshot("db-1", "db-1-golden", now.AddDays(-160), ["nyc3", "fra1"])
        .Snapshot("scratch", AutosnapshotName("scratch", now.AddDays(-30)), now.AddDays(-30))
        .Snapshot("web-1", $"nightly-{AutosnapshotName("web-1", now.AddDays(-12)).Replace("autosnapshot-", "", StringComparison.Ordinal)}", now.AddDays(-12))
        .Snapshot(new NewSnapshot
        {
            Name = AutosnapshotName("legacy-1", now.AddDays(-75)),
            DropletId = 311_204_977,
            CreatedAt = now.AddDays(-75),
            SizeGigabytes = 12.7,
            MinDiskSize = 60,
            Regions = ["lon1"],
        });
}
