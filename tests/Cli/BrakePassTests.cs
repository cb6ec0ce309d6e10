using DoSnapshot.Cli.Brakes;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Cli.Tests;

/// <summary>The brake on mass expiry in the command: off unless it is asked for, and released on a log that is kept.</summary>
public sealed class BrakePassTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly World world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task Unasked_for_it_is_off_and_the_rules_are_followed_as_do_snapshot_py_follows_them()
    {
        Fleet(droplets: 1, old: 8);
        var outcome = await world.PassAsync("-s", "1d", "-k", "0d:1d");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(8, outcome.Deleted.Count);
    }

    [Fact]
    public async Task Asked_for_it_holds_what_is_too_much_of_a_droplet_and_the_exit_code_says_so()
    {
        Fleet(droplets: 1, old: 8);
        Fleet(droplets: 1, old: 2, name: "db");

        var outcome = await world.PassAsync("-s", "1d", "-k", "0d:1d", "--brake");

        Assert.Equal(1, outcome.Code);
        Assert.Equal(2, outcome.Deleted.Count);
        outcome.Tells("Information: keeping snapshot web-0-autosnapshot-", "guard Brake holds it, as the brake is on: 8 of 9 snapshots of droplet 'web-0' would go within a day");
        outcome.Tells("Error: the brake is on, nothing of droplet ", "a run without --brake lets it");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Asked_for_it_holds_what_is_too_much_of_all_together(bool dryRun)
    {
        Fleet(droplets: 4, old: 3);

        var outcome = await world.PassAsync(["-s", "1d", "-k", "0d:1d", "--brake", .. dryRun ? ["--dryrun"] : Array.Empty<string>()]);

        Assert.Equal(1, outcome.Code);
        Assert.Empty(outcome.Deleted);
        outcome.Tells("Error: the brake is on, nothing of plan 'default' expires since 2026-03-01T12:00:00Z: 12 of 16 snapshots of plan 'default' would go within a day; look");
        Assert.Equal(12, outcome.Lines.Count(l => l.Contains("guard Brake holds it", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task On_a_log_that_is_kept_it_stays_until_it_is_released()
    {
        Fleet(droplets: 4, old: 3);
        string[] asked = ["-s", "1d", "-k", "0d:1d", "--brake"];
        Assert.Equal((1, 0), await RunAsync(asked));
        world.Clock.Advance(Day);
        Assert.Equal((1, 0), await RunAsync(asked));
        var (_, told) = await ReleaseAsync();
        Assert.Contains("On: nothing of plan 'default' expires since 2026-03-01T12:00:00Z: 12 of 16 snapshots of plan 'default' would go within a day.", told, StringComparison.Ordinal);
        Assert.Contains(
            "    By now 12 snapshots of 4 droplets would go, made between 2026-02-25 12:00 and 2026-02-27 12:00.\n    To release it: do-snapshot release-brake default --reason TEXT\n",
            told,
            StringComparison.Ordinal);

        var (code, said) = await ReleaseAsync("default", reason: "moved from another tool");
        Assert.Equal((0, "Released for a day: plan 'default'. At the next decision 12 snapshots of 4 droplets would go, made between 2026-02-25 12:00 and 2026-02-27 12:00."), (code, said.Trim()));
        var released = Assert.Single((await world.Log.ReadAsync(0, 1000, World.Ct)).Select(e => e.Data).OfType<BrakeReleased>());
        Assert.Equal(("default", null, "ann", "moved from another tool"), (released.Plan, released.DropletId, released.Actor, released.Reason));

        var (after, deleted) = await RunAsync(asked);
        Assert.Equal(0, after);
        // Those that were young a day ago are still the newest that are complete.
        Assert.Equal(12, deleted);
        Assert.Equal(
            "No brake is on.\nReleased: plan 'default' until 2026-03-03T12:00:00Z, by ann: moved from another tool", (await ReleaseAsync()).Said.Trim());
    }

    [Fact]
    public async Task A_dry_run_on_a_log_does_not_speak_of_a_brake_that_is_not_on()
    {
        Fleet(droplets: 4, old: 3);
        string[] asked = ["-s", "1d", "-k", "0d:1d", "--brake"];
        var dry = await world.KeptPassAsync([.. asked, "--dryrun"]);
        Assert.Equal(1, dry.Code);
        dry.Tells("Error: the brake would hold what is to go: 12 of 16 snapshots of plan 'default' would go within a day");

        await RunAsync(asked);
        var again = await world.KeptPassAsync([.. asked, "--dryrun"]);
        again.Tells("Error: the brake is on, nothing of plan 'default' expires since ", "do-snapshot release-brake default --data kept --reason TEXT lets it go");
    }

    [Fact]
    public async Task A_run_without_it_is_another_version_of_the_plan_and_lets_go()
    {
        Fleet(droplets: 4, old: 3);
        await RunAsync("-s", "1d", "-k", "0d:1d", "--brake");
        Assert.Equal((0, 12), await RunAsync("-s", "1d", "-k", "0d:1d"));
    }

    [Fact]
    public async Task One_droplet_is_released_by_its_name_or_id_and_the_others_stay_braked()
    {
        Fleet(droplets: 1, old: 4);
        var db = Fleet(droplets: 1, old: 5, name: "db")[0];
        await RunAsync("-s", "1d", "-k", "0d:1d", "--brake");
        Assert.Equal(2, Lines(await ReleaseAsync()).Count(l => l.StartsWith("On: nothing of droplet", StringComparison.Ordinal)));

        var (code, said) = await ReleaseAsync("default", droplet: "db-0", reason: "looked");
        Assert.StartsWith($"Released for a day: droplet {db} ('db-0') in plan 'default'. At the next decision 5 snapshots of 1 droplet would go, made between ", said, StringComparison.Ordinal);
        Assert.Equal(0, code);
        var (_, deleted) = await RunAsync("-s", "1d", "-k", "0d:1d", "--brake");
        Assert.Equal(5, deleted);
        Assert.Single(Lines(await ReleaseAsync()), l => l.StartsWith("On: nothing of droplet", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null, "looked", "PLAN is required")]
    [InlineData("default", null, "looked", "PLAN 'default': the brake is on for one droplet of it alone (")]
    [InlineData("default", "web-0", null, "--reason is required")]
    [InlineData("default", "web-0", "  ", "--reason is required")]
    [InlineData("default", "web-0", "look\u202eed", "--reason 'look?ed': a line of text without control characters or marks of direction is wanted")]
    [InlineData("default", "web-0", "look\u001b[31med", "--reason 'look?[31med': a line of text without control characters or marks of direction is wanted")]
    [InlineData("other", null, "looked", "PLAN 'other': no brake is on there; one is on in 'default'")]
    [InlineData("default", "web-9", "looked", "--droplet 'web-9': no brake is on there; one is on for ")]
    public async Task What_is_not_on_or_not_said_releases_nothing(string? plan, string? droplet, string? reason, string message)
    {
        Fleet(droplets: 1, old: 4);
        await RunAsync("-s", "1d", "-k", "0d:1d", "--brake");
        var head = await world.Log.HeadAsync(World.Ct);
        var e = await Assert.ThrowsAsync<Arguments.UsageException>(() => ReleaseAsync(plan, droplet, reason));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(head, await world.Log.HeadAsync(World.Ct));
    }

    [Fact]
    public async Task What_one_droplet_loses_by_a_release_is_counted_when_it_is_released()
    {
        var web = Fleet(droplets: 1, old: 4)[0];
        await RunAsync("-s", "1d", "-k", "0d:1d", "--brake");
        var by = new CommandedBy("ann", "looked", world.Clock.GetUtcNow());
        var act = Assert.Single(await BrakeActs.ReleaseAsync(world.Log, new BrakeMeant("default", "web-0", HeldAtMost: 4), by, World.Ct));

        // One more comes to go between the look and the deed.
        var (id, made) = (Guid.NewGuid(), by.At.AddDays(-5));
        await world.Log.DecideAsync(web, _ => [NewEvent.Of(id, new SnapshotDiscovered(id, web, "web-0", 7, "web-0-late", "default", 1, ["nyc3"], made, by.At))], World.Ct);
        var done = await Acting.RunAsync(world.Log, [act], World.Ct);
        Assert.Equal("by now it holds 5 snapshots, and 4 were looked at: nothing was released; look again", Assert.Single(done.Refusals).Why);
        Assert.DoesNotContain((await world.Log.ReadAsync(0, 1000, World.Ct)).Select(e => e.Data), e => e is BrakeReleased);
    }

    [Fact]
    public async Task All_droplets_that_are_braked_by_themselves_are_released_when_that_is_said()
    {
        Fleet(droplets: 1, old: 4);
        Fleet(droplets: 1, old: 5, name: "db");
        await RunAsync("-s", "1d", "-k", "0d:1d", "--brake");
        var (code, said) = await ReleaseAsync("default", reason: "looked", all: true);
        Assert.Equal(0, code);
        Assert.StartsWith("Released for a day: plan 'default'. At the next decision 9 snapshots of 2 droplets would go, ", said, StringComparison.Ordinal);
        Assert.Equal((0, 9), await RunAsync("-s", "1d", "-k", "0d:1d", "--brake"));
    }

    [Fact]
    public async Task A_planners_plan_is_gone_by_while_the_planner_is_away_and_its_brake_holds()
    {
        Fleet(droplets: 4, old: 3);
        var terms = new PlanTerms("autosnapshot", "$droplet-autosnapshot-", "1d", "03:00", "0h", ["0d:1d"], [], 1, PlanTiming.Elapsed);
        await world.Log.DecideFleetAsync(
            _ =>
            [
                new NewEvent(Streams.OfPlan("default"), new PlanChanged("default", 1, terms, World.Start)),
                new NewEvent(Streams.Plans, new PlansApplied("0f", "Plan", ["default"], false, World.Start)),
            ],
            World.Ct);

        Assert.Equal((1, 0), await RunAsync("-s", "1d", "-k", "0d:1d"));
        Assert.Single((await world.Log.ReadAsync(0, 1000, World.Ct)).Select(e => e.Data).OfType<PlanChanged>());

        var head = await world.Log.HeadAsync(World.Ct);
        var e = await Assert.ThrowsAsync<Arguments.UsageException>(() => RunAsync("-s", "1d", "-k", "0d:2d"));
        Assert.Equal("the log in kept is a planner's, which is not at work, and its plan 'default' says something else: -k/--keep '0d:2d', and the plan '0d:1d'. "
            + "State the plan anew with its planner, or keep the log of this command in another place", e.Message);
        Assert.Equal(head, await world.Log.HeadAsync(World.Ct));
    }

    [Fact]
    public async Task A_brake_on_the_whole_plan_is_not_released_for_one_droplet()
    {
        Fleet(droplets: 4, old: 3);
        await RunAsync("-s", "1d", "-k", "0d:1d", "--brake");
        var e = await Assert.ThrowsAsync<Arguments.UsageException>(() => ReleaseAsync("default", "web-1", "looked"));
        Assert.Equal("--droplet 'web-1': the brake is on the whole plan 'default'; it is released as a whole", e.Message);
    }

    [Fact]
    public async Task Without_a_log_it_says_what_it_needs()
    {
        using var errors = new StringWriter();
        var code = await ReleaseBrakeCommand.RunAsync(new ReleaseBrakeOptions { Actor = "ann" }, TextWriter.Null, errors, world.Clock, World.Ct);
        Assert.Equal(
            (2, "do-snapshot: release-brake needs the log: --store CONNECTION, DO_SNAPSHOT_STORE in the environment, or --data DIR"), (code, errors.ToString().Trim()));
    }

    private static string[] Lines((int Code, string Said) outcome) => outcome.Said.Split('\n');

    private long[] Fleet(int droplets, int old, string name = "web")
    {
        var ids = Enumerable.Range(0, droplets).Select(i => world.AddDroplet($"{name}-{i}")).ToArray();
        foreach (var id in ids)
        {
            world.PlantOwn(id, Hour);
            foreach (var day in Enumerable.Range(2, old))
            {
                world.PlantOwn(id, day * Day);
            }
        }

        return ids;
    }

    private async Task<(int Code, int Deleted)> RunAsync(params string[] arguments)
    {
        var outcome = await world.KeptPassAsync(arguments);
        return (outcome.Code, outcome.Deleted.Count);
    }

    private async Task<(int Code, string Said)> ReleaseAsync(string? plan = null, string? droplet = null, string? reason = null, bool all = false)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var options = new ReleaseBrakeOptions { Plan = plan, Droplet = droplet, Reason = reason, AllDroplets = all, Actor = "ann" };
        var code = await ReleaseBrakeCommand.RunAsync(world.Log, options, output, errors, world.Clock.GetUtcNow(), World.Ct);
        Assert.Empty(errors.ToString());
        return (code, output.ToString());
    }
}
