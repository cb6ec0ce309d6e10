using System.Globalization;
using System.Text;
using System.Text.Json;
using DoSnapshot.Hosting.Bus;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace DoSnapshot.Cli.FailedMessages;

/// <summary>The error queues of a broker. A message leaves one only after it has arrived where it goes, or by an operator's word.</summary>
internal sealed class ErrorQueues : IAsyncDisposable
{
    private const int LongestBody = 400;
    private const string ErrorSuffix = "_error";
    private const string SkippedSuffix = "_skipped";

    /// <summary>What MassTransit adds when it moves a message; put back, it is as it was.</summary>
    private static readonly string[] AddedHeaders = ["MT-Fault-", "MT-Reason", "MT-Host-"];

    private static readonly string[] Workers = [CommandQueues.Snapshots, CommandQueues.Transfers, CommandQueues.Expiries];

    private readonly IConnection connection;

    private ErrorQueues(IConnection connection)
    {
        this.connection = connection;
    }

    /// <summary>Connects.</summary>
    /// <exception cref="BrokerUnreachableException">Nobody answers, or refuses.</exception>
    public static async Task<ErrorQueues> ConnectAsync(Uri address, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false, ClientProvidedName = "do-snapshot-failed-messages" }.BelievingNoOther();
        return new ErrorQueues(await factory.CreateConnectionAsync(ct));
    }

    /// <summary>Everything that lies in the error queues, which stays as it is.</summary>
    public async Task<IReadOnlyList<FailedMessage>> ListAsync(CancellationToken ct)
    {
        var found = new List<FailedMessage>();
        await EachAsync((_, message, _, _) =>
        {
            found.Add(message);
            return Task.FromResult(false);
        }, ct);
        return found;
    }

    /// <summary>Puts messages back into the queues that they came from.</summary>
    /// <param name="which">Which of them.</param>
    /// <param name="ct">Ends it between two messages.</param>
    /// <returns>Those that were put back.</returns>
    public async Task<IReadOnlyList<FailedMessage>> PutBackAsync(Func<FailedMessage, bool> which, CancellationToken ct)
    {
        var done = new List<FailedMessage>();
        await EachAsync(
            async (channel, message, raw, queue) =>
            {
                if (!which(message))
                {
                    return false;
                }

                var properties = new BasicProperties(raw.BasicProperties) { Persistent = true };
                properties.Headers = raw.BasicProperties.Headers?
                    .Where(h => !AddedHeaders.Any(added => h.Key.StartsWith(added, StringComparison.Ordinal)))
                    .ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal);
                // Confirmed by the broker before it leaves the error queue: in between it is in both, which is a repeat and no harm.
                await channel.BasicPublishAsync("", queue, mandatory: true, properties, raw.Body, ct);
                done.Add(message);
                return true;
            },
            ct);
        return done;
    }

    /// <summary>Removes messages for good.</summary>
    /// <param name="which">Which of them.</param>
    /// <param name="ct">Ends it between two messages.</param>
    /// <returns>Those that were removed.</returns>
    public async Task<IReadOnlyList<FailedMessage>> DiscardAsync(Func<FailedMessage, bool> which, CancellationToken ct)
    {
        var done = new List<FailedMessage>();
        await EachAsync(
            (_, message, _, _) =>
            {
                if (which(message))
                {
                    done.Add(message);
                    return Task.FromResult(true);
                }

                return Task.FromResult(false);
            },
            ct);
        return done;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>
    /// Goes through every message of every error queue once. What <paramref name="act"/> is done with leaves its queue; the others go back to where they
    /// were when the channel is closed, as they would if this process died.
    /// </summary>
    private async Task EachAsync(Func<IChannel, FailedMessage, BasicGetResult, string, Task<bool>> act, CancellationToken ct)
    {
        foreach (var worker in Workers)
        {
            foreach (var suffix in (string[])[ErrorSuffix, SkippedSuffix])
            {
                await using var channel = await connection.CreateChannelAsync(
                    new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
                // Not more than there are now: what is put back may fail again at once, and would be met again.
                for (var left = await CountAsync(channel, worker + suffix, ct); left > 0; left--)
                {
                    if (await channel.BasicGetAsync(worker + suffix, autoAck: false, ct) is not { } raw)
                    {
                        break;
                    }

                    if (await act(channel, Read(worker, raw, suffix), raw, worker))
                    {
                        await channel.BasicAckAsync(raw.DeliveryTag, multiple: false, ct);
                    }
                }
            }
        }
    }

    /// <summary>A queue is made when the first message goes there. The channel of one that is not there is closed by the broker.</summary>
    private static async Task<uint> CountAsync(IChannel channel, string queue, CancellationToken ct)
    {
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, ct)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            return 0;
        }
    }

    private static FailedMessage Read(string worker, BasicGetResult raw, string suffix)
    {
        var headers = raw.BasicProperties.Headers;
        var body = Encoding.UTF8.GetString(raw.Body.Span);
        var (id, what, content) = Envelope(body);
        var reason = suffix is SkippedSuffix ? "it is no message that this worker takes" : Header("MT-Fault-Message") ?? "no reason is given";
        return new FailedMessage(worker, raw.BasicProperties.MessageId ?? id, what ?? "unknown", reason, Header("MT-Fault-Timestamp"), Short(content ?? body));

        string? Header(string name) => headers is not null && headers.TryGetValue(name, out var value)
            ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)
            : null;
    }

    private static string Short(string body) => body.Length <= LongestBody ? body : body[..LongestBody] + "…";

    /// <summary>What MassTransit's envelope says, where there is one.</summary>
    private static (string? Id, string? What, string? Content) Envelope(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement is not { ValueKind: JsonValueKind.Object } envelope || !envelope.TryGetProperty("message", out var message))
            {
                return default;
            }

            var type = envelope.TryGetProperty("messageType", out var types) && types is { ValueKind: JsonValueKind.Array } && types.GetArrayLength() > 0
                ? types[0].ToString().Split(':')[^1] : null;
            return (envelope.TryGetProperty("messageId", out var id) ? id.ToString() : null, type, message.GetRawText());
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
