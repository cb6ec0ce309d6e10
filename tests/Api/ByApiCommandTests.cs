using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Api.Tests;

/// <summary>The command commands the API: it is the token's owner who did it, it is done once, and with <c>--wait</c> what came of it is told.</summary>
public sealed class ByApiCommandTests
{
    private readonly PostgresFixture _postgres;

    public ByApiCommandTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What is commanded, what is told, and the event that is in the log.</summary>
    public static TheoryData<string, string, Type> Commanded => new()
    {
        { "snapshot web-1 2 --reason why", "of droplet 2 ('web-2').", typeof(SnapshotRequested) },
        { "transfer old -r fra1 -r fra1 --reason why", "('old') in fra1.", typeof(TransferRequested) },
        { "expire old --reason why", "Asked for the removal of snapshot ", typeof(SnapshotExpired) },
        { "pin one --reason why", "Pinned: snapshot abcd0000-", typeof(SnapshotPinned) },
        { "pause p --reason why", "Paused: plan 'p'.", typeof(PlanPaused) },
        { "pause 2 --reason why", "Paused: droplet 2 ('web-2').", typeof(DropletPaused) },
        { "plan p -k 1w:1m -k 0d:6m -s 12h --based-on 1 --reason why", "Saved: plan 'p', version 2.", typeof(PlanChanged) },
        { "release-brake p --reason why", "Released for a day: plan 'p'. At the next decision 1 snapshot would go", typeof(BrakeReleased) },
    };

    [Theory]
    [MemberData(nameof(Commanded))]
    public async Task Each_is_done_by_whose_token_it_is(string command, string says, Type type)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await service.BrakeAsync("plan", Ct);
        var ran = await ByApi.RunAsync(service, command.Split(' '));
        Assert.True(ran is { Code: 0, Errors: "" }, ran.ToString());
        Assert.Contains(says, ran.Output, StringComparison.Ordinal);
        var e = (await service.EventsAsync<object>()).Last(e => e.GetType() == type);
        Assert.Equal(("api:ann", "why"), (type.GetProperty("Actor")!.GetValue(e), type.GetProperty("Reason")!.GetValue(e)));
    }

    [Fact]
    public async Task What_was_done_is_undone_by_the_other_command()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        foreach (var command in (string[])["pin one", "unpin one", "pause p", "resume p", "pause web-1", "resume web-1"])
        {
            var ran = await ByApi.RunAsync(service, [.. command.Split(' '), "--reason", "why"]);
            Assert.True(ran is { Code: 0, Errors: "" }, $"{command}: {ran}");
        }

        Assert.Single(await service.EventsAsync<SnapshotUnpinned>());
        Assert.Single(await service.EventsAsync<PlanResumed>());
        Assert.Single(await service.EventsAsync<DropletResumed>());
    }

    [Theory]
    [InlineData(Mishap.AnswerCut)]
    [InlineData(Mishap.RequestCut)]
    [InlineData(Mishap.Unavailable)]
    public async Task What_was_cut_off_is_sent_again_and_done_once(Mishap mishap)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await using var front = await Front.StartAsync(service.Client.BaseAddress!, [mishap, mishap], Ct);
        var ran = await ByApi.RunAsync(ByApi.Environment(front.Address, Service.OperatorToken), "snapshot", "web-1", "--reason", "once");
        Assert.True(ran is { Code: 0, Errors: "" }, ran.ToString());
        var asked = Assert.Single(await service.EventsAsync<SnapshotRequested>(), e => e.Reason == "once");
        Assert.Contains(asked.SnapshotId.ToString(), ran.Output, StringComparison.Ordinal);
        Assert.Equal(3, front.Keys.Count);
        Assert.Single(front.Keys.Distinct());
    }

    /// <summary>What is commanded, what becomes of it, the exit code, and what is told of that.</summary>
    public static TheoryData<string, string, int, string> Waited => new()
    {
        { "snapshot web-1", "complete", 0, "snapshot droplet 1 ('web-1'): complete: image 99" },
        { "snapshot web-1", "failed", 1, "snapshot droplet 1 ('web-1'): given up: no luck" },
        { "transfer old -r fra1", "copied", 0, "to fra1: fra1 holds it" },
        { "expire old", "pruned", 0, ": deleted" },
        { "expire old", "refused", 1, ": refused, and left alone: it is another's" },
    };

    [Theory]
    [MemberData(nameof(Waited))]
    public async Task With_wait_it_stays_until_it_is_known_what_came_of_it(string command, string becomes, int code, string says)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await service.BrakeAsync("none", Ct);
        var head = await service.Log.HeadAsync(Ct);
        var running = ByApi.RunAsync(service, [.. command.Split(' '), "--wait", "--reason", "r"]);
        Assert.True(await Eventually.HoldsAsync(async () => await service.Log.HeadAsync(Ct) > head, cancellationToken: Ct));
        Assert.False(running.IsCompleted);
        await BecomesAsync(service, becomes);
        var ran = await running;
        Assert.True(ran.Code == code, ran.ToString());
        Assert.Contains(says, code == 0 ? ran.Output : ran.Errors, StringComparison.Ordinal);
    }

    private static async Task BecomesAsync(Service service, string what)
    {
        var now = await service.Database.NowAsync(Ct);
        var asked = (await service.EventsAsync<SnapshotRequested>())[^1].SnapshotId;
        var old = (await service.EventsAsync<SnapshotDiscovered>()).Single(e => e.SnapshotName == "old");
        var (droplet, id, events) = what switch
        {
            "complete" => (1L, asked, (object[])[new SnapshotCompleted(asked, 1, 99, 1, ["nyc3"], now, now)]),
            "failed" => (1, asked, [new SnapshotFailed(asked, 1, "no luck", Final: true, now)]),
            "copied" => (2, old.SnapshotId, [new TransferCompleted(old.SnapshotId, 2, "fra1", now)]),
            "pruned" => (2, old.SnapshotId, [new PruneAttempted(old.SnapshotId, 2, old.ImageId, 1, now, now), new SnapshotPruned(old.SnapshotId, 2, old.ImageId, now)]),
            _ => (2, old.SnapshotId, [new PruneRefused(old.SnapshotId, 2, null, "it is another's", now)]),
        };
        await service.Log.DecideAsync(droplet, _ => [.. events.Select(e => new NewEvent(Streams.OfSnapshot(id), e))], Ct);
    }
}
