namespace DoSnapshot.Cli.Doctor;

/// <summary>Whether the log's PostgreSQL can be reached, is recent enough, and lets itself be written to.</summary>
internal sealed class DatabaseCheck : ICheck
{
    private const int OldestVersion = 140_000;

    /// <inheritdoc/>
    public string Name => "database";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<CheckResult>>([Run(installation)]);

    /// <summary>What is to be said of a server.</summary>
    internal static CheckResult Judge(string place, DatabaseFacts facts)
    {
        if (facts.VersionNumber < OldestVersion)
        {
            return CheckResult.Wrong($"{place} has version {facts.Version}", "PostgreSQL 14 or later is wanted");
        }

        return facts.IsReadOnly
            ? CheckResult.Wrong($"{place} cannot be written to", "Name the primary server and not a standby, and see default_transaction_read_only")
            : CheckResult.Fine($"{place}: version {facts.Version}");
    }

    private static CheckResult Run(Installation installation)
    {
        if (installation.Settings.Log.Problems is [var problem, ..])
        {
            return CheckResult.Wrong(problem, "A password is given by the variable, or by PGPASSFILE");
        }

        var database = installation.Database;
        if (installation.Settings.Log.Value is null)
        {
            return CheckResult.NotChecked("no log is named (--store, --data, Platform__LogConnectionString, DO_SNAPSHOT_STORE)");
        }

        if (database.IsEmptyDirectory)
        {
            return CheckResult.Fine($"{database.Place} holds no log yet: the first pass with --data makes it");
        }

        return database.Problem is { } trouble
            ? CheckResult.Wrong(
                $"{database.Place}: {trouble}",
                installation.Settings.Log.Value.Directory is null
                    ? "See whether it runs, lets this machine in, and has this user and database"
                    : "See that PostgreSQL's programs are installed and the directory is this user's, or choose another that is empty or new")
            : Judge(database.Place, database.Facts!);
    }
}
