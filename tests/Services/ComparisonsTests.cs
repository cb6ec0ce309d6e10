using System.Net;
using DoSnapshot.Contracts;
using DoSnapshot.Planner;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Services.Tests;

/// <summary>From when on a lead may decide.</summary>
public sealed class ComparisonsTests : IAsyncDisposable
{
    private readonly World _world = new();
    private readonly PlannerStatus _status = new();
    private readonly Comparisons _comparisons;

    public ComparisonsTests()
    {
        var uncovered = new UncoveredWatch(_world.Log, _world.Api, _world.Clock, _world.Timings, NullLogger<UncoveredWatch>.Instance);
        var reconciler = new Reconciler(_world.Log, _world.Api, _world.Configured, _world.Clock, _world.Timings, NullLogger<Reconciler>.Instance, uncovered: uncovered);
        _comparisons = new Comparisons(reconciler, _world.ClockWatch, _status, _world.Options, NullLogger.Instance, _ => Task.FromResult(_world.Now));
    }

    public async ValueTask DisposeAsync()
    {
        _comparisons.Dispose();
        await _world.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_may_decide_before_it_was_looked_which_droplets_no_plan_covers(bool isPart)
    {
        await PrepareAsync(isPart);
        var could = new List<(bool MayDecide, bool IsInDoubt, bool IsPart)>();
        var others = _world.Line.Instead;
        _world.Line.Instead = r =>
        {
            if (IsOfAll(r))
            {
                could.Add((_comparisons.MayDecide, _world.ClockWatch.HasJumped, !_status.IsReconciled));
            }

            return others?.Invoke(r);
        };

        await _comparisons.ReconcileAsync(World.Ct);
        Assert.Equal([(true, false, isPart)], could);
        Assert.Equal(isPart, !_status.IsReconciled);
        Assert.Single((await _world.EventsAsync()).OfType<DropletsUncovered>());

        // The next within the hour looks for none.
        await _comparisons.ReconcileAsync(World.Ct);
        Assert.Single(could);
    }

    [Fact]
    public async Task Who_holds_the_clock_or_decides_at_once_waits_for_no_look()
    {
        await PrepareAsync(isPart: false);
        var looking = new TaskCompletionSource();
        var isLooking = new TaskCompletionSource();
        _world.Line.Until = r =>
        {
            if (!IsOfAll(r))
            {
                return Task.CompletedTask;
            }

            isLooking.SetResult();
            return looking.Task;
        };
        var round = _comparisons.ReconcileAsync(World.Ct);
        await isLooking.Task.WaitAsync(TimeSpan.FromSeconds(30), World.Ct);

        Assert.Null(await _comparisons.HoldClockAsync(World.Ct).WaitAsync(TimeSpan.FromSeconds(30), World.Ct));
        await _comparisons.CompareAsync(World.Ct).WaitAsync(TimeSpan.FromSeconds(30), World.Ct);

        Assert.False(round.IsCompleted);
        looking.SetResult();
        Assert.Equal(_world.Options.ReconcileEvery, await round);
        Assert.Single((await _world.EventsAsync()).OfType<DropletsUncovered>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_is_found_wrong_while_it_is_looked_decides_nothing(bool isPart)
    {
        await PrepareAsync(isPart);
        var others = _world.Line.Instead;
        _world.Line.Instead = r => IsOfAll(r) ? Dated(_world.Now.AddDays(-30)) : others?.Invoke(r);
        await _comparisons.ReconcileAsync(World.Ct);
        Assert.False(_comparisons.MayDecide);
        Assert.Contains("clock is 43200 min ahead", _status.NotCompared, StringComparison.Ordinal);
        Assert.Equal(_world.Now.AddDays(-30), _world.ClockWatch.Believed);
    }

    /// <summary>The plan, a droplet in no plan, and where only a part is to be compared one that cannot be looked at.</summary>
    private async Task PrepareAsync(bool isPart)
    {
        await _world.LeadAsync();
        _world.AddDroplet("db-1", "sql");
        if (isPart)
        {
            var web = _world.AddDroplet("web-1");
            await _world.ReconcileAsync();
            _world.Account.RetagDroplet(web, []).OrThrow();
            _world.Line.Instead = r => r.RequestUri!.AbsolutePath == $"/v2/droplets/{web}" ? new HttpResponseMessage(HttpStatusCode.Forbidden) : null;
        }

        _comparisons.BeginLead();
    }

    private static bool IsOfAll(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath == "/v2/droplets" && !request.RequestUri.Query.Contains("tag_name", StringComparison.Ordinal);

    private static HttpResponseMessage Dated(DateTimeOffset date)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"droplets":[],"links":{},"meta":{"total":0}}""") };
        answer.Headers.Date = date;
        return answer;
    }
}
