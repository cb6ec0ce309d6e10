using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
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
    public void All_members_together_are_read()
    {
        var snapshot = Plain;
        foreach (var member in Members)
        {
            member.SetValue(snapshot, ValuesOf(member.PropertyType).Last());
        }

        AssertReadAsWritten(snapshot);
    }

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
    [InlineData("a phase of a later release", """{"phase": "Dissolved"}""")]
    [InlineData("a moment that is none", """{"requestedAt": "yesterday"}""")]
    [InlineData("a text for a number", """{"dropletId": "7"}""")]
    [InlineData("null for a phase", """{"phase": null}""")]
    [InlineData("regions that are none", """{"regions": {"a": 1}}""")]
    [InlineData("without what each has", """{"id": "snapshot/1", "name": "a"}""")]
    public void What_is_none_is_refused_as_the_serializer_refuses_it(string what, string text)
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
