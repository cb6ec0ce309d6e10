using System.Net;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Planner;

namespace DoSnapshot.Services.Tests;

/// <summary>Trouble with one droplet, one image or one clock stays where it is.</summary>
public sealed class TroubleTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan(keep: "0h:1d"));

    [Fact]
    public async Task A_newer_snapshot_that_somebody_deletes_right_before_saves_the_older_one()
    {
        var web = _world.AddDroplet();
        var old = _world.PlantOld(web, "web-1", World.Start.AddDays(-3));
        var newer = _world.PlantOld(web, "web-1", World.Start.AddHours(-1));
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        Assert.Single((await _world.EventsAsync()).OfType<SnapshotExpired>());
        Assert.Null(_world.Account.DeleteSnapshot(newer));

        await _world.DeliverAsync();
        await _world.RunAsync(TimeSpan.FromMinutes(20));
        Assert.Contains(_world.Account.State().Snapshots, s => s.Id == old);
        Assert.Empty(_world.Calls("DELETE"));

        // A new one is made in the place of the deleted one, and then the old one may go.
        await _world.RunAsync(TimeSpan.FromHours(2));
        Assert.True(Assert.Single(_world.Account.State().Snapshots).CreatedAt > World.Start);
        Assert.Single(_world.Calls("DELETE"));
    }

    [Fact]
    public async Task An_image_that_cannot_be_asked_for_keeps_nothing_else_from_being_compared()
    {
        var web = _world.AddDroplet();
        var image = _world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        Assert.Null(_world.Account.DeleteSnapshot(image));
        _world.Line.Instead = r => r.RequestUri!.AbsolutePath == $"/v2/snapshots/{image}" ? Error(HttpStatusCode.NotImplemented) : null;
        await _world.ReconcileAsync();
        _world.Clock.Advance(TimeSpan.FromMinutes(15));
        var late = _world.AddDroplet("late-1");

        var trouble = await Assert.ThrowsAsync<AggregateException>(() => _world.ReconcileAsync());

        Assert.Contains($"/v2/snapshots/{image}", Assert.Single(trouble.InnerExceptions).Message, StringComparison.Ordinal);
        Assert.Equal("default", (await _world.LedgerAsync(late)).Droplet!.Plan);
        Assert.True((await _world.OnlyAsync(web)).IsComplete);

        _world.Line.Instead = null;
        await _world.ReconcileAsync();
        Assert.Equal(SnapshotPhase.Lost, (await _world.OnlyAsync(web)).Phase);
    }

    [Fact]
    public async Task A_droplet_whose_list_never_answers_keeps_no_other_from_being_followed_and_is_given_up_in_the_end()
    {
        var ids = Enumerable.Range(1, 3).Select(i => _world.AddDroplet($"web-{i}")).ToList();
        await _world.LeadAsync();
        await _world.RoundAsync();
        _world.Line.Instead = r => r.RequestUri!.AbsolutePath == $"/v2/droplets/{ids[0]}/snapshots" ? Error(HttpStatusCode.NotImplemented) : null;

        for (var i = 0; i < 4; i++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(15));
            await _world.FollowAsync();
        }

        Assert.NotEmpty(_world.FailedRounds);
        Assert.Equal(SnapshotPhase.Started, (await _world.OnlyAsync(ids[0])).Phase);
        Assert.All(ids.Skip(1), id => Assert.True(_world.OnlyAsync(id).Result.IsComplete));

        _world.Clock.Advance(_world.Timings.SnapshotTimeout);
        await _world.FollowAsync();
        var overdue = await _world.OnlyAsync(ids[0]);
        Assert.Equal((SnapshotPhase.Requested, true), (overdue.Phase, overdue.Uncertain));
    }

    [Fact]
    public async Task An_api_that_is_away_as_a_whole_is_not_asked_about_each()
    {
        for (var i = 1; i <= 20; i++)
        {
            _world.AddDroplet($"web-{i}");
        }

        await _world.LeadAsync();
        await _world.RoundAsync();
        _world.Clock.Advance(TimeSpan.FromMinutes(15));
        var asked = 0;
        _world.Line.Instead = r =>
        {
            asked += r.RequestUri!.AbsolutePath.EndsWith("/snapshots", StringComparison.Ordinal) ? 1 : 0;
            return r.RequestUri.AbsolutePath.EndsWith("/snapshots", StringComparison.Ordinal) ? Error(HttpStatusCode.NotImplemented) : null;
        };
        await _world.FollowAsync();
        Assert.Equal(20, asked);

        asked = 0;
        _world.Line.Instead = r =>
        {
            asked += r.RequestUri!.AbsolutePath.EndsWith("/snapshots", StringComparison.Ordinal) ? 1 : 0;
            return r.RequestUri.AbsolutePath.EndsWith("/snapshots", StringComparison.Ordinal) ? Error(HttpStatusCode.Forbidden) : null;
        };
        await _world.FollowAsync();
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_hundred_droplets_that_are_always_refused_leave_room_for_the_others()
    {
        var refused = Enumerable.Range(1, _world.Options.InFlightLimit).Select(i => _world.AddDroplet($"refused-{i}")).ToHashSet();
        var last = _world.AddDroplet("web-1");
        _world.Line.Instead = r => r.Method == HttpMethod.Post && refused.Any(id => r.RequestUri!.AbsolutePath == $"/v2/droplets/{id}/actions")
            ? Error(HttpStatusCode.UnprocessableEntity)
            : null;
        await _world.LeadAsync();

        await _world.RunAsync(TimeSpan.FromMinutes(30));

        Assert.True((await _world.OnlyAsync(last)).IsComplete);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task By_a_wrong_clock_nothing_is_compared(int minutes)
    {
        _world.AddDroplet();
        await _world.Keeper.ApplyAsync(World.Ct);
        _world.Line.Afterwards = null;
        _world.Line.Instead = r => r.RequestUri!.AbsolutePath == "/v2/account" ? Account(_world.Now.AddMinutes(minutes)) : null;

        var wrong = await Assert.ThrowsAsync<ClockSkewException>(() => _world.ReconcileAsync());

        Assert.Contains(minutes > 0 ? "3 min behind" : "3 min ahead of", wrong.Message, StringComparison.Ordinal);
        Assert.Empty((await _world.EventsAsync()).OfType<DropletEnrolled>());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static HttpResponseMessage Error(HttpStatusCode status) =>
        new(status) { Content = new StringContent("""{"id":"error","message":"No."}""") };

    private static HttpResponseMessage Account(DateTimeOffset date)
    {
        var answer = new HttpResponseMessage { Content = new StringContent("""{"account":{"uuid":"u"}}""") };
        answer.Headers.Date = date;
        return answer;
    }
}
