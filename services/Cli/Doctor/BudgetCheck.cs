using System.Globalization;

namespace DoSnapshot.Cli.Doctor;

/// <summary>How many requests the token has left.</summary>
internal sealed class BudgetCheck : ICheck
{
    private const double Scarce = 0.1;

    /// <inheritdoc/>
    public string Name => "requests";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<CheckResult>>([Run(installation)]);

    private static CheckResult Run(Installation installation)
    {
        // A refused token is told of a quota that is not its own.
        if (installation.Api.WhyNot is { } why)
        {
            return CheckResult.NotChecked(why);
        }

        if (installation.Api.Questions!.LastRateLimit is not { Limit: { } limit, Remaining: { } left })
        {
            return CheckResult.NotChecked("the API does not tell how many are left");
        }

        var said = string.Create(CultureInfo.InvariantCulture, $"{left:N0} of {limit:N0} of this hour are left to the token");
        return left <= limit * Scarce
            ? CheckResult.Remark(said, "See what else uses the token: the services wait when none are left")
            : CheckResult.Fine(said);
    }
}
