using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Services.Tests;

/// <summary>A snapshot's document is read as the serializer, which wrote it, reads it.</summary>
public sealed class SnapshotDocumentTests
{
    private static readonly DateTimeOffset Moment = new(2026, 3, 4, 5, 6, 7, 891, TimeSpan.Zero);

    private static readonly PropertyInfo[] Members =
        [.. typeof(Snapshot).GetProperties().Where(p => p.CanWrite && p.GetCustomAttribute<JsonIgnoreAttribute>() is null)];

    private static Snapshot Plain => new() { Id = "snapshot/1", SnapshotId = Guid.Empty, DropletId = 0, DropletName = "", Name = "" };

    /// <summary>One with all that there may be.</summary>
    private static Snapshot Full
    {
        get
        {
            var snapshot = Plain;
            foreach (var member in Members)
            {
                member.SetValue(snapshot, ValuesOf(member.PropertyType).Last());
            }

            return snapshot;
        }
    }

    private static string[] Required => [.. Members.Where(m => m.GetCustomAttribute<RequiredMemberAttribute>() is not null).Select(m => JsonNamingPolicy.CamelCase.ConvertName(m.Name))];

    public static TheoryData<string> MemberNames => [.. Members.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(MemberNames))]
    public void Each_member_is_read(string member)
    {
        var property = Members.Single(m => string.Equals(m.Name, member, StringComparison.Ordinal));
        foreach (var value in ValuesOf(property.PropertyType).Append(null).Where(v => v is not null || IsNullable(property)))
        {
            var snapshot = Plain;
            property.SetValue(snapshot, value);
            AssertReadAsWritten(snapshot);
        }
    }

    [Fact]
    public void All_members_together_are_read() => AssertReadAsWritten(Full);

    [Fact]
    public void What_is_not_known_is_passed_over()
    {
        var text = Text(Plain).Insert(1, $$"""
            "ofALaterRelease": {"phase": ["a", {"id": 1}]}, "{{new string('x', 200)}}": "Complete", "transfer": null,
            """);
        Assert.Equal("snapshot/1", Read(text).Id);
    }

    [Fact]
    public void Members_may_come_in_any_order_be_escaped_and_be_left_out()
    {
        var read = Read("""{"na\u006de": "db \"1\" \u00e9", "dropletName": "db", "dropletId": 7, "snapshotId": "0192f1f0-0000-7000-8000-000000000001", "id": "snapshot/x"}""");
        Assert.Equal("db \"1\" é", read.Name);
        Assert.True(read.Live);
        Assert.Empty(read.Transfers);
    }

    [Theory]
    [InlineData("no object", "[]")]
    [InlineData("nothing", "null")]
    [InlineData("cut off", """{"id": "a", "name""")]
    [InlineData("without what each has", """{"id": "snapshot/1", "name": "a"}""")]
    public void What_is_none_is_refused_as_the_serializer_refuses_it(string what, string text) => AssertRefused(what, text);

    [Theory]
    [InlineData("a phase of a later release", "phase", "\"Dissolved\"")]
    [InlineData("a phase by no number of one", "phase", "\"99999999999999999999\"")]
    [InlineData("no phase", "phase", "\"\"")]
    [InlineData("null for a phase", "phase", "null")]
    [InlineData("a moment that is none", "requestedAt", "\"yesterday\"")]
    [InlineData("a moment by a number", "createdAt", "1772366400")]
    [InlineData("a text for a number", "dropletId", "\"7\"")]
    [InlineData("a fraction for a whole number", "attempts", "1.5")]
    [InlineData("more than a number holds", "attempts", "3000000000")]
    [InlineData("null for a number", "version", "null")]
    [InlineData("a number for a text", "name", "7")]
    [InlineData("a text for whether", "pinned", "\"true\"")]
    [InlineData("no UUID", "snapshotId", "\"0192f1f0\"")]
    [InlineData("regions that are none", "regions", """{"a": 1}""")]
    [InlineData("a region that is none", "regions", "[1]")]
    [InlineData("transfers that are none", "transfers", "[]")]
    [InlineData("a transfer that is none", "transfers", """{"lon1": 1}""")]
    [InlineData("a transfer with a phase of a later release", "transfers", """{"lon1": {"phase": "Dissolved"}}""")]
    [InlineData("an expiry that is none", "expiry", "\"soon\"")]
    [InlineData("an expiry with a version that is none", "expiry", """{"origin": "Plan", "planVersion": "3"}""")]
    public void One_member_that_is_none_is_refused_as_the_serializer_refuses_it(string what, string member, string value) =>
        AssertRefused(what, With(member, value));

    [Theory]
    [InlineData("a phase by its number", "phase", "\"11\"")]
    [InlineData("a phase by its number with a sign", "phase", "\"-1\"")]
    [InlineData("several phases", "phase", "\"Complete, Lost\"")]
    [InlineData("a guard by its number", "heldBy", "\"1\"")]
    public void One_of_an_enumeration_is_by_its_name_alone_though_the_serializer_takes_more(string what, string member, string value)
    {
        var refused = Record.Exception(() => Read(With(member, value)));
        Assert.True(refused is JsonException, what);
    }

    [Fact]
    public async Task One_that_cannot_be_read_is_named_as_far_as_it_can_be()
    {
        Assert.Contains("Snapshot 'snapshot/1', cannot be read", await RefusedAsync("""{"id": "snapshot/1"}"""), StringComparison.Ordinal);
        foreach (var text in (string[])["[]", "null", "7", """{"id": "a", "name""", "{}"])
        {
            Assert.Contains("Snapshot '', cannot be read", await RefusedAsync(text), StringComparison.Ordinal);
        }

        static async Task<string> RefusedAsync(string text)
        {
            var reader = new DocumentReader<Snapshot>(t => SnapshotDocument.Read(t), TestContext.Current.CancellationToken);
            reader.Add(Encoding.UTF8.GetBytes(text));
            return (await Assert.ThrowsAsync<InvalidDataException>(reader.AllAsync)).Message;
        }
    }

    /// <summary>A document that is whole, and reads, but for one member that is another.</summary>
    private static string With(string member, string value)
    {
        var document = JsonNode.Parse(Text(Full))!.AsObject();
        Assert.Equal(Text(Full), Text(Read(document.ToJsonString())));
        document[member] = JsonNode.Parse(value);
        var text = document.ToJsonString();
        document.Remove(member);
        // What each has is missed itself; without any other member it reads.
        Assert.Equal(Required.Contains(member), Record.Exception(() => Read(document.ToJsonString())) is not null);
        return text;
    }

    private static void AssertRefused(string what, string text)
    {
        Assert.ThrowsAny<JsonException>(() => Read(text));
        var byTheSerializer = Record.Exception(() => Serializer(text) ?? throw new JsonException("null"));
        Assert.True(byTheSerializer is JsonException, what);
    }

    private static void AssertReadAsWritten(Snapshot snapshot)
    {
        var text = Text(snapshot);
        Assert.Equal(text, Text(Read(text)));
        Assert.Equal(Text(Serializer(text)!), Text(Read(text)));
    }

    private static Snapshot Read(string text) => SnapshotDocument.Read(Encoding.UTF8.GetBytes(text));

    private static Snapshot? Serializer(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return LogStore.Json.FromJson<Snapshot>(stream);
    }

    private static string Text(Snapshot snapshot) => LogStore.Json.ToJson(snapshot);

    private static bool IsNullable(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null || new NullabilityInfoContext().Create(property).WriteState is NullabilityState.Nullable;

    /// <summary>Values of a member that differ from what it has when nothing is said; every one of an enumeration.</summary>
    private static IEnumerable<object> ValuesOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            return Enum.GetValues(type).Cast<object>();
        }

        return type.Name switch
        {
            nameof(Boolean) => [true, false],
            nameof(Int32) => [3],
            nameof(Int64) => [6_002_200_435_901L],
            nameof(Decimal) => [8.29m],
            nameof(String) => ["é \"quoted\" \\ \u0001"],
            nameof(Guid) => [Guid.Parse("0192f1f0-0000-7000-8000-000000000001")],
            nameof(DateTimeOffset) => [Moment, Moment.AddTicks(1234567)],
            nameof(Expiry) => [new Expiry(Origin.Plan, "1d:2d", 3, Moment), new Expiry(Origin.Manual, Rule: null, PlanVersion: null, Moment)],
            "ImmutableSortedSet`1" => [ImmutableSortedSet.Create("sgp1", "nyc3", "lon1")],
            "ImmutableSortedDictionary`2" => [Transfers()],
            _ => throw new InvalidOperationException($"What else a {type.Name} may be is not said here."),
        };
    }

    private static ImmutableSortedDictionary<string, RegionTransfer> Transfers() =>
        ImmutableSortedDictionary<string, RegionTransfer>.Empty
            .AddRange(Enum.GetValues<TransferPhase>().Select(phase => KeyValuePair.Create($"r{(int)phase}", new RegionTransfer(phase, Moment, Moment.AddHours(1)))))
            .Add("lon1", new RegionTransfer(TransferPhase.Started, Moment, Moment, 2, Moment, Moment.AddMinutes(1), 9, Moment, Moment.AddHours(2), "no luck", Origin.Manual));
}
