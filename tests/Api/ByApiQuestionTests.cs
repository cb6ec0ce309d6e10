using System.Text.RegularExpressions;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Api.Tests;

/// <summary>The command asks the API, and what it prints and how it ends is what the log itself would have made of it.</summary>
public sealed partial class ByApiQuestionTests
{
    private readonly PostgresFixture _postgres;

    public ByApiQuestionTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What is asked, the exit code, and a word of the answer or of what is wrong.</summary>
    private static readonly (string Asked, int Code, string Says)[] Rows =
    [
        ("status", 0, "4 droplets"),
        ("status --json", 0, "\"running\""),
        ("history web-1", 0, "first"),
        ("history web-1 --json", 0, "\"events\""),
        ("history web-2 --last 1", 0, "there are earlier ones"),
        ("retry old --reason r", 1, "cannot retry"),
        ("history nobody", 2, "'nobody': the log knows no plan"),
        ("history twins", 2, "may be several"),
        ("history .", 2, "'.': the log knows no plan"),
        ("history web/9", 2, "'web/9': the log knows no plan"),
        ("explain one --at 2026-03-01T12:00:01Z", 0, "first"),
        ("explain old --json", 0, "\"verdict\""),
        ("explain none", 2, "SNAPSHOT 'none'"),
        ("explain one --at soon", 2, "--at 'soon'"),
        ("explain one --at 2199-01-01", 2, "--at '2199-01-01T00:00:00Z': it is in the future"),
        ("audit", 1, "# Audit"),
        ("audit --json", 1, "\"holds\": false"),
        ("audit --to 2026-04-01", 0, "# Audit"),
        ("audit --droplet web-1 --open-limit 2d", 0, "# Audit"),
        ("audit --droplet nobody", 2, "--droplet 'nobody'"),
        ("audit --open-limit never", 2, "--open-limit 'never'"),
        ("audit --from 2026-02-01 --to 2026-01-01", 2, "is not before"),
        ("what-if -k 1w:1m -k 0d:3d", 0, "SNAPSHOTS"),
        ("what-if -s 2d --json --plan p", 0, "\"same\""),
        ("what-if -k 0d:30d --chart --price 0.05 --droplet 2", 0, "SNAPSHOTS"),
        ("what-if", 2, "needs another policy"),
        ("what-if -k 0d:3d --plan none", 2, "--plan 'none'"),
        ("forecast", 0, "The brake: nothing of plan 'p' expires since"),
        ("forecast p --days 366 --price 0.05", 0, "MONTH"),
        ("forecast web-2 --days 5 --json", 0, "\"leftOut\""),
        ("forecast old", 0, "'old' of 'web-2' would go and stays, held by guard Pinned"),
        ("forecast web-1 --days 40 --ics", 0, "BEGIN:VCALENDAR"),
        ("forecast nobody", 2, "'nobody': the log knows no plan"),
        ("forecast twins", 2, "may be several"),
        ("forecast --days 0", 2, "--days '0' must be a number from 1 to 366"),
        ("forecast --price cheap", 2, "--price 'cheap'"),
        ("forecast --ics --json", 2, "--ics and --json exclude each other"),
        ("release-brake", 0, "On: nothing of plan 'p' expires"),
        ("release-brake --json", 0, "\"held\""),
        ("release-brake p --reason r --json", 2, "--json is for the list"),
        ("release-brake q --reason r", 2, "one is on in 'p'"),
        ("release-brake p --droplet web-2 --reason r", 2, "--droplet 'web-2': the brake is on the whole plan 'p'"),
        ("pin one", 2, "--reason is required"),
        ("pin none --reason r", 2, "SNAPSHOT 'none'"),
        ("pin old --reason r", 1, "it is pinned already"),
        ("snapshot twins --reason r", 2, "DROPLET 'twins': several"),
        ("snapshot nobody --reason r", 2, "DROPLET 'nobody'"),
        ("transfer one -r lon1 -r fra1 --reason r", 1, "only a complete snapshot can be copied"),
        ("expire young --reason r", 1, "cannot remove"),
        ("resume web-1 --reason r", 1, "it is not paused"),
        ("pause none --reason r", 2, "PLAN|DROPLET 'none'"),
    ];

    /// <summary>Each is asked of both in one world: what is refused changes nothing. Numbers pass with the time, and are not compared.</summary>
    [Fact]
    public async Task Each_is_answered_and_each_refused_as_by_the_log_itself()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await service.BrakeAsync("plan", Ct);
        using var pinned = await service.PostAsync("/v1/pins", new { snapshot = "old", reason = "r" });
        await WronglyExpiredAsync(service);
        var head = await service.Log.HeadAsync(Ct);
        foreach (var (asked, code, says) in Rows)
        {
            var arguments = asked.Split(' ');
            var local = await ByApi.RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), [.. arguments, "--store", service.Store]);
            var remote = await ByApi.RunAsync(service, arguments);
            Assert.True(remote.Code == code, $"{asked}: {remote}");
            Assert.True(Masked(local) == Masked(remote), $"{asked}:\n{local}\n{remote}");
            Assert.Contains(says, code == 2 || remote.Output.Length == 0 ? remote.Errors : remote.Output, StringComparison.Ordinal);
        }

        Assert.Equal(head, await service.Log.HeadAsync(Ct));
    }

    [Theory]
    [InlineData("status", null, 1, "wants a token: --api-token-file FILE")]
    [InlineData("status", "nobody-has-this-token", 1, "knows nobody with this token")]
    [InlineData("status", "ann:" + Service.OperatorToken, 1, "what stands before the colon")]
    [InlineData("status", Service.ViewerToken, 0, "")]
    [InlineData("pause p --reason r", Service.ViewerToken, 1, "commands need an operator's")]
    [InlineData("pause p --reason r", "nobody-has-this-token", 1, "knows nobody with this token")]
    public async Task A_token_is_told_to_be_what_it_is_and_never_shown(string asked, string? token, int code, string says)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        var ran = await ByApi.RunAsync(service, asked.Split(' '), token);
        Assert.Equal(code, ran.Code);
        Assert.Contains(says, ran.Errors, StringComparison.Ordinal);
        Assert.InRange(ran.Errors.Count(c => c == '\n'), 0, 1);
        Assert.DoesNotContain(token ?? "no token", ran.Errors, StringComparison.Ordinal);
        Assert.Empty(await service.EventsAsync<PlanPaused>());
    }

    private static async Task WronglyExpiredAsync(Service service)
    {
        var young = (await service.EventsAsync<SnapshotDiscovered>()).Single(e => e.SnapshotName == "young");
        await service.Log.DecideAsync(
            2,
            _ =>
            [
                NewEvent.Of(young.SnapshotId, new SnapshotExpired(
                    young.SnapshotId, 2, young.ImageId, "young", "p", 1, "0d:30d", null, TimeSpan.FromDays(1), null, Origin.Plan, young.CreatedAt.AddHours(1))),
            ],
            Ct);
    }

    private static string Masked(Ran ran) => Number().Replace(ran.ToString(), "N");

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
