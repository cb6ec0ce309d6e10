using System.Text;
using DoSnapshot.Hosting.Bus;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace DoSnapshot.Cli.Doctor;

/// <summary>
/// Whether RabbitMQ can be reached, takes the user and the password, and has the virtual host. Nothing is declared, so that whether the user may do that
/// is not seen.
/// </summary>
internal sealed class BrokerCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "broker";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct)
    {
        if (installation.Settings.Bus is { Problems: [var problem, ..] })
        {
            return [CheckResult.Wrong(problem, "A virtual host of its own for each installation, for instance amqp://me:…@rabbitmq:5672/snapshots")];
        }

        return installation.Settings.Bus.Value is { } address
            ? [await LookAsync(address, ct)]
            : [CheckResult.NotChecked("no broker is named (--bus, Platform__BusUri); a pass needs none")];
    }

    private static async Task<CheckResult> LookAsync(Uri address, CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = DoctorSettings.Patience,
            HandshakeContinuationTimeout = DoctorSettings.Patience,
            ContinuationTimeout = DoctorSettings.Patience,
            ClientProvidedName = "do-snapshot-doctor",
        };
        try
        {
            factory.Uri = address;
            factory.BelievingNoOther();
        }
        catch (ArgumentException)
        {
            // Not quoted: there is a password in it.
            return CheckResult.Wrong("the broker's address cannot be used", "Give it as amqp://user:password@host:port/vhost, with one name after the last slash");
        }

        var place = $"RabbitMQ at {factory.HostName}:{factory.Port}, virtual host {factory.VirtualHost}, user {factory.UserName}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(DoctorSettings.Patience);
        try
        {
            // A connection that is given up is closed before it says so, which may take as long again.
            return CheckResult.Fine($"{place}: {await ConnectAsync(factory, limit.Token).WaitAsync(limit.Token)}; whether the user may declare queues is not tried");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return CheckResult.Wrong($"{place}: no answer within {DoctorSettings.Patience.TotalSeconds:0} s", "See whether it runs there and lets this machine in");
        }
        catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException or RabbitMQClientException or IOException or TimeoutException)
        {
            return Judge(place, e);
        }
    }

    /// <summary>Gives what the broker is.</summary>
    private static async Task<string> ConnectAsync(ConnectionFactory factory, CancellationToken ct)
    {
        await using var connection = await factory.CreateConnectionAsync(ct);
        // The client learns of a virtual host that is not there, or not for this user, only when it wants something there.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        return $"{Text(connection, "product") ?? "RabbitMQ"} {Text(connection, "version")}";
    }

    private static CheckResult Judge(string place, Exception e)
    {
        var said = Reason(e);
        return said switch
        {
            _ when Causes(e).Any(c => c is AuthenticationFailureException) || said.Contains("ACCESS_REFUSED", StringComparison.Ordinal) =>
                CheckResult.Wrong($"{place} refuses: {said}", "Mend user and password, or give the user the right to the virtual host: rabbitmqctl set_permissions"),
            _ when said.Contains("vhost", StringComparison.Ordinal) =>
                CheckResult.Wrong($"{place} refuses: {said}", "Make the virtual host: rabbitmqctl add_vhost, then rabbitmqctl set_permissions"),
            _ => CheckResult.Wrong($"{place}: {said}", "See whether it runs there and lets this machine in"),
        };
    }

    /// <summary>The innermost says most.</summary>
    private static string Reason(Exception e) => Causes(e).Last() switch
    {
        OperationInterruptedException { ShutdownReason: { } reason } => reason.ReplyText,
        var cause => cause.Message.ReplaceLineEndings(" "),
    };

    private static IEnumerable<Exception> Causes(Exception? e)
    {
        for (; e is not null; e = e is AggregateException { InnerExceptions: [var first, ..] } ? first : e.InnerException)
        {
            yield return e;
        }
    }

    private static string? Text(IConnection connection, string property) =>
        connection.ServerProperties?.TryGetValue(property, out var value) is true && value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null;
}
