using System.Net;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Cli.Tests;

/// <summary>Passes that keep their log: what one leaves behind, the next finds.</summary>
public sealed class KeptPassTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly World world = new();

    [Fact]
    public async Task The_next_pass_finds_complete_what_the_last_began_and_transfers_it()
    {
        var droplet = world.AddDroplet();
        await world.KeptPassAsync("-s", "1d", "-r", "lon1");
        world.Clock.Advance(World.SnapshotTime + World.ListingLag);

        var outcome = await world.KeptPassAsync("-s", "1d", "-r", "lon1");

        Assert.Equal(0, outcome.Code);
        Assert.Empty(outcome.Snapshotted);
        var snapshot = Assert.Single(await SnapshotsAsync(droplet));
        Assert.Equal([snapshot.ImageId!.Value], outcome.Transferred);
        Assert.False(snapshot.Discovered);
    }

    [Fact]
    public async Task What_is_on_its_way_is_told_and_neither_doubled_nor_looked_for_among_the_actions()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 2 * Day);
        await world.KeptPassAsync("-s", "1d", "-r", "lon1");
        world.Clock.Advance(Minute);

        var outcome = await world.KeptPassAsync("-s", "1d", "-r", "lon1");

        Assert.Empty(outcome.Snapshotted);
        Assert.Empty(outcome.Transferred);
        outcome.Tells("Information: skipping snapshot of droplet web-1, web-1-autosnapshot-20260301T120000Z is on its way since");
        outcome.Tells("Information: snapshot web-1-autosnapshot-20260227T120000Z is on its way to region lon1 since");
        Assert.Equal(0, outcome.Count("GET", "/v2/droplets/"));
        Assert.Equal(0, outcome.Count("GET", "/v2/images/"));
        Assert.Single((await EventsAsync()).OfType<TransferRequested>());
    }

    [Fact]
    public async Task Once_everything_is_done_a_pass_writes_nothing_and_asks_for_little()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, Hour, World.Home, "lon1");
        await world.KeptPassAsync("-s", "1d", "-r", "lon1", "-k", "0d:1w");
        var head = await world.Log.HeadAsync(World.Ct);

        var outcome = await world.KeptPassAsync("-s", "1d", "-r", "lon1", "-k", "0d:1w");

        Assert.Equal(head, await world.Log.HeadAsync(World.Ct));
        // The account and the regions, before and while comparing, and a page of each list.
        Assert.Equal(6, outcome.Calls.Count);
    }

    [Fact]
    public async Task A_request_that_an_earlier_pass_wrote_and_never_sent_is_sent_by_the_next()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 23 * Hour);
        await world.KeptPassAsync("-s", "1d");
        world.Clock.Advance(Hour);
        // A pass ended between its decision and the request.
        await world.Log.DecideAsync(droplet, ledger => Planning.Decide(ledger, world.Clock.GetUtcNow()), World.Ct);
        var waiting = Assert.Single(await SnapshotsAsync(droplet), s => s.Phase is SnapshotPhase.Requested);

        var outcome = await world.KeptPassAsync("-s", "1d");

        Assert.Equal([droplet], outcome.Snapshotted);
        Assert.Equal(SnapshotPhase.Started, (await SnapshotsAsync(droplet)).Single(s => s.SnapshotId == waiting.SnapshotId).Phase);
    }

    [Fact]
    public async Task A_deletion_that_failed_is_tried_again_by_the_next_pass()
    {
        var droplet = world.AddDroplet();
        var old = world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, Hour);
        world.Line.Instead = r => r.Method == HttpMethod.Delete ? Refusal(HttpStatusCode.UnprocessableEntity) : null;
        var first = await world.KeptPassAsync("-s", "1d", "-k", "0d:1w");
        world.Line.Instead = null;
        world.Clock.Advance(Hour);

        var second = await world.KeptPassAsync("-s", "1d", "-k", "0d:1w");

        Assert.Equal(1, first.Code);
        first.Tells("Error: snapshot web-1-autosnapshot-20260130T120000Z was not deleted: ");
        Assert.Equal(0, second.Code);
        Assert.Equal([old], second.Deleted);
    }

    [Fact]
    public async Task A_snapshot_that_was_taken_away_is_lost_after_a_second_look_and_the_next_is_due()
    {
        var droplet = world.AddDroplet();
        var image = world.PlantOwn(droplet, Hour);
        await world.KeptPassAsync("-s", "1d");
        Assert.Null(world.Account.DeleteSnapshot(image));
        world.Clock.Advance(Minute);

        var outcome = await world.KeptPassAsync("-s", "1d");

        Assert.Equal([droplet], outcome.Snapshotted);
        Assert.Equal(2, outcome.Count("GET", "/v2/snapshots") - outcome.Count("GET", "/v2/snapshots/"));
        Assert.Equal(SnapshotPhase.Lost, (await SnapshotsAsync(droplet)).Single(s => s.ImageId == image).Phase);
    }

    [Fact]
    public async Task A_droplet_that_lost_its_tag_leaves_the_plan_and_its_snapshots_stay()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, Hour);
        await world.KeptPassAsync("-s", "1d");
        world.Account.UntagDroplet(droplet, "autosnapshot").OrThrow();

        var outcome = await world.KeptPassAsync("-s", "1d", "-k", "0d:1w");

        Assert.Equal(0, outcome.Code);
        Assert.Empty(outcome.Deleted);
        Assert.Empty(outcome.Snapshotted);
        Assert.Single((await EventsAsync()).OfType<DropletWithdrawn>());
    }

    [Fact]
    public async Task A_renamed_droplet_keeps_the_snapshots_of_its_old_name()
    {
        var droplet = world.AddDroplet();
        var old = world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, Hour);
        await world.KeptPassAsync("-s", "1d");
        world.Account.RenameDroplet(droplet, "www").OrThrow();

        var outcome = await world.KeptPassAsync("-s", "1d", "-k", "0d:1w");

        Assert.Empty(outcome.Snapshotted);
        Assert.Equal([old], outcome.Deleted);
    }

    [Fact]
    public async Task What_a_guard_holds_is_told_by_every_pass_though_the_log_says_it_once()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 30 * Day);
        string[] policy = ["-s", "52w", "-k", "0d:1w"];
        var first = await world.KeptPassAsync(policy);

        var second = await world.KeptPassAsync(policy);

        first.Tells("Information: keeping snapshot web-1-autosnapshot-20260130T120000Z", "guard NewestComplete holds it");
        Assert.Equal(first.Lines.Single(l => l.Contains("holds it", StringComparison.Ordinal)), second.Lines.Single(l => l.Contains("holds it", StringComparison.Ordinal)));
        Assert.Single((await EventsAsync()).OfType<ExpiryHeld>());
        Assert.Empty(second.Deleted);
    }

    [Fact]
    public async Task Other_options_are_a_new_version_of_the_plan()
    {
        world.AddDroplet();
        await world.KeptPassAsync("-s", "1d");
        await world.KeptPassAsync("-s", "1d", "-k", "0d:1w");
        await world.KeptPassAsync("-s", "1d", "-k", "0d:1w");

        Assert.Equal([1, 2], (await EventsAsync()).OfType<PlanChanged>().Select(e => e.Version));
    }

    [Fact]
    public async Task A_log_with_plans_of_its_own_is_refused_and_nothing_is_done()
    {
        world.AddDroplet();
        var terms = new PlanTerms("prod", "$droplet-", "1d", "00:00", "0h", [], [], 1, PlanTiming.Anchored);
        await world.Log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("web"), new PlanChanged("web", 1, terms, World.Start))], World.Ct);

        var refused = await Assert.ThrowsAsync<UsageException>(() => world.KeptPassAsync("-s", "1d"));
        Assert.Contains("'web'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await world.Log.HeadAsync(World.Ct));
        Assert.Equal(0, world.Account.Journal.Total);
    }

    [Fact]
    public async Task With_another_accounts_token_nothing_is_done()
    {
        world.AddDroplet();
        await world.Log.DecideFleetAsync(_ => [new NewEvent(Streams.Account, new AccountBound("somebody-else", World.Start))], World.Ct);

        var outcome = await world.KeptPassAsync("-s", "1d");

        Assert.Equal(1, outcome.Code);
        Assert.Empty(outcome.Snapshotted);
        outcome.Tells("Error: The log belongs to DigitalOcean account somebody-else");
        Assert.Equal(1, await world.Log.HeadAsync(World.Ct));
    }

    [Fact]
    public async Task A_region_that_there_is_not_is_told_before_anything_is_done()
    {
        world.AddDroplet();

        var refused = await Assert.ThrowsAsync<UsageException>(() => world.KeptPassAsync("-s", "1d", "-r", "atlantis1"));

        Assert.StartsWith("-r/--region 'atlantis1': DigitalOcean has no such region", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await world.Log.HeadAsync(World.Ct));
    }

    [Fact]
    public async Task A_dry_run_changes_neither_the_account_nor_the_log_and_tells_what_waits_too()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, 2 * Day);
        world.Line.Instead = r => r.Method == HttpMethod.Delete ? Refusal(HttpStatusCode.UnprocessableEntity) : null;
        await world.KeptPassAsync("-s", "1w", "-k", "0d:1w");
        world.Line.Instead = null;
        world.Clock.Advance(Hour);
        var head = await world.Log.HeadAsync(World.Ct);

        var outcome = await world.KeptPassAsync("-s", "1d", "-k", "0d:1w", "-r", "lon1", "--dryrun");

        Assert.Equal(head, await world.Log.HeadAsync(World.Ct));
        Assert.DoesNotContain(outcome.Calls, c => c.Method != "GET");
        outcome.Tells("Information: would snapshot droplet web-1");
        outcome.Tells("Information: would transfer snapshot web-1-autosnapshot-20260227T120000Z to region lon1");
        outcome.Tells("Information: dry run, nothing was changed: snapshots to begin 1, transfers to begin 1, to delete 1,");
    }

    [Fact]
    public async Task With_wait_a_pass_stays_until_all_is_complete_and_transferred()
    {
        var droplet = world.AddDroplet();

        var outcome = await world.KeptPassAsync("-s", "1d", "-r", "lon1", "--wait");

        Assert.Equal(0, outcome.Code);
        var snapshot = Assert.Single(await SnapshotsAsync(droplet));
        Assert.Equal([World.Home, "lon1"], snapshot.Regions.OrderDescending());
        Assert.False(snapshot.Working);
    }

    [Fact]
    public async Task A_snapshot_whose_answer_was_lost_is_found_by_a_later_pass_and_not_made_twice()
    {
        var droplet = world.AddDroplet();
        world.Line.Loses = r => r.Method == HttpMethod.Post;
        var first = await world.KeptPassAsync("-s", "1d");
        world.Line.Loses = _ => false;
        world.Clock.Advance(Hour);

        var second = await world.KeptPassAsync("-s", "1d");

        first.Tells("Error: it is not known whether snapshot web-1-autosnapshot-20260301T120000Z was begun");
        Assert.Empty(second.Snapshotted);
        Assert.Equal(0, second.Code);
        Assert.Equal(SnapshotPhase.Complete, Assert.Single(await SnapshotsAsync(droplet)).Phase);
    }

    [Fact]
    public async Task The_snapshot_of_a_droplet_that_was_destroyed_meanwhile_is_told_as_failed_and_given_up()
    {
        var droplet = world.AddDroplet();
        await world.KeptPassAsync("-s", "1d");
        Assert.True(world.Account.DestroyDroplet(droplet));
        world.Clock.Advance(Hour);

        var settling = await world.KeptPassAsync("-s", "1d");
        world.Clock.Advance(Hour);
        var after = await world.KeptPassAsync("-s", "1d");

        Assert.Equal(1, settling.Code);
        settling.Tells("Error: snapshot web-1-autosnapshot-20260301T120000Z failed: ");
        Assert.Equal(0, after.Code);
        Assert.Empty(after.Snapshotted);
        Assert.False((await SnapshotsAsync(droplet)).Single().Working);
    }

    public void Dispose() => world.Dispose();

    private async Task<IReadOnlyList<Snapshot>> SnapshotsAsync(long droplet) =>
        [.. (await world.Log.LoadLedgersAsync([droplet], World.Ct))[0].Snapshots];

    private async Task<IEnumerable<object>> EventsAsync() => (await world.Log.ReadAsync(0, int.MaxValue, World.Ct)).Select(e => e.Data);

    private static HttpResponseMessage Refusal(HttpStatusCode status) => new(status)
    {
        Content = new StringContent("""{"id":"refused","message":"Not now."}""", System.Text.Encoding.UTF8, "application/json"),
    };
}
