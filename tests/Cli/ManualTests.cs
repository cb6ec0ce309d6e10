using DoSnapshot.Cli.Manual;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Operating.Manual;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Cli.Tests;

/// <summary>Commands by hand: what they name is found or refused, all of one is done or nothing, and with <c>--wait</c> what came of it is told.</summary>
public sealed class ManualTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly InMemoryEventLog _log;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public ManualTests()
    {
        _log = new InMemoryEventLog(_clock);
        var terms = new PlanTerms("tag", "$droplet-auto-", "1d", "03:00", "0h", ["0d:30d"], [], 1, PlanTiming.Anchored);
        foreach (var plan in (string[])["p", "web-3"])
        {
            _log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan(plan), new PlanChanged(plan, 1, terms, Start))], default).Wait();
        }

        foreach (var (id, name) in ((long, string)[])[(1, "web-1"), (2, "web-2"), (3, "web-3"), (4, "twins"), (5, "twins")])
        {
            Given(id, new NewEvent(Streams.OfDroplet(id), new DropletEnrolled(id, name, "p", Start)));
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private CommandedBy By => new("ann", "before the upgrade", _clock.GetUtcNow());

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task Snapshots_of_several_droplets_are_asked_for_and_named()
    {
        Assert.Equal(0, await RunAsync(await ManualActs.SnapshotAsync(_log, ["web-1", "2", "1"], By, Ct)));
        var asked = Events<SnapshotRequested>();
        Assert.Equal([1L, 2L], asked.Select(e => e.DropletId));
        Assert.All(asked, e => Assert.Equal(("ann", "before the upgrade", Origin.Manual), (e.Actor, e.Reason, e.Origin)));
        Assert.Equal(
            string.Concat(asked.Select(e => $"Asked for snapshot {e.SnapshotId} of droplet {e.DropletId} ('{e.DropletName}').{Environment.NewLine}")), _output.ToString());
    }

    [Fact]
    public async Task Where_one_is_refused_nothing_is_done()
    {
        await RunAsync(await ManualActs.SnapshotAsync(_log, ["web-2"], By, Ct));
        Assert.Equal(1, await RunAsync(await ManualActs.SnapshotAsync(_log, ["web-1", "web-2"], By, Ct)));
        Assert.Single(Events<SnapshotRequested>());
        Assert.Equal(
            $"do-snapshot: cannot snapshot droplet 2 ('web-2'): 'web-2-manual-20260301T120000Z' was asked for in the same second{Environment.NewLine}", _errors.ToString());
    }

    [Theory]
    [InlineData("nobody", "DROPLET 'nobody': the log knows no droplet of this name or id")]
    [InlineData("twins", "DROPLET 'twins': several droplets are called so: 4, 5")]
    public async Task A_droplet_that_is_not_there_or_not_the_only_one_is_refused(string name, string says) =>
        Assert.Equal(says, (await Assert.ThrowsAsync<SubjectException>(() => ManualActs.SnapshotAsync(_log, [name], By, Ct))).Message);

    [Fact]
    public async Task A_droplet_that_was_destroyed_is_refused_until_it_is_in_a_plan_again()
    {
        Given(1, new NewEvent(Streams.OfDroplet(1), new DropletWithdrawn(1, "p", "the droplet is no more", Start)));
        Given(2, new NewEvent(Streams.OfDroplet(2), new DropletWithdrawn(2, "p", "the droplet no longer has the tag 'tag'", Start)));
        Assert.Single(await ManualActs.SnapshotAsync(_log, ["web-2"], By, Ct));
        Assert.Equal(1, await RunAsync(await ManualActs.SnapshotAsync(_log, ["web-2", "web-1"], By, Ct)));
        Assert.Empty(Events<SnapshotRequested>());
        Assert.Equal(
            $"do-snapshot: cannot snapshot droplet 1 ('web-1'): it was destroyed, as seen at 2026-03-01T12:00:00Z; its snapshots are there as before{Environment.NewLine}", _errors.ToString());
        Given(1, new NewEvent(Streams.OfDroplet(1), new DropletEnrolled(1, "web-1", "p", Start)));
        Assert.Equal(0, await RunAsync(await ManualActs.SnapshotAsync(_log, ["web-1"], By, Ct)));
    }

    [Fact]
    public async Task One_that_was_asked_for_before_its_droplet_was_destroyed_stays_asked_for()
    {
        var by = By;
        Task<IReadOnlyList<ManualAct>> AskAsync() => ManualActs.SnapshotAsync(_log, ["web-1", "web-2"], by, Ct, droplet => new Guid((int)droplet, 0, 0, new byte[8]));
        var asked = await AskAsync();
        // It ends between the two.
        Assert.Single((await Acting.RunAsync(_log, [asked[0]], Ct)).Done);
        Given(1, new NewEvent(Streams.OfDroplet(1), new DropletWithdrawn(1, "p", "the droplet is no more", Start)));
        Given(2, new NewEvent(Streams.OfDroplet(2), new DropletWithdrawn(2, "p", "the droplet is no more", Start)));
        var again = await AskAsync();
        Assert.True(await Acting.HasBegunAsync(_log, again, Ct));
        var resumed = await Acting.ResumeAsync(_log, again, Ct);
        Assert.Equal([1L], resumed.Done.Select(a => a.DropletId!.Value));
        Assert.StartsWith("it was destroyed", Assert.Single(resumed.Refusals).Why, StringComparison.Ordinal);
        Assert.Single(Events<SnapshotRequested>());
    }

    [Fact]
    public async Task A_snapshot_is_found_by_id_beginning_image_and_name_and_several_are_listed()
    {
        var (one, other) = (new Guid("abcd0001-0000-4000-8000-000000000000"), new Guid("abcd0002-0000-4000-8000-000000000000"));
        Complete(one, 71, "one", Start.AddHours(-2));
        Complete(other, 72, "other", Start.AddHours(-1));
        foreach (var name in (string[])[one.ToString(), "abcd0001", "71", "one"])
        {
            Assert.Equal(0, await RunAsync(await ManualActs.PinAsync(_log, name, pin: true, By, Ct)));
            Assert.Equal(0, await RunAsync(await ManualActs.PinAsync(_log, name, pin: false, By, Ct)));
        }

        Assert.Equal([one], Events<SnapshotPinned>().Select(e => e.SnapshotId).Distinct());
        var e = await Assert.ThrowsAsync<SubjectException>(() => ManualActs.PinAsync(_log, "abcd", pin: true, By, Ct));
        Assert.Contains($"it may be several: {one} ('one'), {other} ('other')", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<SubjectException>(() => ManualActs.ExpireAsync(_log, "abc", By, Ct));
        Assert.Equal("SNAPSHOT 'abc': the log knows no snapshot of this id, image id or name", e.Message);
    }

    [Fact]
    public async Task A_removal_that_a_guard_would_hold_is_refused()
    {
        Complete(Guid.NewGuid(), 71, "newest", Start.AddHours(-1));
        Assert.Equal(1, await RunAsync(await ManualActs.ExpireAsync(_log, "newest", By, Ct)));
        Assert.Empty(Events<SnapshotExpired>());
        Assert.Contains("guard NewestComplete holds it: no newer snapshot of the droplet by its plan is complete", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plans_and_droplets_are_paused_and_what_is_both_is_refused()
    {
        Assert.Equal(0, await RunAsync(await ManualActs.PauseAsync(_log, "p", pause: true, By, Ct)));
        Assert.Equal(0, await RunAsync(await ManualActs.PauseAsync(_log, "web-1", pause: true, By, Ct)));
        Assert.Equal(0, await RunAsync(await ManualActs.PauseAsync(_log, "3", pause: true, By, Ct)));
        Assert.Equal(0, await RunAsync(await ManualActs.PauseAsync(_log, "p", pause: false, By, Ct)));
        Assert.Equal(1, await RunAsync(await ManualActs.PauseAsync(_log, "p", pause: false, By, Ct)));
        Assert.Equal((1, 1), (Events<PlanPaused>().Count, Events<PlanResumed>().Count));
        Assert.Equal([1L, 3L], Events<DropletPaused>().Select(e => e.DropletId));
        Assert.Contains("cannot resume plan 'p': it is not paused", _errors.ToString(), StringComparison.Ordinal);

        var e = await Assert.ThrowsAsync<SubjectException>(() => ManualActs.PauseAsync(_log, "web-3", pause: true, By, Ct));
        Assert.Contains("there is a plan and a droplet of this name: give the droplet's id (3)", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("or plan/web-3 for the plan", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(await ManualActs.PauseAsync(_log, "plan/web-3", pause: true, By, Ct)));
        Assert.Equal(["p", "web-3"], Events<PlanPaused>().Select(paused => paused.Plan));
        e = await Assert.ThrowsAsync<SubjectException>(() => ManualActs.PauseAsync(_log, "nobody", pause: true, By, Ct));
        Assert.Contains("the log knows no plan in force and no droplet of this name or id", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_policy_is_saved_once_and_not_over_a_version_that_was_not_looked_at()
    {
        var wanted = new PolicyWanted(["1d:1w", "0d:6m"], "12h", 1);
        Assert.Equal(0, await RunAsync(await PolicyActs.ChangeAsync(_log, "p", wanted, By, Ct)));
        Assert.Equal($"Saved: plan 'p', version 2. The planner goes by it from now on.{Environment.NewLine}", _output.ToString());
        Assert.Equal(1, await RunAsync(await PolicyActs.ChangeAsync(_log, "p", wanted, By, Ct)));
        Assert.Equal(1, await RunAsync(await PolicyActs.ChangeAsync(_log, "p", wanted with { BasedOn = 2 }, By, Ct)));
        Assert.Contains("cannot change the policy of plan 'p': it is version 2 by now", _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("cannot change the policy of plan 'p': it says that already", _errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(("ann", "before the upgrade", "12h"), (Events<PlanChanged>()[^1].Actor, Events<PlanChanged>()[^1].Reason, Events<PlanChanged>()[^1].Terms.Every));
        Assert.Equal(3, Events<PlanChanged>().Count);

        var e = await Assert.ThrowsAsync<SubjectException>(() => PolicyActs.ChangeAsync(_log, "q", wanted, By, Ct));
        Assert.Contains("the log knows no plan in force of this name", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_saves_a_policy_that_may_not_be_what_was_meant_is_told_so()
    {
        Assert.Equal(0, await RunAsync(await PolicyActs.ChangeAsync(_log, "p", new PolicyWanted(["0h:1d"], "1d", 1), By, Ct)));
        Assert.StartsWith(
            "Saved: plan 'p', version 2. The planner goes by it from now on. Mind: 0h:1d deletes the last snapshot just as the next is taken: while that is in progress, there is none, "
            + "were it not that guard NewestComplete holds the newest.",
            _output.ToString(),
            StringComparison.Ordinal);

        // What cannot be used is refused, and nothing more is said of it.
        Assert.Equal(1, await RunAsync(await PolicyActs.ChangeAsync(_log, "p", new PolicyWanted(["1d:1w"], "never", 2), By, Ct)));
        Assert.Contains("every 'never' cannot be used", _errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0, "snapshot droplet 1 ('web-1'): complete: image 71")]
    [InlineData(false, 1, "snapshot droplet 1 ('web-1'): given up: no luck")]
    public async Task With_wait_it_stays_until_it_is_known_what_came_of_it(bool good, int code, string says)
    {
        var acts = await ManualActs.SnapshotAsync(_log, ["web-1"], By, Ct);
        var run = ManualRun.RunAsync(_log, acts, wait: true, _output, _errors, _clock, Ct);
        Assert.False(run.IsCompleted);

        var id = Events<SnapshotRequested>().Single().SnapshotId;
        Given(1, NewEvent.Of(id, good
            ? new SnapshotCompleted(id, 1, 71, 1, ["nyc3"], Start, Start)
            : new SnapshotFailed(id, 1, "no luck", Final: true, Start)));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(code, await run);
        Assert.Contains(says, (good ? _output : _errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_is_waited_for_is_told_of_when_the_region_holds_it()
    {
        var id = Guid.NewGuid();
        Complete(id, 71, "one", Start.AddHours(-2));
        var run = ManualRun.RunAsync(_log, await ManualActs.TransferAsync(_log, "one", ["ams3", "ams3"], By, Ct), wait: true, _output, _errors, _clock, Ct);
        Assert.Equal("ams3", Events<TransferRequested>().Single().Region);
        Given(1, NewEvent.Of(id, new TransferCompleted(id, 1, "ams3", Start)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await run);
        Assert.EndsWith($"ams3 holds it{Environment.NewLine}", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0, "complete, in ams3, nyc3")]
    [InlineData(false, 1, "the copy to ams3 was given up: no such region")]
    public async Task What_is_tried_again_is_waited_for_and_what_was_given_up_before_is_not_told(bool good, int code, string says)
    {
        var id = Guid.NewGuid();
        Complete(id, 71, "one", Start.AddHours(-2));
        await RunAsync(await ManualActs.TransferAsync(_log, "one", ["ams3"], By, Ct));
        Given(1, NewEvent.Of(id, new TransferFailed(id, 1, "ams3", "no luck", Final: true, Start)));
        var run = ManualRun.RunAsync(_log, await ManualActs.RetryAsync(_log, "one", By, Ct), wait: true, _output, _errors, _clock, Ct);
        Assert.False(run.IsCompleted);

        Given(1, NewEvent.Of(id, good ? new TransferCompleted(id, 1, "ams3", Start) : new TransferFailed(id, 1, "ams3", "no such region", Final: true, Start)));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(code, await run);
        Assert.EndsWith($"{says}{Environment.NewLine}", (good ? _output : _errors).ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(IReadOnlyList<ManualAct> acts) => ManualRun.RunAsync(_log, acts, wait: false, _output, _errors, _clock, Ct);

    private IReadOnlyList<T> Events<T>() => [.. _log.ReadAsync(0, int.MaxValue, default).Result.Select(e => e.Data).OfType<T>()];

    private void Given(long droplet, params NewEvent[] events) => _log.DecideAsync(droplet, _ => events, default).Wait();

    private void Complete(Guid id, long image, string name, DateTimeOffset at) =>
        Given(1, NewEvent.Of(id, new SnapshotDiscovered(id, 1, "web-1", image, name, "p", 1, ["nyc3"], at, at)));
}
