using Npgsql;

namespace DoSnapshot.Hosting.Log;

/// <summary>How sessions with the log's database are kept, on top of what the connection string says.</summary>
public static class LogConnection
{
    /// <summary>
    /// For the log itself. A transaction that its client has forgotten would hold its droplet's lock and keep the relay from seeing anything that
    /// was committed after it: the server ends such a session after a minute. A client whose server is gone finds out by its keep-alives.
    /// Settings that the connection string makes itself stand.
    /// </summary>
    public static string ForLog(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Options = Joined(builder.Options, "-c idle_in_transaction_session_timeout=60000");

        if (builder.KeepAlive == 0)
        {
            builder.KeepAlive = 15;
        }

        if (string.IsNullOrEmpty(builder.ApplicationName))
        {
            builder.ApplicationName = "do-snapshot";
        }

        return builder.ConnectionString;
    }

    /// <summary>
    /// For a session that holds a leader's lock. It speaks every second; after five seconds of silence the server ends it, which is how a frozen
    /// leader loses its lock. One whose machine is gone is found out by the server's keep-alives, as fast. The client gives up on an answer after
    /// three seconds. Not pooled: the session is the lock.
    /// </summary>
    /// <param name="connectionString">What the user says.</param>
    /// <param name="holder">Who holds it, as PostgreSQL shows it in <c>pg_stat_activity</c>.</param>
    public static string ForLease(string connectionString, string holder)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            CommandTimeout = 3,
            Timeout = 5,
            CancellationTimeout = 1000,
            ApplicationName = $"do-snapshot-lead:{holder}",
        };
        builder.Options = Joined(
            builder.Options, "-c idle_session_timeout=5000 -c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3");
        return builder.ConnectionString;
    }

    /// <summary>For a session that waits for notifications. Not pooled: what it listens for would stay with it.</summary>
    public static string ForListening(string connectionString) => new NpgsqlConnectionStringBuilder(ForLog(connectionString))
    {
        Pooling = false,
    }.ConnectionString;

    /// <summary>The server takes the last of two that contradict each other: what the user says stands.</summary>
    private static string Joined(string? own, string ours) => string.IsNullOrEmpty(own) ? ours : $"{ours} {own}";
}
