using System.CommandLine;
using System.Net.Sockets;
using DoSnapshot.Cli.Arguments;
using RabbitMQ.Client.Exceptions;

namespace DoSnapshot.Cli.FailedMessages;

/// <summary><c>failed-messages</c>: what no worker could handle, why, and back with it to its queue.</summary>
internal static class FailedMessagesCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "failed-messages";

    /// <summary>Where RabbitMQ is, without a password in the process list.</summary>
    public const string Variable = "Platform__BusUri";

    /// <summary>Names a file that says it; goes before.</summary>
    public const string FileVariable = "Platform__BusUriFile";

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var ids = new Argument<string[]>("ID") { Description = "Ids of messages, or unique beginnings of them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every message there is." };
        var bus = new Option<string?>("--bus") { Description = $"RabbitMQ, amqp://user:password@host:port/vhost; also by {Variable}, which hides the password.", Recursive = true };
        var putBack = new Command("put-back", "Puts messages back into their queues, to be handled again: at once, and as if they came for the first time.") { ids, all };
        var discard = new Command("discard", "Removes messages for good. What the log knows is not touched: the planner sends its commands again by itself.") { ids, all };
        var command = new Command(Name, "Says which messages no worker could handle, and why: those in the error queues of RabbitMQ.") { bus, putBack, discard };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(bus), (queues, output) => ListAsync(queues, output, ct), Console.Out, Console.Error, ct));
        putBack.SetAction((parsed, ct) => RunAsync(
            parsed.GetValue(bus),
            (queues, output) => MoveAsync(queues, parsed.GetValue(ids) ?? [], parsed.GetValue(all), "put back into", queues.PutBackAsync, output, ct),
            Console.Out,
            Console.Error,
            ct));
        discard.SetAction((parsed, ct) => RunAsync(
            parsed.GetValue(bus),
            (queues, output) => MoveAsync(queues, parsed.GetValue(ids) ?? [], parsed.GetValue(all), "removed from the error queue of", queues.DiscardAsync, output, ct),
            Console.Out,
            Console.Error,
            ct));
        return command;
    }

    private static async Task<int> RunAsync(
        string? bus, Func<ErrorQueues, TextWriter, Task> run, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        try
        {
            var address = Address(bus);
            await using var queues = await ErrorQueues.ConnectAsync(address, ct);
            await run(queues, output);
            return ExitCodes.Done;
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, errors);
        }
        catch (Exception e) when (e is BrokerUnreachableException or RabbitMQClientException or IOException or SocketException or TimeoutException)
        {
            await errors.WriteLineAsync($"{Usage.Program}: RabbitMQ cannot be used: {ShownText.Of(e.GetBaseException().Message)}");
            return ExitCodes.Failed;
        }
    }

    private static async Task ListAsync(ErrorQueues queues, TextWriter output, CancellationToken ct)
    {
        var found = await queues.ListAsync(ct);
        foreach (var message in found)
        {
            await output.WriteLineAsync(ShownText.Of($"{message.Id ?? "(no id)"}  {message.What} in {message.Queue}, {message.At ?? "at an unknown time"}"));
            await output.WriteLineAsync($"    {ShownText.Of(message.Reason)}");
            await output.WriteLineAsync($"    {ShownText.Of(message.Body)}");
        }

        await output.WriteLineAsync(found.Count switch
        {
            0 => "No message has failed.",
            1 => $"1 message has failed. To have it handled again: {Usage.Program} {Name} put-back --all",
            _ => $"{found.Count} messages have failed. To have them handled again: {Usage.Program} {Name} put-back ID… or --all",
        });
    }

    private static async Task MoveAsync(
        ErrorQueues queues,
        string[] ids,
        bool all,
        string done,
        Func<Func<FailedMessage, bool>, CancellationToken, Task<IReadOnlyList<FailedMessage>>> move,
        TextWriter output,
        CancellationToken ct)
    {
        if (all == ids.Length > 0)
        {
            throw new UsageException(all ? "ID and --all exclude each other" : "ID or --all is required");
        }

        var there = await queues.ListAsync(ct);
        foreach (var id in ids)
        {
            var meant = there.Where(m => Bears(m, id)).Select(m => m.Id).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            if (meant.Count != 1)
            {
                throw UsageException.For("ID", id, meant.Count == 0 ? "no failed message has such an id" : ShownText.Of($"several begin so: {string.Join(", ", meant)}"));
            }
        }

        foreach (var message in await move(m => all || ids.Any(id => Bears(m, id)), ct))
        {
            await output.WriteLineAsync(ShownText.Of($"{message.Id ?? "(no id)"}  {message.What}, {done} {message.Queue}"));
        }
    }

    private static bool Bears(FailedMessage message, string id) => id.Length > 0 && message.Id?.StartsWith(id, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Not quoted where it cannot be read: there may be a password in it.</summary>
    private static Uri Address(string? option)
    {
        var file = Environment.GetEnvironmentVariable(FileVariable);
        var (text, named) = option is not null ? (option, "--bus")
            : string.IsNullOrWhiteSpace(file) ? (Environment.GetEnvironmentVariable(Variable), Variable)
            : (TokenFile.Read(file, FileVariable).Value, FileVariable);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UsageException($"{Name} needs the broker: --bus ADDRESS, or {Variable} or {FileVariable} in the environment");
        }

        return Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps"
            ? uri
            : throw new UsageException($"{named} cannot be read: RabbitMQ's address is wanted, amqp://user:password@host:port/vhost");
    }
}
