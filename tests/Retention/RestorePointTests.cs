namespace DoSnapshot.Retention.Tests;

public sealed class RestorePointTests
{
    private static readonly DateTimeOffset Created = SieveCase.At("2026-03-01T01:30:00.999+01:30");
    private static readonly DateTimeOffset CreatedCut = SieveCase.At("2026-03-01T00:00:00Z");

    [Fact]
    public void Takes_creation_for_its_slot_when_none_is_given() =>
        Assert.Equal(new RestorePoint(5, Created, Created), new RestorePoint(5, Created));

    [Fact]
    public void Holds_utc_and_whole_seconds()
    {
        RestorePoint point = new(5, Created, Created + SieveCase.Hours(1));

        Assert.True(point.CreatedAt.EqualsExact(CreatedCut));
        Assert.True(point.Slot.EqualsExact(CreatedCut + SieveCase.Hours(1)));
    }

    [Fact]
    public void Holds_utc_and_whole_seconds_when_changed_too()
    {
        RestorePoint point = new RestorePoint(5, CreatedCut) with { CreatedAt = Created, Slot = Created };

        Assert.True(point.CreatedAt.EqualsExact(CreatedCut));
        Assert.True(point.Slot.EqualsExact(CreatedCut));
    }

    [Fact]
    public void Cuts_downwards_before_1970_as_well()
    {
        RestorePoint point = new(5, SieveCase.At("1969-12-31T23:59:59.999Z"));

        Assert.Equal(SieveCase.At("1969-12-31T23:59:59Z"), point.CreatedAt);
    }

    [Fact]
    public void Is_equal_by_identity_and_both_instants()
    {
        Assert.Equal(new RestorePoint(5, Created), new RestorePoint(5, CreatedCut));
        Assert.NotEqual(new RestorePoint(5, Created), new RestorePoint(6, Created));
        Assert.NotEqual(new RestorePoint(5, Created), new RestorePoint(5, Created, Created + SieveCase.Hours(1)));
        Assert.NotEqual(new RestorePoint(5, Created), new RestorePoint(5, Created + SieveCase.Hours(1), Created));
    }
}
