using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Tests;

/// <summary>Where the environment says that the log is.</summary>
public sealed class LogPlaceTests : IDisposable
{
    private const string Connection = "Host=db;Password=hush";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("do-snapshot-place-");

    [Fact]
    public void A_file_may_hold_the_connection_string()
    {
        var variables = Variables(("DO_SNAPSHOT_STORE_FILE", Holding($"{Connection}\n")));
        Assert.Equal(new LogPlace(Connection, Directory: null), LogPlace.Read(store: null, data: null, variables));
        Assert.True(LogPlace.IsIn(variables));
    }

    [Fact]
    public void An_option_goes_before_it()
    {
        var variables = Variables(("DO_SNAPSHOT_STORE_FILE", "/nowhere/store"));
        Assert.Equal("/srv/log", LogPlace.Read(store: null, "/srv/log", variables)?.Directory);
        Assert.Equal("Host=option", LogPlace.Read("Host=option", data: null, variables)?.Store);
    }

    [Fact]
    public void Variables_that_are_empty_say_nothing()
    {
        var variables = Variables(("DO_SNAPSHOT_STORE", " "), ("DO_SNAPSHOT_STORE_FILE", ""));
        Assert.Null(LogPlace.Read(store: null, data: null, variables));
        Assert.False(LogPlace.IsIn(variables));
    }

    [Theory]
    [InlineData(null, "", "DO_SNAPSHOT_STORE_FILE '{0}': the file is empty")]
    [InlineData(null, null, "DO_SNAPSHOT_STORE_FILE '{0}': the file cannot be read: ")]
    [InlineData(Connection, Connection, "DO_SNAPSHOT_STORE and DO_SNAPSHOT_STORE_FILE exclude each other: the log is in one place")]
    public void What_cannot_be_used_is_named_and_not_quoted(string? variable, string? text, string says)
    {
        var file = text is null ? Path.Combine(_directory.FullName, "gone") : Holding(text);
        var variables = variable is null ? Variables(("DO_SNAPSHOT_STORE_FILE", file)) : Variables(("DO_SNAPSHOT_STORE", variable), ("DO_SNAPSHOT_STORE_FILE", file));
        var refused = Assert.Throws<UsageException>(() => LogPlace.Read(store: null, data: null, variables));

        Assert.StartsWith(says.Replace("{0}", file, StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static Func<string, string?> Variables(params (string Name, string Value)[] set)
    {
        var all = set.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
        return name => all.GetValueOrDefault(name);
    }

    private string Holding(string text)
    {
        var file = Path.Combine(_directory.FullName, Path.GetRandomFileName());
        File.WriteAllText(file, text);
        return file;
    }
}
