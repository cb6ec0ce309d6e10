namespace DoSnapshot.LocalServers.Tests;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_found_on_this_machine_is_recent_enough()
    {
        var found = PostgresBinaries.Find();

        Assert.InRange(found.Version.Major, PostgresBinaries.OldestMajorVersion, 99);
        Assert.True(File.Exists(found.Postgres));
    }

    [Fact]
    public void The_newest_version_wins_wherever_it_lies()
    {
        string[] directories =
        [
            _directory.Programs("first", "14.11"), _directory.Programs("second", "18beta1"), _directory.Programs("third", "17.6"),
        ];

        var found = PostgresBinaries.Newest(directories);

        Assert.Equal(new PostgresBinaries(directories[1], new Version(18, 0)), found);
    }

    [Fact]
    public void Existing_data_takes_the_version_that_made_it()
    {
        string[] directories = [_directory.Programs("first", "15.2"), _directory.Programs("second", "17.6")];

        Assert.Equal(new Version(15, 2), PostgresBinaries.Newest(directories, major: 15)?.Version);
        Assert.Null(PostgresBinaries.Newest(directories, major: 16));
    }

    [Theory]
    [InlineData("a stub for a program that is missing", "echo 'initdb: command not found' >&2; exit 127", "exit 127")]
    [InlineData("initdb without its server", "echo 'initdb (PostgreSQL) 17.6'", "exit 126")]
    [InlineData("two halves of different versions", "echo 'initdb (PostgreSQL) 17.6'", "echo 'postgres (PostgreSQL) 15.2'")]
    [InlineData("some other program of that name", "echo 'frobnicator 17.6'", "echo 'frobnicator 17.6'")]
    [InlineData("too old", "echo 'initdb (PostgreSQL) 13.14'", "echo 'postgres (PostgreSQL) 13.14'")]
    public void What_cannot_serve_is_passed_over(string what, string initDb, string postgres)
    {
        Assert.True(PostgresBinaries.At(_directory.Programs("bin", initDb, postgres)) is null, what);
    }

    [Fact]
    public void A_program_that_waits_for_input_gets_none()
    {
        Assert.Null(PostgresBinaries.At(_directory.Programs("bin", "read -r line; exit 1", "exit 1")));
    }

    [Fact]
    public void A_link_on_the_path_is_followed_to_where_the_programs_lie_side_by_side()
    {
        var real = _directory.Programs("real", "17.6");
        var links = Directory.CreateDirectory(_directory["links"]).FullName;
        File.CreateSymbolicLink(Path.Combine(links, "initdb"), Path.Combine(real, "initdb"));

        var found = PostgresBinaries.OnThePath(string.Join(Path.PathSeparator, _directory["nowhere"], links));

        Assert.Equal(real, Assert.Single(found));
    }

    [Fact]
    public void Without_any_the_message_says_what_to_install()
    {
        var e = Assert.Throws<LocalServerException>(() => PostgresBinaries.Find(major: 99));

        Assert.Contains("No PostgreSQL 99 is installed", e.Message, StringComparison.Ordinal);
        Assert.Contains("install", e.Message, StringComparison.Ordinal);
    }
}
