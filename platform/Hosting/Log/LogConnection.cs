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
        if (string.IsNullOrEmpty(builder.Options))
        {
            builder.Options = "-c idle_in_transaction_session_timeout=60000";
        }

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
}
