namespace DoSnapshot.LocalServers;

/// <summary>How a private PostgreSQL server is run.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>
    /// Where the data is kept, for the next start to find. Without it the server works in a temporary directory, with
    /// nothing ever forced to disk, and leaves nothing behind.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>The programs to use; without them <see cref="PostgresBinaries.Find()"/> looks for them.</summary>
    public PostgresBinaries? Binaries { get; init; }

    /// <summary>Limit for the server to accept a connection, the making of a new cluster included.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Limit for the server to shut down, before it is killed.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Connections the server admits at once.</summary>
    public int MaxConnections { get; init; } = 200;

    /// <summary>The clock that waiting is measured with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
