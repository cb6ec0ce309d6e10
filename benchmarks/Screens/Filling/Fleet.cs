using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Benchmarks;

namespace DoSnapshot.Screens.Benchmarks.Filling;

/// <summary>
/// The log of a fleet as large as it gets: each droplet has had a snapshot every day, the last hundred are there, and those before went by their rule. Of some droplets the last
/// one failed or is put off, so that there is something to look at.
/// </summary>
internal static class Fleet
{
    private const int Kept = 100;
    private const int Gone = 40;
    private const int FailsEach = 40;
    private const int WaitsEach = 60;
    private const string Rule = "0d:100d";

    private static readonly string[] Plans = ["databases", "web", "mail", "the-rest"];

    /// <summary>Its events, in the order in which they happened.</summary>
    /// <param name="droplets">How many droplets.</param>
    /// <param name="now">The moment, UTC.</param>
    public static IReadOnlyList<GeneratedEvent> Make(int droplets, DateTimeOffset now)
    {
        var last = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(3);
        last = last > now.AddHours(-1) ? last.AddDays(-1) : last;
        var begin = last.AddDays(-(Kept + Gone));
        var events = new List<GeneratedEvent>(droplets * ((2 * Kept) + (4 * Gone)));
        foreach (var plan in Plans)
        {
            var terms = new PlanTerms(plan, $"$droplet-{plan}-", "1d", "03:00", "0h", [Rule], [], KeepAtLeast: 1, PlanTiming.Anchored);
            Add(Streams.OfPlan(plan), 1, begin, new PlanChanged(plan, 1, terms, begin));
        }

        for (var droplet = 1; droplet <= droplets; droplet++)
        {
            Add(Streams.OfDroplet(droplet), 1, begin, new DropletEnrolled(droplet, NameOf(droplet), PlanOf(droplet), begin));
        }

        for (var turn = 1; turn <= Kept + Gone; turn++)
        {
            for (var droplet = 1; droplet <= droplets; droplet++)
            {
                Take(droplet, turn);
            }
        }

        return [.. events.OrderBy(e => e.At)];

        void Take(int droplet, int turn)
        {
            var (due, id, image) = (begin.AddDays(turn), Guid.NewGuid(), (turn * 1_000_000L) + droplet);
            var name = $"{NameOf(droplet)}-{PlanOf(droplet)}-{due.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
            var stream = Streams.OfSnapshot(id);
            Add(stream, 1, due, new SnapshotRequested(id, droplet, NameOf(droplet), name, PlanOf(droplet), Origin.Plan, due, Occurrence: due, PlanVersion: 1));
            if (turn == Kept + Gone && droplet % FailsEach == 0)
            {
                Add(stream, 2, due.AddMinutes(2), new SnapshotFailed(id, droplet, "DigitalOcean's action 17 ended with 'errored'", Final: true, due.AddMinutes(2)));
                return;
            }

            if (turn == Kept + Gone && droplet % WaitsEach == 0)
            {
                Add(stream, 2, due.AddMinutes(2), new SnapshotDeferred(id, droplet, "the droplet already has a pending event", due.AddMinutes(2), now.AddMinutes(20)));
                return;
            }

            Add(stream, 2, due.AddMinutes(5), new SnapshotCompleted(id, droplet, image, 2.5m, ["nyc3"], due.AddMinutes(1), due.AddMinutes(5)));
            if (turn <= Gone)
            {
                var goes = due.AddDays(Kept).AddMinutes(1);
                Add(stream, 3, goes, new SnapshotExpired(id, droplet, image, name, PlanOf(droplet), 1, Rule, TimeSpan.Zero, TimeSpan.FromDays(Kept), null, Origin.Plan, goes));
                Add(stream, 4, goes.AddMinutes(1), new SnapshotPruned(id, droplet, image, goes.AddMinutes(1)));
            }
        }

        void Add(string stream, long version, DateTimeOffset at, object data) => events.Add(new GeneratedEvent(at, Guid.NewGuid(), stream, version, data));
    }

    private static string NameOf(int droplet) => string.Create(CultureInfo.InvariantCulture, $"{PlanOf(droplet)}-{droplet:0000}");

    private static string PlanOf(int droplet) => Plans[droplet % Plans.Length];
}
