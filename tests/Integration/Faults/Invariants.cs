using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>What holds whatever happens, seen from outside: from the account's own journal, and from the log read from its beginning.</summary>
internal static class Invariants
{
    /// <summary>Checks all of it, for these droplets and for the log as a whole.</summary>
    public static async Task CheckAsync(FaultWorld world, IReadOnlyList<Subject> subjects, CancellationToken ct)
    {
        var platform = world.Platform;
        var calls = await platform.CallsAsync();
        var images = await ImagesAsync(platform);
        foreach (var subject in subjects)
        {
            CheckAccount(subject, calls, [.. images.Where(i => i.Droplet == subject.Droplet)]);
        }

        var log = await ReadAllAsync(platform.Log, ct);
        CheckSlots(log);
        await CheckReplayAsync(platform.Log, log, ct);
        CheckNothingStuck(subjects, await platform.Log.LoadLedgersAsync([.. subjects.Select(s => s.Droplet)], ct));
    }

    /// <summary>The account's images.</summary>
    public static async Task<IReadOnlyList<(long Id, long? Droplet, string Name, IReadOnlyList<string> Regions)>> ImagesAsync(Platform platform) =>
    [
        .. (await platform.SandboxAsync())["snapshots"]!.AsArray().Select(s => (
            s!["id"]!.GetValue<long>(),
            s["droplet_id"]?.GetValue<long?>(),
            s["name"]!.GetValue<string>(),
            (IReadOnlyList<string>)[.. s["regions"]!.AsArray().Select(r => r!.GetValue<string>())])),
    ];

    /// <summary>The whole log.</summary>
    public static async Task<IReadOnlyList<LoggedEvent>> ReadAllAsync(IEventLog log, CancellationToken ct) => await log.ReadAsync(0, int.MaxValue, ct);

    /// <summary>What was wanted was done once, and nothing else was: as the account saw it.</summary>
    private static void CheckAccount(
        Subject subject,
        IReadOnlyList<(string Method, string Path, int Status)> calls,
        IReadOnlyList<(long Id, long? Droplet, string Name, IReadOnlyList<string> Regions)> images)
    {
        int Done(string method, string path) => calls.Count(c => c.Method == method && c.Path == path && c.Status is >= 200 and < 300);
        var snapshots = Done("POST", $"/v2/droplets/{subject.Droplet}/actions");
        var transfers = Done("POST", $"/v2/images/{subject.Image}/actions");
        var deletions = images.Select(i => i.Id).Append(subject.Image ?? 0).Append(subject.Stays ?? 0).Distinct()
            .Sum(image => Done("DELETE", $"/v2/snapshots/{image}"));
        var (expected, there) = subject.Purpose switch
        {
            Purpose.Taken => ((1, 0, 0), new long?[] { images.SingleOrDefault().Id }),
            Purpose.Copied => ((0, 1, 0), [subject.Image]),
            _ => ((0, 0, 1), [subject.Stays]),
        };
        Assert.Equal((subject.Name, expected), (subject.Name, (snapshots, transfers, deletions)));
        Assert.Equal(there, images.Select(i => (long?)i.Id));
        if (subject.Purpose is Purpose.Copied)
        {
            Assert.Equal(["lon1", "nyc3"], images.Single().Regions.Order(StringComparer.Ordinal));
        }
    }

    /// <summary>No moment of a plan's schedule was answered twice for a droplet, and nothing expired without a decision of its own.</summary>
    private static void CheckSlots(IReadOnlyList<LoggedEvent> log)
    {
        var slots = log.Select(e => e.Data).OfType<SnapshotRequested>().Where(r => r.Occurrence is not null).Select(r => (r.DropletId, r.Plan, r.Occurrence)).ToList();
        Assert.Equal(slots.Distinct(), slots);
        foreach (var stream in log.GroupBy(e => e.Stream, StringComparer.Ordinal))
        {
            Assert.True(
                stream.Select(e => e.StreamVersion).SequenceEqual(Enumerable.Range(1, stream.Count()).Select(v => (long)v)),
                $"A stream's versions are not 1, 2, 3:{Environment.NewLine}{string.Join(Environment.NewLine, stream)}");
            Assert.InRange(stream.Count(e => e.Data is SnapshotPruned), 0, stream.Count(e => e.Data is SnapshotExpired));
            // What was decided is not decided again while it holds.
            Assert.InRange(stream.Count(e => e.Data is SnapshotExpired), 0, stream.Count(e => e.Data is ExpiryWithdrawn) + 1);
            var regions = stream.Select(e => e.Data).OfType<TransferRequested>().Select(t => t.Region).ToList();
            Assert.Equal(regions.Distinct(StringComparer.Ordinal), regions);
        }
    }

    /// <summary>Read from its beginning, the log gives the state that decisions are made on.</summary>
    private static async Task CheckReplayAsync(IEventLog log, IReadOnlyList<LoggedEvent> events, CancellationToken ct)
    {
        var kept = (await log.LoadLedgersAsync(null, ct)).SelectMany(l => l.Snapshots).ToDictionary(s => s.Id, StringComparer.Ordinal);
        var streams = events.Where(e => e.Stream.StartsWith("snapshot/", StringComparison.Ordinal)).GroupBy(e => e.Stream, StringComparer.Ordinal).ToList();
        Assert.NotEmpty(streams);
        foreach (var stream in streams)
        {
            var replayed = stream.Aggregate((Snapshot?)null, (state, e) => SnapshotEvolution.Evolve(state, stream.Key, e.Data));
            // What came in between the two readings is no difference.
            if (kept[stream.Key].Version == replayed!.Version)
            {
                Assert.Equal(JsonSerializer.Serialize(replayed), JsonSerializer.Serialize(kept[stream.Key]));
            }
        }
    }

    private static void CheckNothingStuck(IReadOnlyList<Subject> subjects, IReadOnlyList<DropletLedger> ledgers)
    {
        Assert.Equal(subjects.Count, ledgers.Count);
        Assert.All(ledgers.SelectMany(l => l.Snapshots), s => Assert.True(
            s is { Working: false, Phase: SnapshotPhase.Complete or SnapshotPhase.Pruned }, $"{s.Name} is {s.Phase}{(s.Working ? ", at work" : "")}"));
    }
}
