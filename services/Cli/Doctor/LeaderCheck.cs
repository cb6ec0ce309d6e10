namespace DoSnapshot.Cli.Doctor;

/// <summary>Who leads on the log at the moment: the planner, and a worker for each kind of following.</summary>
internal sealed class LeaderCheck : ICheck
{
    private const string Planner = "planner";

    /// <inheritdoc/>
    public string Name => "leader";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<CheckResult>>([Run(installation.Database)]);

    private static CheckResult Run(DatabaseAccess database)
    {
        if (database.Facts is not { } facts)
        {
            return CheckResult.NotChecked(database.IsEmptyDirectory ? "there is no log yet" : "it needs the database");
        }

        var leaders = string.Join(", ", facts.Leaders);
        if (facts.Leaders.Any(l => l.StartsWith(Planner, StringComparison.Ordinal)))
        {
            return CheckResult.Fine(leaders);
        }

        return CheckResult.Remark(
            facts.Leaders.Count == 0 ? "no planner leads on this log, and no worker follows" : $"no planner leads on this log; at work: {leaders}",
            "Start the planner, if it is not the command that works on it");
    }
}
