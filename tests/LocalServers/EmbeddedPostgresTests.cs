using System.Globalization;
using Npgsql;

namespace DoSnapshot.LocalServers.Tests;

/// <summary>One server for what does not disturb it.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    public EmbeddedPostgres Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions());

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class EmbeddedPostgresTests(RunningServer running) : IClassFixture<RunningServer>
{
    private EmbeddedPostgres Server => running.Server;

    [Fact]
    public async Task It_answers_and_is_the_version_that_was_found()
    {
        Assert.Equal(PostgresBinaries.Find().Version, Server.Version);
        Assert.Equal(Server.Version.ToString(), await Sql.ScalarAsync(Server, "SELECT split_part(current_setting('server_version'), ' ', 1)"));
    }

    [Fact]
    public void It_does_not_run_as_root()
    {
        Assert.NotEqual("root", Command.Run("ps", "-o", "user=", "-p", Pid).Output, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Only_the_password_opens_it()
    {
        var wrong = new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Password = "guess", Pooling = false };

        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        var e = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, e.SqlState);
    }

    [Fact]
    public void The_password_is_on_no_command_line_and_in_a_file_for_the_owner_only()
    {
        var password = new NpgsqlConnectionStringBuilder(Server.ConnectionString).Password!;
        var file = Path.Combine(Server.DataDirectory, "password");

        Assert.DoesNotContain(password, Command.Run("ps", "-e", "-o", "args=").Output, StringComparison.Ordinal);
        Assert.Equal(password, File.ReadAllText(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task It_listens_on_the_loopback_address_alone()
    {
        Assert.Equal("127.0.0.1", await Sql.ScalarAsync(Server, "SHOW listen_addresses"));
        Assert.Equal("", await Sql.ScalarAsync(Server, "SHOW unix_socket_directories"));
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("synchronous_commit")]
    [InlineData("full_page_writes")]
    public async Task What_is_thrown_away_is_not_forced_to_disk(string setting)
    {
        Assert.Equal("off", await Sql.ScalarAsync(Server, $"SHOW {setting}"));
    }

    private string Pid => Server.Pid.ToString(CultureInfo.InvariantCulture);
}
