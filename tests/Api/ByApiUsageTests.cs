using System.Collections.Immutable;
using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Operating;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Api.Tests;

/// <summary>The command and an API that is not there, is none, or is named in a way that cannot be used.</summary>
public sealed class ByApiUsageTests
{
    private const string Token = "a-token-that-nobody-is-to-see";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What is called, the variables, and what is said: the exit code is 2.</summary>
    public static TheoryData<string, string, string> Refused => new()
    {
        { "status --api http://localhost --store Host=x", "", "--store and --api exclude each other" },
        { "pin x --reason r --api http://localhost --data /nowhere", "", "--data and --api exclude each other" },
        { "pin x --reason r --api http://localhost --by eve", "", "--by and --api exclude each other" },
        { "release-brake --by eve", "DO_SNAPSHOT_API=http://localhost", "--by and --api exclude each other" },
        { "status --api nowhere", "", "--api 'nowhere': the address of an API is wanted" },
        { "status", "DO_SNAPSHOT_API=ftp://x", "DO_SNAPSHOT_API 'ftp://x': the address of an API is wanted" },
        { $"status --api https://ann:{Token}@example.com", "", "--api: an address alone is wanted" },
        { "status --api http://example.com", $"DO_SNAPSHOT_API_TOKEN={Token}", "--api 'http://example.com': over plain http to another machine" },
        { "status --api https://example.com --api-token-file /nowhere/token", "", "--api-token-file '/nowhere/token': the file cannot be read" },
        { "status --api-token-file /nowhere/token", "", "--api-token-file needs --api URL" },
        { "status --api https://example.com", $"DO_SNAPSHOT_API_TOKEN={Token},DO_SNAPSHOT_API_TOKEN_FILE=/nowhere/token", "DO_SNAPSHOT_API_TOKEN and DO_SNAPSHOT_API_TOKEN_FILE exclude each other: there is one token" },
        { "status --api https://example.com", $"DO_SNAPSHOT_API_TOKEN={Token} x", "DO_SNAPSHOT_API_TOKEN: the token alone is wanted" },
        { "status", "", "status needs the log: --store CONNECTION, DO_SNAPSHOT_STORE in the environment, --data DIR, or by HTTP --api URL" },
        { "snapshot web-1", "DO_SNAPSHOT_API=http://localhost", "--reason is required" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_call_that_cannot_be_understood_is_refused_before_anything_is_sent(string call, string variables, string says)
    {
        var ran = await ByApi.RunAsync(Variables(variables), call.Split(' '));
        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.StartsWith($"do-snapshot: {says}", Assert.Single(ran.Errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, ran.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("pin x --reason r")]
    public async Task Where_nothing_listens_that_is_said_at_once(string call)
    {
        var ran = await ByApi.RunAsync(ByApi.Environment("http://127.0.0.1:1", Token), call.Split(' '));
        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.StartsWith("do-snapshot: the API at http://127.0.0.1:1 cannot be reached: Connection refused", ran.Errors, StringComparison.Ordinal);
        Assert.Contains("look whether it runs, and whether --api or DO_SNAPSHOT_API has its address", Assert.Single(ran.Errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", Mishap.WebPage, "is not the API of do-snapshot (status 200, text/html)")]
    [InlineData("audit --json", Mishap.WebPage, "is not the API of do-snapshot (status 200, text/html)")]
    [InlineData("pin x --reason r", Mishap.WebPage, "is not the API of do-snapshot (status 200, text/html)")]
    [InlineData("status", Mishap.Unavailable, "is not the API (status 503, without a body): look whether the API runs behind it; try again later")]
    [InlineData("pin x --reason r", Mishap.Unavailable, "look whether the API runs behind it; whether it was done all the same, 'do-snapshot history' says")]
    [InlineData("status", Mishap.RequestCut, "cannot be reached")]
    [InlineData("pin x --reason r", Mishap.RequestCut, "Whether it was done all the same, 'do-snapshot history' says")]
    public async Task What_is_no_API_is_told_to_be_none_and_nothing_of_it_is_printed(string call, Mishap mishap, string says)
    {
        await using var front = await Front.StartAsync(new Uri("http://127.0.0.1:1"), Enumerable.Repeat(mishap, 4), Ct);
        var ran = await ByApi.RunAsync(ByApi.Environment(front.Address, Token), call.Split(' '));
        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.Contains(says, Assert.Single(ran.Errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_goes_before_the_environment_and_the_place_of_a_log_there_before_that_of_an_API()
    {
        var named = await ByApi.RunAsync(Variables("DO_SNAPSHOT_STORE=Host=127.0.0.1;Port=99999999"), "status", "--api", "http://127.0.0.1:1");
        Assert.StartsWith("do-snapshot: the API at http://127.0.0.1:1 cannot be reached", named.Errors, StringComparison.Ordinal);
        var both = await ByApi.RunAsync(Variables("DO_SNAPSHOT_STORE=Host=127.0.0.1;Port=99999999,DO_SNAPSHOT_API=http://127.0.0.1:1"), "status");
        Assert.StartsWith("do-snapshot: --store (or DO_SNAPSHOT_STORE) cannot be read", both.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_taken_from_a_file_which_is_better_not_for_all_to_read()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"{Token}\n", Ct);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            }

            var ran = await ByApi.RunAsync(Variables(""), "status", "--api", "http://example.com", "--api-token-file", file);
            Assert.Contains("over plain http to another machine", ran.Errors, StringComparison.Ordinal);
            ran = await ByApi.RunAsync(Variables($"DO_SNAPSHOT_API_TOKEN_FILE={file}"), "status", "--api", "http://127.0.0.1:1");
            Assert.StartsWith($"do-snapshot: token file {file} is readable by group or others\n", ran.Errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Whoever waits judges by what was read, as the log's own command does by what is in the log.</summary>
    [Fact]
    public void How_a_snapshot_stands_is_read_back_as_it_was_written()
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var whole = new Snapshot
        {
            Id = Streams.OfSnapshot(Service.Shot),
            SnapshotId = Service.Shot,
            DropletId = 7,
            DropletName = "web \"7\"",
            Name = "one",
            Plan = "p",
            Origin = Origin.Manual,
            Discovered = true,
            RequestedAt = at,
            Phase = SnapshotPhase.Pruning,
            Live = false,
            Attempts = 3,
            RetryAt = at.AddMinutes(1),
            Trouble = "none",
            ActionId = 4,
            ImageId = 5,
            SizeGigabytes = 1.25m,
            CreatedAt = at.AddMinutes(2),
            Regions = ["fra1", "nyc3"],
            Transfers = ImmutableSortedDictionary<string, RegionTransfer>.Empty.Add(
                "lon1", new RegionTransfer(TransferPhase.Failed, at, at.AddMinutes(3), 2, ActionId: 8, RetryAt: at.AddMinutes(4), Trouble: "full", Origin: Origin.Manual)),
            Pinned = true,
            HeldBy = Guard.NewestComplete,
            LeftAlone = true,
            Expiry = new Expiry(Origin.Plan, "0d:3d", 2, at.AddMinutes(5)),
            PruneAttempts = 6,
            ChangedAt = at.AddMinutes(6),
        };
        foreach (var s in (Snapshot[])[whole, new Snapshot { Id = whole.Id, SnapshotId = whole.SnapshotId, DropletId = 1, DropletName = "", Name = "" }])
        {
            var text = Written(s);
            using var document = JsonDocument.Parse(text);
            var read = SnapshotJson.Read(document.RootElement);
            Assert.Equal(text, Written(read));
            Assert.Equal(
                s with { Regions = [], Transfers = ImmutableSortedDictionary<string, RegionTransfer>.Empty },
                read with { Regions = [], Transfers = ImmutableSortedDictionary<string, RegionTransfer>.Empty });
            Assert.Equal(s.Regions.ToArray(), read.Regions.ToArray());
            Assert.Equal(s.Transfers.ToArray(), read.Transfers.ToArray());
        }
    }

    private static string Written(Snapshot snapshot)
    {
        using var output = new StringWriter();
        JsonOutput.Write(output, json => SnapshotJson.Write(snapshot, hold: null, json));
        return output.ToString();
    }

    private static Dictionary<string, string> Variables(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .ToDictionary(v => v[..v.IndexOf('=', StringComparison.Ordinal)], v => v[(v.IndexOf('=', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);
}
