using DoSnapshot.Hosting.Log;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Whether the log is there, and whether the user may do with it what the services do.</summary>
internal sealed class LogCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "log";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct) => Task.FromResult(Run(installation.Database));

    /// <summary>What is to be said of a log by what the server tells of it.</summary>
    internal static CheckResult? Judge(DatabaseFacts facts) => facts switch
    {
        { HasSchema: false, MayCreate: false } => CheckResult.Wrong(
            $"the schema {LogStore.Schema} is not there, and user {facts.User} may not make it",
            $"As the database's owner: grant create on database … to \"{facts.User}\""),
        { HasSchema: false } => CheckResult.Fine($"the schema {LogStore.Schema} is not there yet: the first service or pass makes it"),
        { MayUseSchema: false } => CheckResult.Wrong(
            $"user {facts.User} may not use the schema {LogStore.Schema}", $"As its owner: grant usage, create on schema {LogStore.Schema} to \"{facts.User}\""),
        { HasLog: false, MayChangeSchema: false } => CheckResult.Wrong(
            $"the schema {LogStore.Schema} is empty, and user {facts.User} may make no table in it",
            $"As its owner: grant create on schema {LogStore.Schema} to \"{facts.User}\""),
        { HasLog: false } => CheckResult.Fine($"the schema {LogStore.Schema} is empty yet: the first service or pass fills it"),
        { Closed: [var first, ..] } => CheckResult.Wrong(
            $"user {facts.User} may not read and write {(facts.Closed.Count == 1 ? first : $"{facts.Closed.Count} tables of the log, {first} first")}",
            $"As their owner: grant select, insert, update, delete on all tables in schema {LogStore.Schema} to \"{facts.User}\""),
        { MayChangeSchema: false } => CheckResult.Remark(
            $"user {facts.User} may not change the schema {LogStore.Schema}", "A later version that has another table needs that"),
        _ => null,
    };

    private static IReadOnlyList<CheckResult> Run(DatabaseAccess database)
    {
        if (database.Facts is not { } facts)
        {
            return [CheckResult.NotChecked(database.IsEmptyDirectory ? "there is no log yet" : "it needs the database")];
        }

        if (Judge(facts) is { State: not CheckState.Remark } judged)
        {
            return [judged];
        }

        var read = database.LogProblem is { } problem
            ? CheckResult.Wrong(
                $"the log in schema {LogStore.Schema} cannot be read: {problem}",
                "Another version may have made it: services and command are to be of one version")
            : CheckResult.Fine($"schema {LogStore.Schema} is there and can be read and written");
        return Judge(facts) is { } remark ? [read, remark] : [read];
    }
}
