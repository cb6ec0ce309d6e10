using System.Net;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Cli.Tests;

/// <summary>What a pass makes of decisions that an earlier one did not come to, when it comes late.</summary>
public sealed class KeptPassLateTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly string[] Anchored = ["-s", "1d", "--timing", "anchored", "--at", "03:00"];
    private static readonly string[] Rules = ["-s", "1w", "-k", "0d:1w"];

    private readonly World world = new();

    [Fact]
    public async Task A_request_for_an_occurrence_that_is_long_past_is_given_up_for_the_latest()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, Hour);
        await world.KeptPassAsync(Anchored);
        world.Clock.Advance(Day);
        await world.Log.DecideAsync(droplet, ledger => Planning.Decide(ledger, world.Clock.GetUtcNow()), World.Ct);
        world.Clock.Advance(5 * Day);

        await world.KeptPassAsync(Anchored);

        // Whatever is made is of now, and is the latest occurrence's.
        var made = Assert.Single(world.Account.State().Actions);
        Assert.Equal(world.Clock.GetUtcNow(), made.StartedAt);
        var snapshot = (await SnapshotsAsync(droplet)).Single(s => s.ActionId == made.Id);
        Assert.Equal(new DateTimeOffset(2026, 3, 7, 3, 0, 0, TimeSpan.Zero), snapshot.Occurrence);
        Assert.StartsWith("web-1-autosnapshot-20260307T", snapshot.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_planner_has_noted_of_its_trouble_is_taken_back_by_a_run_that_could_compare_and_costs_it_nothing()
    {
        world.AddDroplet();
        var notes = new Notes();
        world.Notes = notes;
        world.Line.Instead = r => r.RequestUri!.AbsolutePath == "/v2/snapshots" ? new HttpResponseMessage(HttpStatusCode.Forbidden) : null;
        Assert.Equal(1, (await world.KeptPassAsync(Anchored)).Code);
        Assert.Empty(notes.TakenBack);

        world.Line.Instead = null;
        notes.IsBroken = true;
        Assert.Equal(0, (await world.KeptPassAsync(Anchored)).Code);
        notes.IsBroken = false;
        Assert.Equal(0, (await world.KeptPassAsync(Anchored)).Code);
        Assert.Equal(["planner/not-compared"], notes.TakenBack);
    }

    [Fact]
    public async Task A_deletion_that_failed_within_the_hour_is_told_with_its_rule_when_it_is_tried_again()
    {
        var (_, old) = await FailedDeletionAsync();
        world.Clock.Advance(Hour / 2);

        var dry = await world.KeptPassAsync([.. Rules, "--dryrun"]);
        var outcome = await world.KeptPassAsync(Rules);

        dry.Tells("Information: would delete snapshot web-1-autosnapshot-20260130T120000Z: an earlier run decided so by 0d:1w");
        outcome.Tells("Information: deleting snapshot web-1-autosnapshot-20260130T120000Z: an earlier run decided so by 0d:1w");
        Assert.Equal([old], outcome.Deleted);
    }

    [Fact]
    public async Task A_deletion_that_failed_a_day_ago_is_decided_anew_and_counts_as_nothing_meanwhile()
    {
        var (_, old) = await FailedDeletionAsync();
        world.Clock.Advance(Day);

        var late = await world.KeptPassAsync(Rules);
        world.Clock.Advance(Day);
        var later = await world.KeptPassAsync(Rules);

        Assert.Equal(0, late.Code);
        Assert.Empty(late.Deleted);
        late.Tells("Information: snapshot web-1-autosnapshot-20260130T120000Z was to be deleted by a decision of ");
        late.Tells("Information: done in ", "deleted 0, held by guards 0, failures 0");
        Assert.Equal([old], later.Deleted);
    }

    public void Dispose() => world.Dispose();

    private async Task<(long Droplet, long Old)> FailedDeletionAsync()
    {
        var droplet = world.AddDroplet();
        var old = world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, Hour);
        world.Line.Instead = r => r.Method == HttpMethod.Delete
            ? new HttpResponseMessage(HttpStatusCode.UnprocessableEntity)
            {
                Content = new StringContent("""{"id":"refused","message":"Not now."}""", System.Text.Encoding.UTF8, "application/json"),
            }
            : null;
        Assert.Equal(1, (await world.KeptPassAsync(Rules)).Code);
        world.Line.Instead = null;
        return (droplet, old);
    }

    private async Task<IReadOnlyList<Snapshot>> SnapshotsAsync(long droplet) =>
        [.. (await world.Log.LoadLedgersAsync([droplet], World.Ct))[0].Snapshots];

    private sealed class Notes : INoticeBook
    {
        public bool IsBroken { get; set; }

        public List<string> TakenBack { get; } = [];

        public Task<IReadOnlyList<ToldNotice>> ReadAsync(string channel, CancellationToken ct) => throw new NotSupportedException();

        public Task ProveAsync(string channel, CancellationToken ct) => throw new NotSupportedException();

        public Task WriteAsync(string channel, IReadOnlyCollection<ToldNotice> told, IReadOnlyCollection<string> over, CancellationToken ct)
        {
            Assert.Empty(told);
            TakenBack.AddRange(IsBroken ? throw new IOException("The database is away.") : over.Select(key => $"{channel}/{key}"));
            return Task.CompletedTask;
        }
    }
}
