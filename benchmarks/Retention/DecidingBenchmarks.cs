using BenchmarkDotNet.Attributes;

namespace DoSnapshot.Retention.Benchmarks;

/// <summary>
/// Which snapshots of 10,000 droplets go, with 400 each: one every half day for 200 days, none deleted yet, so that every rule has its share.
/// Time and memory are those of one snapshot.
/// </summary>
[MemoryDiagnoser]
public class DecidingBenchmarks
{
    private const int Droplets = 10_000;
    private const int Each = 400;
    private const int All = Droplets * Each;

    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RetentionPolicy Policy = RetentionPolicy.Parse(["3d:1d", "1w:1w", "1m:2m", "0d:6m"]);

    private readonly RestorePoint[] room = new RestorePoint[Each];
    private readonly Ruling[] rulings = new Ruling[Each];
    private RestorePoint[][] droplets = [];

    /// <summary>Whether the snapshots come oldest first, as DigitalOcean lists them, or in no order at all.</summary>
    [Params(true, false)]
    public bool OldestFirst { get; set; }

    /// <summary>Makes the snapshots; each is up to ten minutes late.</summary>
    [GlobalSetup]
    public void MakeDroplets()
    {
        var random = new Random(17);
        droplets = new RestorePoint[Droplets][];
        for (int droplet = 0; droplet < Droplets; droplet++)
        {
            var points = new RestorePoint[Each];
            for (int index = 0; index < Each; index++)
            {
                TimeSpan age = TimeSpan.FromHours(12 * (Each - index)) - TimeSpan.FromSeconds(random.Next(600));
                points[index] = new RestorePoint(((long)index * Droplets) + droplet, Now - age);
            }

            if (!OldestFirst)
            {
                random.Shuffle(points);
            }

            droplets[droplet] = points;
        }
    }

    /// <summary>The inner loop: how many go, in memory of the caller's. The points are copied first, as they are set in order in place.</summary>
    [Benchmark(OperationsPerInvoke = All, Baseline = true)]
    public int Sift()
    {
        int going = 0;
        foreach (RestorePoint[] points in droplets)
        {
            points.CopyTo(room, 0);
            int count = Sieve.Sift(room, Policy, Now, rulings);
            foreach (Ruling ruling in rulings.AsSpan(0, count))
            {
                going += ruling.Keep ? 0 : 1;
            }
        }

        return going;
    }

    /// <summary>What the planner asks: a verdict for each that goes, here nearly all.</summary>
    [Benchmark(OperationsPerInvoke = All)]
    public int Deletions()
    {
        int going = 0;
        foreach (RestorePoint[] points in droplets)
        {
            going += Sieve.Deletions(points, Policy, Now).Count;
        }

        return going;
    }

    /// <summary>A verdict for each, kept or not.</summary>
    [Benchmark(OperationsPerInvoke = All)]
    public int Judge()
    {
        int judged = 0;
        foreach (RestorePoint[] points in droplets)
        {
            judged += Sieve.Judge(points, Policy, Now).Count;
        }

        return judged;
    }
}
