namespace DoSnapshot.Cli.Arguments;

/// <summary>Where the log is kept: in a PostgreSQL that is there, or in a directory with one of its own.</summary>
/// <param name="Store">PostgreSQL's connection string; null where a directory is given.</param>
/// <param name="Directory">The directory; null where a connection string is given.</param>
internal sealed record LogPlace(string? Store, string? Directory)
{
    /// <summary>Holds the connection string where the option is not given: a password in an option can be seen in the list of processes.</summary>
    public const string Variable = "DO_SNAPSHOT_STORE";

    /// <summary>Names a file that holds the connection string.</summary>
    public const string FileVariable = "DO_SNAPSHOT_STORE_FILE";

    /// <summary>Whether the environment says where the log is.</summary>
    public static bool IsIn(Func<string, string?> environment) =>
        !string.IsNullOrWhiteSpace(environment(Variable)) || !string.IsNullOrWhiteSpace(environment(FileVariable));

    /// <summary>Takes it from the options, or else from the environment; null where nothing is given.</summary>
    /// <exception cref="UsageException">Both are given, or one without a value, or a file that cannot be read.</exception>
    public static LogPlace? Read(string? store, string? data, Func<string, string?> environment)
    {
        if (store is not null && data is not null)
        {
            throw new UsageException($"{CommandOptions.Store.Display} and {CommandOptions.Data.Display} exclude each other: the log is in one place");
        }

        if (data is not null)
        {
            return string.IsNullOrWhiteSpace(data)
                ? throw UsageException.For(CommandOptions.Data, data, "a directory is wanted")
                : new LogPlace(Store: null, data);
        }

        if (store is null)
        {
            var (set, file) = (environment(Variable), environment(FileVariable));
            return (string.IsNullOrWhiteSpace(set), string.IsNullOrWhiteSpace(file)) switch
            {
                (true, true) => null,
                (false, true) => new LogPlace(set, Directory: null),
                (true, false) => new LogPlace(TokenFile.Read(file!, FileVariable).Value, Directory: null),
                _ => throw new UsageException($"{Variable} and {FileVariable} exclude each other: the log is in one place"),
            };
        }

        return string.IsNullOrWhiteSpace(store)
            ? throw UsageException.For(CommandOptions.Store, store, "PostgreSQL's connection string is wanted, such as Host=db;Database=snapshots")
            : new LogPlace(store, Directory: null);
    }

    /// <summary>How a command is told of it, with a blank before; nothing where the environment may say it. A connection string may hold a password.</summary>
    public string AsOption => Directory is null ? "" : $" {CommandOptions.Data.Display} {Directory}";

    /// <inheritdoc/>
    public override string ToString() => Directory ?? "PostgreSQL";
}
