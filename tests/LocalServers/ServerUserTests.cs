namespace DoSnapshot.LocalServers.Tests;

public sealed class ServerUserTests
{
    [Fact]
    public void An_unprivileged_process_stays_who_it_is()
    {
        Assert.Equal(Environment.IsPrivilegedProcess, ServerUser.ForThisProcess() is not null);
    }

    [Theory]
    [InlineData("setpriv")]
    [InlineData("runuser")]
    [InlineData("su")]
    public void Every_way_to_another_user_passes_the_command_on_as_it_is(string way)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may become somebody else.");
        var user = ServerUser.Ways("nobody").Single(u => string.Equals(u.Switch(["true"])[0], way, StringComparison.Ordinal));

        var who = Command.Run(user.Switch(["id", "-u", "-n"]));
        var words = Command.Run(user.Switch(["printf", "<%s>", "two words", "it's", "$HOME", "-c", ""]));

        Assert.Equal("nobody", who.Output);
        Assert.Equal("<two words><it's><$HOME><-c><>", words.Output);
    }
}
