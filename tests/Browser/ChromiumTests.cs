namespace DoSnapshot.Browser.Tests;

/// <summary>Where there is no browser, that is said.</summary>
public sealed class ChromiumTests
{
    [Fact]
    public void One_that_is_named_must_be_there()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Chromium.Find("/nowhere/chromium", [Environment.ProcessPath!]));
        Assert.Equal("DOSNAPSHOT_CHROMIUM names '/nowhere/chromium', and there is no such program.", e.Message);
    }

    [Fact]
    public void Without_one_it_is_said_how_to_have_it()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Chromium.Find(null, ["/nowhere/chromium"]));
        Assert.Contains("apt-get install chromium", e.Message, StringComparison.Ordinal);
        Assert.Contains("DOSNAPSHOT_CHROMIUM", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_that_is_there_is_taken_unless_one_is_named()
    {
        var there = Environment.ProcessPath!;
        Assert.Equal(there, Chromium.Find("", ["/nowhere/chromium", there]));
        Assert.Equal(there, Chromium.Find(there, []));
    }
}
