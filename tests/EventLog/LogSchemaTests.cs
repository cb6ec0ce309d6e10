using System.Security.Cryptography;
using System.Text;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.EventLog.Tests;

/// <summary>The tables of the log over releases, and who may alter them.</summary>
public sealed class LogSchemaTests
{
    /// <summary>What each level's tables were made by. A level's line is never changed: other tables are another level.</summary>
    private static readonly Dictionary<int, string> Scripts = new()
    {
        [1] = "b8ec9f1e2c91d946c05a4d9037041a80c15be8d5bac67f823bfb59d2035dd0cd",
    };

    private readonly PostgresFixture _postgres;

    public LogSchemaTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Other_tables_are_another_level()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        var script = log.Store.Storage.ToDatabaseScript().ReplaceLineEndings("\n");
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.True(
            string.Equals(Scripts[LogSchema.Level], digest, StringComparison.Ordinal),
            $"The tables are not those of level {LogSchema.Level}: raise LogSchema.Level, and add {digest} for it here. They are made by:\n{script}");
    }

    [Fact]
    public async Task What_a_later_release_has_made_is_left_alone()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await log.AskAsync($"alter table do_snapshot.mt_doc_droplet add column later int; insert into do_snapshot.schema_level values ({LogSchema.Level + 1}, now())", Ct);

        await LogSchema.ApplyAsync(log.Store, log.Options.LogConnectionString, Ct);
        await LogSchema.ApplyAgainAsync(log.Store, log.Options.LogConnectionString, Ct);

        Assert.True(await HasColumnAsync(log, "later"));
    }

    [Fact]
    public async Task What_the_level_does_not_say_is_mended_when_asked_for()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await log.AskAsync("drop table do_snapshot.told_notice", Ct);

        await LogSchema.ApplyAsync(log.Store, log.Options.LogConnectionString, Ct);
        Assert.Equal(DBNull.Value, await log.AskAsync("select to_regclass('do_snapshot.told_notice')::text", Ct));

        await LogSchema.ApplyAgainAsync(log.Store, log.Options.LogConnectionString, Ct);
        Assert.Equal("do_snapshot.told_notice", await log.AskAsync("select to_regclass('do_snapshot.told_notice')::text", Ct));
    }

    [Fact]
    public async Task Tables_of_before_there_was_a_level_are_brought_up_to_date()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        await log.AskAsync("drop table do_snapshot.schema_level; drop table do_snapshot.told_notice", Ct);

        await LogSchema.ApplyAsync(log.Store, log.Options.LogConnectionString, Ct);

        Assert.Equal("do_snapshot.told_notice", await log.AskAsync("select to_regclass('do_snapshot.told_notice')::text", Ct));
        Assert.Equal(LogSchema.Level, await log.AskAsync("select max(level) from do_snapshot.schema_level", Ct));
    }

    [Fact]
    public async Task A_role_that_may_not_says_who_is_to_do_it_and_has_nothing_to_do_where_all_is_there()
    {
        await using var log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);
        var role = $"worker_{Guid.CreateVersion7():N}";
        await log.AskAsync($"create role {role} login password 'made-up'", Ct);
        await LogRoles.GrantWorkersAsync(log.Options.LogConnectionString, role, Ct);
        var asWorker = new NpgsqlConnectionStringBuilder(log.Options.LogConnectionString) { Username = role, Password = "made-up" }.ConnectionString;

        await LogSchema.ApplyAsync(log.Store, asWorker, Ct);
        await LogSchema.ApplyAgainAsync(log.Store, asWorker, Ct);

        await log.AskAsync("delete from do_snapshot.schema_level", Ct);
        var refused = await Assert.ThrowsAsync<LogRoleException>(() => LogSchema.ApplyAsync(log.Store, asWorker, Ct));
        Assert.Contains($"role '{role}' may not alter them", refused.Message, StringComparison.Ordinal);
        Assert.Contains("`do-snapshot schema`", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> HasColumnAsync(MartenLog log, string column) => (bool)(await log.AskAsync(
        $"select exists (select 1 from information_schema.columns where table_schema = 'do_snapshot' and table_name = 'mt_doc_droplet' and column_name = '{column}')", Ct))!;
}
