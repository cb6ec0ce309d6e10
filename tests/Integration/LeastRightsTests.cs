using System.Net.Http.Json;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Tests.Support;
using Marten;
using Npgsql;

namespace DoSnapshot.Integration.Tests;

/// <summary>Each service with a token of its own and a role of the database that may append and not alter: a whole life goes its way, and nothing more is possible.</summary>
public sealed class LeastRightsTests
{
    private const string Reads = "account:read actions:read block_storage_snapshot:read droplet:read image:read regions:read sizes:read snapshot:read tag:read";

    private static readonly (string Service, string Scopes)[] Tokens =
    [
        ("Planner", Reads),
        ("SnapshotWorker", $"{Reads} droplet:update image:create"),
        ("TransferWorker", $"{Reads} image:update"),
        ("PrunerWorker", $"{Reads} image:delete snapshot:delete"),
    ];

    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public LeastRightsTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_is_made_copied_and_removed_and_no_event_can_be_altered()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var platform = await Platform.StartAsync(
            _postgres,
            _rabbitMq,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Plan__Keep"] = "0h:1d", ["Plan__Brake"] = "Off" },
            async p =>
            {
                var droplet = await p.CreateDropletAsync("web-1", tags: "autosnapshot");
                await p.PlantSnapshotAsync("web-1-autosnapshot-20260101T000000Z", droplet, now.AddDays(-3), "nyc3", "lon1");
            },
            Ct,
            services: []);
        var asWorker = await WorkerRoleAsync(platform);
        var services = new List<ServiceProcess>();
        foreach (var (service, scopes) in Tokens)
        {
            var token = $"dop_v1_{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))}";
            await GiveOutAsync(platform, service, token, scopes);
            services.Add(platform.Start(service, ("DO_TOKEN", token), ("Platform__LogConnectionString", asWorker)));
        }

        foreach (var service in services)
        {
            await service.WhenReadyAsync(Ct);
        }

        await platform.UntilAsync("the new one is in both regions", async () => (await SnapshotsAsync(platform)).Any(s => s is { IsComplete: true, Scheduled: true } && s.Regions.Contains("lon1")), Ct);
        await platform.UntilAsync("the old one is removed", async () => (await SnapshotsAsync(platform)).Any(s => s.Phase is SnapshotPhase.Pruned), Ct);
        Assert.DoesNotContain(await platform.CallsAsync(), c => c.Status == 403);

        foreach (var forbidden in (string[])
        [
            "update do_snapshot.mt_events set data = '{}'", "delete from do_snapshot.mt_events", "truncate do_snapshot.mt_events", "delete from do_snapshot.mt_streams",
            "drop table do_snapshot.mt_events", "create table do_snapshot.mine (id int)",
        ])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(asWorker, forbidden));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task A_reader_reads_and_that_is_all()
    {
        var owner = await _postgres.CreateDatabaseAsync(Ct);
        await using (var store = DocumentStore.For(options => LogStore.Configure(options, owner, TimeProvider.System)))
        {
            await LogSchema.ApplyAsync(store, owner, Ct);
        }

        await Assert.ThrowsAsync<LogRoleException>(() => LogRoles.GrantWorkersAsync(owner, new NpgsqlConnectionStringBuilder(owner).Username!, Ct));
        var asReader = await RoleAsync(owner, "reader");
        await LogRoles.GrantReadersAsync(owner, new NpgsqlConnectionStringBuilder(asReader).Username!, Ct);

        await ExecuteAsync(asReader, "select * from do_snapshot.mt_events");
        foreach (var forbidden in (string[])
        [
            "insert into do_snapshot.mt_doc_account (id, data, mt_version, mt_dotnet_type) values ('a', '{}', 1, 'x')", "delete from do_snapshot.request_block", "delete from do_snapshot.mt_events",
        ])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(asReader, forbidden));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    private static async Task<string> WorkerRoleAsync(Platform platform)
    {
        var asWorker = await RoleAsync(platform.ConnectionString, "worker");
        var role = new NpgsqlConnectionStringBuilder(asWorker).Username!;
        var made = await CommandRun.RunAsync(platform, platform.ConnectionString, "schema", "--grant-workers", role);
        Assert.True(made.Code == 0, made.Errors);
        var refused = await CommandRun.RunAsync(platform, platform.ConnectionString, "schema", "--grant-readers", "nobody-is-called-so");
        Assert.Equal(1, refused.Code);
        Assert.Contains("nobody-is-called-so", refused.Errors, StringComparison.Ordinal);
        return asWorker;
    }

    /// <summary>Makes a role, and gives how it connects. Roles are the server's, which the tests share.</summary>
    private static async Task<string> RoleAsync(string owner, string name)
    {
        var role = $"{name} \"{Guid.NewGuid():N}";
        await ExecuteAsync(owner, $"create role \"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\" login password 'pa55'");
        return new NpgsqlConnectionStringBuilder(owner) { Username = role, Password = "pa55" }.ConnectionString;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
#pragma warning disable CA2100 // Written in the test.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task GiveOutAsync(Platform platform, string name, string token, string scopes)
    {
        using var http = new HttpClient { BaseAddress = platform.SandboxAddress };
        using var answer = await http.PutAsJsonAsync($"/sandbox/tokens/{name}", new { token, scopes = scopes.Split(' ') }, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<IReadOnlyList<Snapshot>> SnapshotsAsync(Platform platform) =>
        [.. (await platform.Log.LoadLedgersAsync(null, Ct)).SelectMany(l => l.Snapshots)];
}
