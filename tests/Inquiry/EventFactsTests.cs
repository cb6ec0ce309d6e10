using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Histories;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What an event tells of, for programs.</summary>
public sealed class EventFactsTests
{
    /// <summary>What an event calls otherwise.</summary>
    private static readonly Dictionary<string, string> Called = new(StringComparer.Ordinal) { ["NewName"] = "DropletName", ["Detail"] = "Reason", ["Why"] = "Reason" };

    public static TheoryData<string> Events => [.. QuestionTests.GoldenLines().Select(l => l.Name).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Events))]
    public void Whatever_an_event_has_of_it_is_told(string name)
    {
        foreach (var (_, data) in QuestionTests.GoldenLines().Where(l => l.Name == name))
        {
            var facts = EventFacts.Of(data);
            foreach (var member in data.GetType().GetProperties())
            {
                if (typeof(EventFacts).GetProperty(Called.GetValueOrDefault(member.Name, member.Name)) is { } told)
                {
                    Assert.True(Equals(member.GetValue(data), told.GetValue(facts)), $"{name}.{member.Name}");
                }
            }
        }
    }

    [Fact]
    public void What_is_put_off_is_not_given_up_and_a_refusal_is()
    {
        var (id, at) = (Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        Assert.False(EventFacts.Of(new SnapshotDeferred(id, 1, "busy", at, at)).Final);
        Assert.False(EventFacts.Of(new TransferDeferred(id, 1, "ams3", "busy", at, at)).Final);
        Assert.False(EventFacts.Of(new PruneDeferred(id, 1, "busy", at, at)).Final);
        Assert.True(EventFacts.Of(new PruneRefused(id, 1, null, "locked", at)).Final);
        Assert.Null(EventFacts.Of(new SnapshotPruned(id, 1, 2, at)).Final);
        Assert.Equal(Guard.Brake, EventFacts.Of(new BrakeApplied("p", null, "5 of 6", at)).Guard);
        Assert.Equal(new EventFacts(), EventFacts.Of("something else"));
    }
}
