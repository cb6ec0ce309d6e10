using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

/// <summary>Every attempt takes a request of the budget; a read waits for one, a POST and a DELETE do not.</summary>
public sealed class BudgetTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(RequestPurpose.Snapshot, "POST droplet")]
    [InlineData(RequestPurpose.Transfer, "POST image")]
    [InlineData(RequestPurpose.Deletion, "DELETE")]
    [InlineData(RequestPurpose.Deletion, "GET snapshot to be deleted")]
    [InlineData(RequestPurpose.Deletion, "GET others of the droplet before a deletion")]
    [InlineData(RequestPurpose.Reconciliation, "GET snapshot that is missing")]
    [InlineData(RequestPurpose.Following, "GET snapshot")]
    [InlineData(RequestPurpose.Following, "GET droplet")]
    [InlineData(RequestPurpose.PowerOn, "GET droplet that is owed power")]
    [InlineData(RequestPurpose.Snapshot, "POST shutdown")]
    [InlineData(RequestPurpose.Snapshot, "POST power-off")]
    [InlineData(RequestPurpose.PowerOn, "POST power-on")]
    [InlineData(RequestPurpose.Following, "GET actions")]
    [InlineData(RequestPurpose.Following, "GET action")]
    [InlineData(RequestPurpose.Following, "GET actions of droplet")]
    [InlineData(RequestPurpose.Following, "GET actions of image")]
    [InlineData(RequestPurpose.Following, "GET snapshots of droplet")]
    [InlineData(RequestPurpose.Reconciliation, "GET snapshots")]
    [InlineData(RequestPurpose.Reconciliation, "GET droplets")]
    [InlineData(RequestPurpose.Reconciliation, "GET all droplets")]
    [InlineData(RequestPurpose.Reconciliation, "GET droplet that is in no plan")]
    [InlineData(RequestPurpose.Reconciliation, "GET account")]
    public async Task Each_request_has_its_purpose(RequestPurpose purpose, string request)
    {
        var budget = new Purse();
        using var rig = new Rig(budget, Replies.Error(501, "not_implemented", "No."));

        await SendAsync(rig.Client, request);

        Assert.Equal([purpose], budget.Asked);
    }

    [Theory]
    [InlineData("POST droplet")]
    [InlineData("POST image")]
    [InlineData("DELETE")]
    public async Task What_may_not_be_late_does_not_wait_and_is_not_sent(string request)
    {
        var budget = new Purse(Wait);
        using var rig = new Rig(budget, Replies.Error(500, "server_error", "Must not be asked."));

        var outcome = await SendAsync(rig.Client, request);

        Assert.Empty(rig.Api.Sent);
        Assert.DoesNotContain(Wait, rig.Time.Waits);
        var (after, message) = outcome switch
        {
            PostOutcome.Throttled o => (o.RetryAfter, o.Message),
            DeleteOutcome.Throttled o => (o.RetryAfter, o.Message),
            _ => throw new InvalidOperationException($"{outcome}"),
        };
        Assert.Equal(Wait, after);
        Assert.Contains("that all processes of this token share are used up", message, StringComparison.Ordinal);
        // It says nothing about DigitalOcean.
        Assert.Null(rig.Client.Trouble);
        Assert.Equal(0, budget.Refusals);
    }

    [Fact]
    public async Task A_read_waits_for_its_turn_and_its_time_does_not_run_meanwhile()
    {
        var budget = new Purse([.. Enumerable.Repeat(Wait, 20)]);
        using var rig = new Rig(budget, Replies.Json("""{"action":{"id":7,"status":"completed"}}"""));

        var action = await rig.Client.FindActionAsync(7, Rig.Ct);

        Assert.Equal(7, action!.Id);
        Assert.Equal(20, rig.Time.Waits.Count(w => w == Wait));
        Assert.Single(rig.Api.Sent);
    }

    [Fact]
    public async Task A_read_that_never_gets_its_turn_ends_and_says_why()
    {
        var budget = new Purse([.. Enumerable.Repeat(Wait, 1_000)]);
        using var rig = new Rig(budget, Replies.Json("{}"));

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.FindActionAsync(7, Rig.Ct));

        Assert.Empty(rig.Api.Sent);
        Assert.Contains("share are used up", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Each_attempt_takes_one()
    {
        var budget = new Purse();
        using var rig = new Rig(
            budget, Replies.Nothing(503), Replies.Nothing(503), Replies.Json("""{"action":{"id":7,"status":"completed"}}"""));

        await rig.Client.FindActionAsync(7, Rig.Ct);

        Assert.Equal(3, rig.Api.Sent.Count);
        Assert.Equal(3, budget.Asked.Count);
    }

    [Fact]
    public async Task What_the_headers_tell_and_a_429_are_passed_on()
    {
        var budget = new Purse();
        using var rig = new Rig(budget, Replies.Error(
            429, "too_many_requests", "API Rate limit exceeded.", ("ratelimit-limit", "5000"), ("ratelimit-remaining", "0"), ("retry-after", "17")));

        await rig.Client.SnapshotDropletAsync(7, "name", Rig.Ct);

        Assert.Equal(new RateLimit(5000, 0, null), Assert.Single(budget.Told));
        Assert.Equal(1, budget.Refusals);
        Assert.Equal(TimeSpan.FromSeconds(17), budget.LastRefusal);
    }

    private static async Task<object?> SendAsync(DigitalOceanClient client, string request)
    {
        try
        {
            return request switch
            {
                "POST droplet" => await client.SnapshotDropletAsync(7, "name", Rig.Ct),
                "POST shutdown" => await client.PowerDropletAsync(7, PowerAction.Shutdown, Rig.Ct),
                "POST power-off" => await client.PowerDropletAsync(7, PowerAction.PowerOff, Rig.Ct),
                "POST power-on" => await client.PowerDropletAsync(7, PowerAction.PowerOn, Rig.Ct),
                "POST image" => await client.TransferImageAsync(7, "lon1", Rig.Ct),
                "DELETE" => await client.DeleteSnapshotAsync(7, Rig.Ct),
                "GET snapshot" => await client.FindSnapshotAsync(7, Rig.Ct),
                "GET snapshot to be deleted" => await client.FindSnapshotAsync(7, RequestPurpose.Deletion, Rig.Ct),
                "GET snapshot that is missing" => await client.FindSnapshotAsync(7, RequestPurpose.Reconciliation, Rig.Ct),
                "GET others of the droplet before a deletion" => await client.ListSnapshotsOfDropletAsync(7, RequestPurpose.Deletion, Rig.Ct),
                "GET droplet" => await client.FindDropletAsync(7, Rig.Ct),
                "GET droplet that is owed power" => await client.FindDropletAsync(7, RequestPurpose.PowerOn, Rig.Ct),
                "GET droplet that is in no plan" => await client.FindDropletAsync(7, RequestPurpose.Reconciliation, Rig.Ct),
                "GET actions" => await client.ListActionsAsync(default, Rig.Ct),
                "GET action" => await client.FindActionAsync(7, Rig.Ct),
                "GET actions of droplet" => await client.ListDropletActionsAsync(7, default, Rig.Ct),
                "GET actions of image" => await client.ListImageActionsAsync(7, default, Rig.Ct),
                "GET snapshots of droplet" => await client.ListSnapshotsOfDropletAsync(7, Rig.Ct),
                "GET snapshots" => await client.ListSnapshotsAsync(Rig.Ct),
                "GET droplets" => await client.ListDropletsAsync("tag", Rig.Ct),
                "GET all droplets" => await client.ListAllDropletsAsync(Rig.Ct),
                "GET account" => await client.GetAccountAsync(Rig.Ct),
                _ => throw new ArgumentException(request, nameof(request)),
            };
        }
        catch (DigitalOceanException e)
        {
            return e;
        }
    }

    /// <summary>What is left of a wait may be less than a timer measures. Asked again at the same moment, the budget would say the same for ever.</summary>
    [Fact]
    public async Task A_wait_of_less_than_a_millisecond_is_waited_for()
    {
        var rest = TimeSpan.FromMilliseconds(0.4);
        using var rig = new Rig(new Purse(rest, rest, TimeSpan.Zero), Replies.Error(501, "not_implemented", "No."));

        await SendAsync(rig.Client, "GET droplets");

        Assert.Equal(3, rig.Time.Waits.Count(w => w == TimeSpan.FromMilliseconds(1)));
    }

    /// <summary>A budget that first gives these waits, and then everything.</summary>
    private sealed class Purse(params TimeSpan[] waits) : IRequestBudget
    {
        private readonly Queue<TimeSpan> waits = new(waits);

        public List<RequestPurpose> Asked { get; } = [];

        public List<RateLimit> Told { get; } = [];

        public int Refusals { get; private set; }

        public TimeSpan? LastRefusal { get; private set; }

        public ValueTask<TimeSpan?> TryTakeAsync(RequestPurpose purpose, CancellationToken ct)
        {
            Asked.Add(purpose);
            return ValueTask.FromResult<TimeSpan?>(waits.TryDequeue(out var wait) ? wait : null);
        }

        public void Tell(RateLimit told) => Told.Add(told);

        public void Refuse(TimeSpan? wait)
        {
            Refusals++;
            LastRefusal = wait;
        }
    }
}
