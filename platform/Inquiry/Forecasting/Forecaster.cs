using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Audit;
using DoSnapshot.Inquiry.WhatIf;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Inquiry.Forecasting;

/// <summary>Runs the planner's own decisions forward in time.</summary>
public static class Forecaster
{
    private const decimal DaysOfMonth = 30;
    private const int AtOnce = 64;

    /// <summary>Half of them: whoever asks something small meanwhile is not to wait for a forecast of the whole fleet.</summary>
    private static readonly int Cores = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Foretells. Takes time in proportion to the droplets and to what happens to each: a daily plan of a thousand droplets over a year is some million decisions.</summary>
    /// <param name="fleet">What the log knows about every droplet, also of those that are not asked about: a plan's brake is reckoned over all.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="terms">What is wanted.</param>
    /// <param name="ct">Ends it.</param>
    public static Forecast Of(IReadOnlyList<DropletLedger> fleet, DateTimeOffset now, ForecastTerms terms, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(terms);
        var asked = fleet.Where(l => terms.Covers(l)).ToList();
        var plans = fleet.SelectMany(Plans).DistinctBy(p => p.Name, StringComparer.Ordinal).ToDictionary(p => p.Name, StringComparer.Ordinal);
        var brakes = Braking.Check(fleet, now).Brakes.Select(b => Foreseen(b, plans)).ToList();
        while (true)
        {
            // One that is on already, or foreseen, comes on no more; what it holds stays until somebody has looked.
            var watch = new PlanWatch(plans.Values.Where(p =>
                terms.Droplets is null && terms.Covers(p.Name) && p is { Terms.Brake: BrakeSetting.On, Brake: not { ReleasedAt: null } }
                && !brakes.Exists(b => string.Equals(b.Brake.Plan, p.Name, StringComparison.Ordinal))));
            var course = new Course(now, terms);
            // What one droplet comes to depends on no other's. A part at a time, so that no more futures are held at once than have to be.
            foreach (var part in asked.Chunk(AtOnce))
            {
                var futures = new DropletForecast[part.Length];
                Parallel.For(0, part.Length, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Cores }, i =>
                {
                    futures[i] = new DropletForecast(part[i], now, terms, brakes, watch);
                    futures[i].Run(ct);
                });
                foreach (var one in futures)
                {
                    course.Add(one);
                }
            }

            if (watch.First(now) is not { } next)
            {
                return course.Told([.. Sentences(fleet, asked, now), .. brakes.Where(b => Concerns(asked, b.Brake.Plan)).Select(b => Sentence(b, now)), .. course.Brakes]);
            }

            // Up to that moment all is as it was; from then on it is otherwise.
            brakes.Add(Foreseen(next, plans));
        }
    }

    private static ForeseenBrake Foreseen(BrakeApplied brake, Dictionary<string, PlanFacts> plans) =>
        new(brake, PlanFacts.Evolve(plans[brake.Plan], Streams.OfPlan(brake.Plan), brake)!);

    private static IEnumerable<PlanFacts> Plans(DropletLedger ledger) => (ledger.Others.IsDefault ? [] : ledger.Others).Append(ledger.PlanFacts).OfType<PlanFacts>();

    private static bool Concerns(List<DropletLedger> asked, string plan) => asked.Exists(l => Plans(l).Any(p => string.Equals(p.Name, plan, StringComparison.Ordinal)));

    /// <summary>The brakes that are on.</summary>
    private static IEnumerable<string> Sentences(IReadOnlyList<DropletLedger> fleet, List<DropletLedger> asked, DateTimeOffset now) => Braking.InForce(fleet, now)
        .Where(b => b.DropletId is { } droplet ? asked.Exists(l => l.DropletId == droplet) : Concerns(asked, b.Plan))
        .Select(b => b.Describe());

    private static string Sentence(ForeseenBrake foreseen, DateTimeOffset now) =>
        $"{(foreseen.Brake.At > now ? $"from {Words.Of(foreseen.Brake.At)} on " : "")}nothing of plan '{foreseen.Brake.Plan}' will expire: {foreseen.Brake.Detail}";

    /// <summary>What all droplets' futures come to.</summary>
    private sealed class Course(DateTimeOffset now, ForecastTerms terms)
    {
        private readonly DailyLevel snapshots = new();
        private readonly DailyLevel gigabytes = new();
        private readonly List<ForecastSnapshot> there = [];
        private readonly PriorityQueue<ForecastSnapshot, long> coming = new();
        private int leftOut;
        private ForecastGap? gapNow;
        private ForecastGap? gapAtEnd;

        public List<string> Brakes { get; } = [];

        public void Add(DropletForecast droplet)
        {
            Brakes.AddRange(droplet.Brakes);
            var rows = droplet.Rows().Where(r => terms.Covers(r.Plan)).ToList();
            gapNow = ForecastGap.Longer(gapNow, rows.Where(r => !r.IsToCome && !(r.Goes?.At <= now)));
            gapAtEnd = ForecastGap.Longer(gapAtEnd, rows.Where(r => r.Goes is null));
            foreach (var row in rows)
            {
                var begins = row.IsToCome && row.CreatedAt > now ? row.CreatedAt : now;
                snapshots.Add(begins, 1);
                gigabytes.Add(begins, row.SizeGigabytes);
                if (row.Goes is { } goes)
                {
                    snapshots.Add(goes.At, -1);
                    gigabytes.Add(goes.At, -row.SizeGigabytes);
                }

                if (!row.IsToCome)
                {
                    there.Add(row);
                }
                else if (row.Goes is { } end)
                {
                    // The one that goes last is the first to be left out.
                    coming.Enqueue(row, -end.At.UtcTicks);
                    if (coming.Count > terms.MostToCome)
                    {
                        coming.Dequeue();
                        leftOut++;
                    }
                }
            }
        }

        public Forecast Told(IEnumerable<string> brakes)
        {
            var first = DailyLevel.DayOf(now);
            return new Forecast(
                now,
                terms.Until,
                [
                    .. there.Concat(coming.UnorderedItems.Select(c => c.Element))
                        .OrderBy(r => r.DropletName, StringComparer.Ordinal).ThenBy(r => r.DropletId).ThenBy(r => r.CreatedAt).ThenBy(r => r.SnapshotId),
                ],
                [
                    .. snapshots.Series(first, terms.Until).Zip(gigabytes.Series(first, terms.Until), (s, g) => new ForecastDay(
                        DateOnly.FromDayNumber(s.Day), (int)s.AtEnd, g.AtEnd, decimal.Round(g.Area * terms.Price / DaysOfMonth, 4))),
                ],
                [.. brakes],
                leftOut,
                gapNow,
                gapAtEnd);
        }
    }
}
