using System.Globalization;
using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.LocalServers.Tests;

public sealed class ServerLifeTests : IDisposable
{
    private const string HalfACluster = "mkdir \"$2\" && echo 17 > \"$2/PG_VERSION\"";

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_disposed_server_leaves_neither_process_nor_directory()
    {
        var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions(), Cancellation);
        var (pid, directory) = (server.Pid, server.DataDirectory);
        Assert.True(Runs(pid));

        await server.DisposeAsync();

        Assert.False(Runs(pid));
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task A_stopped_server_starts_again_at_the_same_address_with_its_data()
    {
        await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions(), Cancellation);
        await Sql.ScalarAsync(server, "CREATE TABLE kept AS SELECT 42 AS answer");
        var address = server.ConnectionString;

        await server.StopAsync();
        await Assert.ThrowsAsync<NpgsqlException>(() => Sql.ScalarAsync(address, "SELECT 1"));
        await server.StartAgainAsync(Cancellation);

        Assert.Equal("42", await Sql.ScalarAsync(address, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_kept_directory_keeps_its_data_over_a_restart_and_is_forced_to_disk()
    {
        var options = new EmbeddedPostgresOptions { DataDirectory = _directory["kept"] };
        await using (var server = await EmbeddedPostgres.StartAsync(options, Cancellation))
        {
            Assert.Equal("on", await Sql.ScalarAsync(server, "SHOW fsync"));
            await Sql.ScalarAsync(server, "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        await using var again = await EmbeddedPostgres.StartAsync(options, Cancellation);

        Assert.Equal("42", await Sql.ScalarAsync(again, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_kept_directory_admits_one_process_at_a_time()
    {
        var options = new EmbeddedPostgresOptions { DataDirectory = _directory["kept"] };
        await using var first = await EmbeddedPostgres.StartAsync(options, Cancellation);

        var e = await Assert.ThrowsAsync<DirectoryInUseException>(() => EmbeddedPostgres.StartAsync(options, Cancellation));

        Assert.Contains($"{_directory["kept"]} is in use by process {Environment.ProcessId}. ", e.Message, StringComparison.Ordinal);
        Assert.Equal("1", await Sql.ScalarAsync(first, "SELECT 1"));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_to_is_not_said_to_be_in_use()
    {
        // A program that runs cannot be opened for writing, whoever asks: as little as a file of a disk that is read-only.
        File.CreateSymbolicLink(_directory["lock"], Environment.ProcessPath!);

        var e = await Assert.ThrowsAsync<DirectoryUnusableException>(
            () => EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = _directory.Path }, Cancellation));

        Assert.Contains("cannot be written to", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_with_something_else_in_it_is_left_alone()
    {
        await File.WriteAllTextAsync(_directory["letter.txt"], "Dear all", Cancellation);

        var e = await Assert.ThrowsAsync<DirectoryUnusableException>(
            () => EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = _directory.Path }, Cancellation));

        Assert.Contains("holds something else", e.Message, StringComparison.Ordinal);
        Assert.Equal(_directory["letter.txt"], Assert.Single(Directory.EnumerateFileSystemEntries(_directory.Path)));
    }

    [Fact]
    public async Task When_the_process_is_killed_the_server_goes_and_its_directory_with_it()
    {
        using var victim = await Victim.StartAsync(dataDirectory: null, Cancellation);
        Assert.True(Runs(victim.ServerPid));
        Assert.True(Directory.Exists(victim.ServerDirectory));

        await victim.KillAsync(Cancellation);

        Assert.True(await Eventually.HoldsAsync(() => !Runs(victim.ServerPid), cancellationToken: Cancellation), "the server lives on");
        Assert.True(await Eventually.HoldsAsync(() => !Directory.Exists(victim.ServerDirectory), cancellationToken: Cancellation),
            "the directory is still there");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task When_its_whole_process_group_is_killed_the_server_goes_too(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no setsid to make a group with.");
        using var victim = await Victim.StartAsync(dataDirectory: null, Cancellation, leadsGroup: true);

        await victim.SignalGroupAsync(signal, Cancellation);

        Assert.True(await Eventually.HoldsAsync(() => !Runs(victim.ServerPid), cancellationToken: Cancellation), "the server lives on");
        Assert.True(await Eventually.HoldsAsync(() => !Directory.Exists(victim.ServerDirectory), cancellationToken: Cancellation),
            "the directory is still there");
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task The_guard_is_not_to_be_talked_out_of_its_duty(string signal)
    {
        using var victim = await Victim.StartAsync(dataDirectory: null, Cancellation);
        var guard = Command.Run("ps", "-o", "ppid=", "-p", victim.ServerPid.ToString(CultureInfo.InvariantCulture)).Output;

        Command.RunOrThrow("kill", "-s", signal, guard);
        await victim.KillAsync(Cancellation);

        Assert.True(await Eventually.HoldsAsync(() => !Runs(victim.ServerPid), cancellationToken: Cancellation), "the server lives on");
        Assert.True(await Eventually.HoldsAsync(() => !Directory.Exists(victim.ServerDirectory), cancellationToken: Cancellation),
            "the directory is still there");
    }

    [Fact]
    public async Task A_directory_whose_process_was_killed_can_be_used_at_once()
    {
        using var victim = await Victim.StartAsync(_directory["kept"], Cancellation);
        await victim.KillAsync(Cancellation);

        await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = _directory["kept"] }, Cancellation);

        Assert.Equal("1", await Sql.ScalarAsync(server, "SELECT 1"));
        Assert.NotEqual(victim.ServerPid, server.Pid);
    }

    [Fact]
    public async Task A_server_that_fails_says_why_and_frees_its_directory()
    {
        var options = new EmbeddedPostgresOptions
        {
            DataDirectory = _directory["kept"],
            Binaries = new PostgresBinaries(_directory.Programs("bin", HalfACluster, "echo the disk is full; exit 1"), new Version(17, 6)),
        };

        var e = await Assert.ThrowsAsync<LocalServerException>(() => EmbeddedPostgres.StartAsync(options, Cancellation));

        Assert.Contains("the disk is full", e.Message, StringComparison.Ordinal);
        using var free = PostgresDirectory.Kept(_directory["kept"]);
    }

    [Fact]
    public async Task A_cluster_that_was_cut_off_in_the_making_is_made_anew()
    {
        Directory.CreateDirectory(_directory["kept"]);
        await File.WriteAllTextAsync(Path.Combine(_directory["kept"], "lock"), "", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(_directory["kept"], "data.new")).FullName, "PG_VERSION"), "15", Cancellation);

        await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = _directory["kept"] }, Cancellation);

        Assert.Equal("1", await Sql.ScalarAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task What_is_cancelled_while_the_cluster_is_made_ends_as_soon_as_the_server_can_be_told()
    {
        // Well before the limit, at which it would be killed.
        var options = new EmbeddedPostgresOptions { DataDirectory = _directory["kept"], StopLimit = TimeSpan.FromMinutes(2) };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var starting = EmbeddedPostgres.StartAsync(options, cancel.Token);
        Assert.True(await Eventually.HoldsAsync(() => Directory.Exists(Path.Combine(_directory["kept"], "data.new")), cancellationToken: Cancellation));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(TimeSpan.FromMinutes(1), Cancellation));

        await using var again = await EmbeddedPostgres.StartAsync(options, Cancellation);
        Assert.Equal("1", await Sql.ScalarAsync(again, "SELECT 1"));
    }

    [Fact]
    public async Task That_a_server_has_ended_by_itself_is_seen_and_it_can_be_started_again()
    {
        await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = _directory["kept"] }, Cancellation);
        var (address, ended) = (server.ConnectionString, server.Ended);
        Assert.False(ended.IsCompleted);

        Command.RunOrThrow("kill", "-s", "KILL", server.Pid.ToString(CultureInfo.InvariantCulture));
        await ended.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await server.StopAsync();
        await server.StartAgainAsync(Cancellation);

        Assert.Equal(address, server.ConnectionString);
        Assert.False(server.Ended.IsCompleted);
        Assert.Equal("1", await Sql.ScalarAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_the_limit()
    {
        var options = new EmbeddedPostgresOptions
        {
            StartLimit = TimeSpan.FromSeconds(2),
            StopLimit = TimeSpan.FromMilliseconds(200),
            Binaries = new PostgresBinaries(_directory.Programs("bin", HalfACluster, "echo thinking; exec sleep 600"), new Version(17, 6)),
        };

        var e = await Assert.ThrowsAsync<LocalServerException>(() => EmbeddedPostgres.StartAsync(options, Cancellation));

        Assert.Contains("accepted no connection within 2 s", e.Message, StringComparison.Ordinal);
    }

    private static bool Runs(int pid) => Command.Run("kill", "-0", pid.ToString(CultureInfo.InvariantCulture)).Succeeded;
}
