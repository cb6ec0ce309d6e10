using DoSnapshot.DigitalOcean.Tests.Support;

namespace DoSnapshot.DigitalOcean.Tests;

public sealed class ResourceTests
{
    private static readonly DateTimeOffset Created = new(2026, 2, 28, 3, 0, 5, TimeSpan.Zero);

    /// <summary>Ids as they may be written, and as they are read; 0 stands for an answer that cannot be read.</summary>
    private static readonly Dictionary<string, (string Json, long Id)> IdCases = new(StringComparer.Ordinal)
    {
        ["number"] = ("6372321", 6372321),
        ["text"] = ("\"6372321\"", 6372321),
        ["number beyond 32 bits"] = ("3169590176", 3169590176),
        ["text beyond 32 bits"] = ("\"3169590176\"", 3169590176),
        ["largest"] = ("9223372036854775807", long.MaxValue),
        ["beyond 64 bits"] = ("9223372036854775808", 0),
        ["fraction"] = ("1.5", 0),
        ["zero"] = ("0", 0),
        ["negative"] = ("-7", 0),
        ["null"] = ("null", 0),
        ["true"] = ("true", 0),
        ["object"] = ("{}", 0),
        ["uuid that starts with digits"] = ("\"6372321e-866b-11e6-96bf-000f53315a41\"", 0),
        ["text with blanks"] = ("\" 7 \"", 0),
        ["text with sign"] = ("\"+7\"", 0),
        ["hexadecimal"] = ("\"0x7\"", 0),
        ["empty text"] = ("\"\"", 0),
    };

    public static TheoryData<string> IdNames => [.. IdCases.Keys];

