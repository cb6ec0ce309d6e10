using System.Text;
using DoSnapshot.Tests.Support;
using RabbitMQ.Client;

namespace DoSnapshot.Integration.Tests;

/// <summary>Messages that no worker can handle: out of the way, with their reason, and back by command.</summary>
public sealed class FailedMessagesTests
{
    private const string Unknown = "6f1c1f6e-0000-4000-8000-00000000000a";
    private const string MessageId = "11110000-0000-4000-8000-00000000000a";

    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public FailedMessagesTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_moved_out_of_the_way_told_of_and_put_back_by_command()
    {
        await using var platform = await Platform.StartAsync(
            _postgres, _rabbitMq, new Dictionary<string, string>(StringComparer.Ordinal), _ => Task.CompletedTask, Ct, ["Planner", "PrunerWorker"]);
        var pruner = platform.Find("PrunerWorker");
        var none = await RunAsync(platform);
        Assert.Equal((0, "No message has failed."), (none.Code, none.Output));

        await PublishAsync(platform, "this is no JSON", "22220000-0000-4000-8000-00000000000b");
        await PublishAsync(platform, Expiry(), MessageId);
        await platform.UntilAsync("both have failed", () => Task.FromResult(Said(pruner) == 2), Ct);

        (int Code, string Output, string Errors) listed = default;
        await platform.UntilAsync("both are in the error queue", async () => (listed = await RunAsync(platform)).Output.Contains("2 messages have failed", StringComparison.Ordinal), Ct);
        Assert.Equal(0, listed.Code);
        Assert.Contains($"{MessageId}  SnapshotExpired in pruner-worker, 20", listed.Output, StringComparison.Ordinal);
        Assert.Contains($"SnapshotExpired names snapshot {Unknown}, which the log does not know", listed.Output, StringComparison.Ordinal);
        Assert.Contains("this is no JSON", listed.Output, StringComparison.Ordinal);
        // It was looked at and nothing more.
        Assert.Contains("2 messages have failed", (await RunAsync(platform)).Output, StringComparison.Ordinal);

        // Put back as it was: it is understood, and refused for the same reason.
        var back = await RunAsync(platform, "put-back", MessageId[..8]);
        Assert.Equal((0, $"{MessageId}  SnapshotExpired, put back into pruner-worker"), (back.Code, back.Output));
        await platform.UntilAsync("it has failed again", () => Task.FromResult(Said(pruner) == 3), Ct);
        await platform.UntilAsync("it is back", async () => (listed = await RunAsync(platform)).Output.Contains("2 messages have failed", StringComparison.Ordinal), Ct);
        Assert.Contains($"SnapshotExpired names snapshot {Unknown}", listed.Output, StringComparison.Ordinal);

        var gone = await RunAsync(platform, "discard", "--all");
        Assert.Equal((0, 2), (gone.Code, gone.Output.Split('\n').Length));
        Assert.Equal("No message has failed.", (await RunAsync(platform)).Output);
        Assert.DoesNotContain(await platform.CallsAsync(), c => c.Method == "DELETE");
    }

    [Theory]
    [InlineData("an id that no message bears", 2, "ID '7777': no failed message has such an id", "put-back", "7777")]
    [InlineData("nothing", 2, "ID or --all is required", "discard")]
    [InlineData("too much", 2, "ID and --all exclude each other", "put-back", "7777", "--all")]
    public async Task What_cannot_be_meant_is_refused(string what, int code, string says, params string[] arguments)
    {
        await using var platform = await Platform.StartSandboxAsync(
            null,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Platform__BusUri"] = (await _rabbitMq.CreateVirtualHostAsync(Ct)).ToString() },
            _ => Task.CompletedTask,
            Ct);
        var run = await RunAsync(platform, arguments);
        Assert.True(run.Code == code, what);
        Assert.Contains(says, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amqp://guest:secret@127.0.0.1:1/", 1, "RabbitMQ cannot be used")]
    [InlineData("https://guest:secret@127.0.0.1/", 2, "--bus cannot be read")]
    public async Task A_broker_that_cannot_be_used_is_one_line_without_the_password(string address, int code, string says)
    {
        await using var platform = await Platform.StartSandboxAsync(null, new Dictionary<string, string>(StringComparer.Ordinal), _ => Task.CompletedTask, Ct);
        var (exit, errors) = await CommandRun.RunAsync(platform, null, "failed-messages", "--bus", address);
        Assert.Equal(code, exit);
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }

    private static int Said(ServiceProcess pruner) => pruner.Output.Split("could not be handled and is in pruner-worker_error").Length - 1;

    private static string Expiry() =>
        $$"""
        {
          "messageId": "{{MessageId}}",
          "messageType": ["urn:message:DoSnapshot.Contracts:SnapshotExpired"],
          "message": {
            "snapshotId": "{{Unknown}}", "dropletId": 1, "imageId": 3000000001, "snapshotName": "web-1-x", "origin": "Plan",
            "decidedAt": "2026-01-02T03:04:05Z", "interval": "00:00:00", "age": "00:00:00"
          }
        }
        """;

    private static async Task<(int Code, string Output, string Errors)> RunAsync(Platform platform, params string[] arguments)
    {
        using var process = CommandRun.Start(platform, null, ["failed-messages", .. arguments, "--bus", platform.BusUri]);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, (await output).Trim(), (await errors).Trim());
    }

    private static async Task PublishAsync(Platform platform, string body, string id)
    {
        var factory = new ConnectionFactory { Uri = new Uri(platform.BusUri) };
        await using var connection = await factory.CreateConnectionAsync(Ct);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Ct);
        await channel.BasicPublishAsync(
            "",
            "pruner-worker",
            mandatory: true,
            new BasicProperties { MessageId = id, ContentType = "application/vnd.masstransit+json" },
            Encoding.UTF8.GetBytes(body),
            Ct);
    }
}
