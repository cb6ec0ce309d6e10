using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;
using Marten;
using Npgsql;

namespace DoSnapshot.Integration.Tests;

/// <summary><c>rebuild</c> as a process: what a document says against its events is named, left where it was only looked at, and else put right.</summary>
public sealed class RebuildTests
{
    private const string Droplets = "do_snapshot.mt_doc_droplet";

    private readonly PostgresFixture _postgres;

    public RebuildTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_differs_is_told_then_put_right_and_then_nothing_differs()
    {
        var store = await _postgres.CreateDatabaseAsync(Ct);
        using (var documents = DocumentStore.For(options => LogStore.Configure(options, store, TimeProvider.System)))
        {
            await LogSchema.ApplyAsync(documents, store, Ct);
            var log = new MartenEventLog(documents, TimeProvider.System);
            await log.DecideAsync(7, _ => [new NewEvent(Streams.OfDroplet(7), new DropletEnrolled(7, "web-1", "p", TimeProvider.System.GetUtcNow()))], Ct);
        }

        await using var platform = await Platform.StartSandboxAsync(null, new Dictionary<string, string>(StringComparer.Ordinal), _ => Task.CompletedTask, Ct);
        Assert.Equal((0, "Every document says what its events say."), Last(await RunAsync(platform, store)));

        await ExecuteAsync(store, $$"""update {{Droplets}} set data = jsonb_set(data, '{plan}', '"q"')""");
        var looked = await RunAsync(platform, store, "--check");
        Assert.Equal((1, "Differing from their events: 1. Nothing was changed."), Last(looked));
        Assert.Contains("droplet/7: plan", looked.Output, StringComparison.Ordinal);
        Assert.Equal(
            (0, "Differing from their events: 1, made anew. Now every document says what its events say."), Last(await RunAsync(platform, store)));
        var after = await RunAsync(platform, store, "--check", "--json");
        Assert.Equal(0, after.Code);
        Assert.Contains("\"differing\": 0", after.Output, StringComparison.Ordinal);
    }

    private static (int Code, string Line) Last((int Code, string Output) ended) => (ended.Code, ended.Output.TrimEnd().Split('\n')[^1]);

    private static async Task<(int Code, string Output)> RunAsync(Platform platform, string store, params string[] options)
    {
        using var process = CommandRun.Start(platform, store, ["rebuild", .. options]);
        var (errors, output) = (process.StandardError.ReadToEndAsync(Ct), process.StandardOutput.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        Assert.Equal("", await errors);
        return (process.ExitCode, await output);
    }

    private static async Task ExecuteAsync(string store, string sql)
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