    [Theory]
    [MemberData(nameof(IdNames))]
    public async Task An_id_is_a_number_or_digits_and_nothing_else(string name)
    {
        var (json, id) = IdCases[name];
        using var rig = new Rig(Replies.Json($$$"""{"action":{"id":{{{json}}},"status":"completed"}}"""));

        if (id == 0)
            Assert.True((await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.FindActionAsync(1, Rig.Ct))).IsTransient);
        else
            Assert.Equal(id, (await rig.Client.FindActionAsync(1, Rig.Ct))?.Id);
    }

    [Theory]
    [MemberData(nameof(IdNames))]
    public async Task An_id_of_another_resource_may_be_missing(string name)
    {
        var (json, id) = IdCases[name];
        using var rig = new Rig(Replies.Json($$$"""{"action":{"id":1,"resource_id":{{{json}}}}}"""));

        Assert.Equal(id == 0 ? null : id, (await rig.Client.FindActionAsync(1, Rig.Ct))?.ResourceId);
    }

    /// <summary>Rows of a snapshot list, and the id of what is read; null for what is left out.</summary>
    private static readonly Dictionary<string, (string Json, long? Id)> RowCases = new(StringComparer.Ordinal)
    {
        ["of a droplet"] = ("""{"id":"5","name":"n","created_at":"2026-02-28T03:00:05Z","resource_type":"droplet"}""", 5),
        ["of no stated kind"] = ("""{"id":5,"name":"n","created_at":"2026-02-28T03:00:05Z"}""", 5),
        ["of a volume"] = ("""{"id":"fbe805e8-866b-11e6-96bf-000f53315a41","name":"n","resource_type":"volume"}""", null),
        ["of a volume, id of digits"] = ("""{"id":"5","name":"n","created_at":"2026-02-28T03:00:05Z","resource_type":"volume"}""", null),
        ["uuid of no stated kind"] = ("""{"id":"12345678-866b-11e6-96bf-000f53315a41","name":"n"}""", null),
        ["backup"] = ("""{"id":5,"name":"n","created_at":"2026-02-28T03:00:05Z","type":"backup"}""", null),
    };

    public static TheoryData<string> RowNames => [.. RowCases.Keys];

    [Theory]
    [MemberData(nameof(RowNames))]
    public async Task Only_droplet_snapshots_are_listed(string name)
    {
        var (json, id) = RowCases[name];
        using var rig = new Rig(Replies.Json($$"""{"snapshots":[{{json}}],"links":{} }"""));

        var listed = await rig.Client.ListSnapshotsAsync(Rig.Ct);

        Assert.Equal(id, listed.Count == 0 ? null : Assert.Single(listed).Id);
    }

    private static readonly Dictionary<string, (string Json, string Says)> UnreadableCases = new(StringComparer.Ordinal)
    {
        ["no id"] = ("""{"name":"n","created_at":"2026-02-28T03:00:05Z"}""", "no id"),
        ["no name"] = ("""{"id":5,"created_at":"2026-02-28T03:00:05Z"}""", "no name"),
        ["no creation time"] = ("""{"id":5,"name":"n"}""", "no created_at"),
        ["creation time null"] = ("""{"id":5,"name":"n","created_at":null}""", "no created_at"),
        ["creation time no time"] = ("""{"id":5,"name":"n","created_at":"yesterday"}""", "no created_at"),
    };

    public static TheoryData<string> UnreadableNames => [.. UnreadableCases.Keys];

    [Theory]
    [MemberData(nameof(UnreadableNames))]
    public async Task A_snapshot_without_what_decides_over_it_is_not_guessed(string name)
    {
        var (json, says) = UnreadableCases[name];
        using var rig = new Rig(Replies.Json($$"""{"snapshots":[{{json}}],"links":{} }"""));

        var failure = await Assert.ThrowsAsync<DigitalOceanException>(() => rig.Client.ListSnapshotsAsync(Rig.Ct));

        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        Assert.Equal(200, failure.Status);
    }

    [Fact]
    public async Task A_snapshot_is_read_whole()
    {
        using var rig = new Rig(Replies.Json(
            """
            {"snapshot":{"id":"6372321","name":"web-01","created_at":"2026-02-28T03:00:05Z","regions":["nyc3","sfo3","nyc3"],
             "resource_id":"200776916","resource_type":"droplet","min_disk_size":25,"size_gigabytes":2.34,"tags":null,"new":{"a":[1]}}}
            """));

        var snapshot = await rig.Client.FindSnapshotAsync(6372321, Rig.Ct);

        Assert.NotNull(snapshot);
        Assert.Equal(["nyc3", "sfo3"], snapshot.Regions);
        Assert.Equal(new DropletSnapshot(6372321, "web-01", 200776916, Created, 2.34m, snapshot.Regions), snapshot);
    }

    [Fact]
    public async Task A_snapshot_listed_under_its_droplet_is_of_that_droplet()
    {
        using var rig = new Rig(Replies.Json(
            """{"snapshots":[{"id":5,"name":"n","created_at":"2026-02-28T03:00:05Z","regions":null,"size_gigabytes":null}]}"""));

        var snapshot = Assert.Single(await rig.Client.ListSnapshotsOfDropletAsync(9, Rig.Ct));

        Assert.Equal(9, snapshot.DropletId);
        Assert.Equal(0, snapshot.SizeGigabytes);
        Assert.Empty(snapshot.Regions);
    }

    [Fact]
    public async Task A_snapshot_of_a_destroyed_droplet_may_name_none()
    {
        using var rig = new Rig(Replies.Json("""{"snapshot":{"id":6,"name":"n","created_at":"2026-02-28T03:00:05"}}"""));

        var snapshot = await rig.Client.FindSnapshotAsync(6, Rig.Ct);

        Assert.Null(snapshot?.DropletId);
        Assert.Equal(Created, snapshot?.CreatedAt);
    }

    [Fact]
    public async Task A_droplet_is_read_whole()
    {
        using var rig = new Rig(Replies.Json(
            """
            {"droplet":{"id":3164444,"name":"web","status":"active","region":{"slug":"nyc3","name":"New York 3"},"tags":["a","b",null,"a"],
             "created_at":"2026-02-28T05:00:05+02:00"}}
            """));

        var droplet = await rig.Client.FindDropletAsync(3164444, Rig.Ct);

        Assert.NotNull(droplet);
        Assert.Equal(["a", "b"], droplet.Tags);
        Assert.Equal(new Droplet(3164444, "web", "active", "nyc3", droplet.Tags, Created), droplet);
        Assert.Equal(TimeSpan.Zero, droplet.CreatedAt?.Offset);
    }

    [Theory]
    [InlineData("""{"droplet":{"id":1,"name":"web"}}""")]
    [InlineData("""{"droplet":{"id":1,"name":"web","status":null,"region":null,"tags":null,"created_at":null}}""")]
    [InlineData("""{"droplet":{"id":1,"name":"web","status":7,"region":[],"tags":{},"created_at":""}}""")]
    public async Task A_droplet_may_lack_all_but_id_and_name(string json)
    {
        using var rig = new Rig(Replies.Json(json));

        var droplet = await rig.Client.FindDropletAsync(1, Rig.Ct);

        Assert.NotNull(droplet);
        Assert.Equal(new Droplet(1, "web", "unknown", null, droplet.Tags, null), droplet);
        Assert.Empty(droplet.Tags);
    }

    /// <summary>Actions as they may be written, and as they are read.</summary>
    private static readonly Dictionary<string, (string Json, CloudAction Action)> ActionCases = new(StringComparer.Ordinal)
    {
        ["whole"] = (
            """
            {"id":36805187,"status":"completed","type":"transfer","started_at":"2026-02-28T03:00:05Z","completed_at":"2026-02-28T03:00:05Z",
             "resource_id":7938269,"resource_type":"image","region":{"slug":"nyc3"},"region_slug":"nyc3"}
            """,
            new(36805187, CloudActionStatus.Completed, "transfer", Created, Created, 7938269, "image", "nyc3")),
        ["id alone"] = ("""{"id":1}""", Bare()),
        ["nulls"] = (
            """
            {"id":1,"status":null,"type":null,"started_at":null,"completed_at":null,"resource_id":null,"resource_type":null,
             "region":null,"region_slug":null}
            """,
            Bare()),
        ["completed without a time"] = ("""{"id":1,"status":"completed","completed_at":null}""", Bare(CloudActionStatus.Completed)),
        ["errored"] = ("""{"id":1,"status":"errored"}""", Bare(CloudActionStatus.Errored)),
        ["in progress"] = ("""{"id":1,"status":"in-progress"}""", Bare(CloudActionStatus.InProgress)),
        ["status of tomorrow"] = ("""{"id":1,"status":"queued"}""", Bare()),
        ["region a text"] = ("""{"id":1,"region":"ams3"}""", Bare(region: "ams3")),
        ["region an object"] = ("""{"id":1,"region":{"slug":"ams3","sizes":[]}}""", Bare(region: "ams3")),
        ["half a character"] = ("""{"id":1,"type":"\ud800"}""", Bare()),
    };

    public static TheoryData<string> ActionNames => [.. ActionCases.Keys];

    [Theory]
    [MemberData(nameof(ActionNames))]
    public async Task An_action_may_lack_all_but_its_id(string name)
    {
        var (json, action) = ActionCases[name];
        using var rig = new Rig(Replies.Json($$"""{"action":{{json}}}"""));

        Assert.Equal(action, await rig.Client.FindActionAsync(1, Rig.Ct));
    }

    [Fact]
    public async Task Regions_and_the_account_may_lack_what_a_narrow_token_does_not_see()
    {
        using var regions = new Rig(Replies.Json(
            """{"regions":[{"slug":"ric1"},{"slug":"nyc3","name":"NY","available":true,"features":["image_transfer"]}]}"""));
        using var account = new Rig(Replies.Json("""{"account":{"uuid":"b6fc"}}"""));

        var listed = await regions.Client.ListRegionsAsync(Rig.Ct);

        Assert.Equal(new Region("ric1", null, false, listed[0].Features), listed[0]);
        Assert.Equal(new Region("nyc3", "NY", true, listed[1].Features), listed[1]);
        Assert.Equal(["image_transfer"], listed[1].Features);
        Assert.Equal(new Account("b6fc", null), await account.Client.GetAccountAsync(Rig.Ct));
    }

    [Fact]
    public async Task In_a_team_the_account_is_the_teams_and_not_the_persons()
    {
        using var rig = new Rig(Replies.Json("""{"account":{"uuid":"b6fc","email":"a@b","team":{"uuid":"5df3","name":"My Team"}}}"""));

        Assert.Equal(new Account("5df3", "a@b"), await rig.Client.GetAccountAsync(Rig.Ct));
    }

    private static CloudAction Bare(CloudActionStatus status = CloudActionStatus.Unknown, string? region = null) =>
        new(1, status, "unknown", null, null, null, null, region);
}
