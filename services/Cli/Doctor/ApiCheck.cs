using System.Globalization;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Whether the API answers, and takes the token.</summary>
internal sealed class ApiCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "api";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<CheckResult>>([Run(installation)]);

    private static CheckResult Run(Installation installation)
    {
        if (installation.Settings.Api is { Problems: [var problem, ..] })
        {
            return CheckResult.Wrong(problem, "Mend the address, or leave it out for DigitalOcean's own");
        }

        if (installation.Api.Account is not { } reply)
        {
            return CheckResult.NotChecked(installation.Api.WhyNot!);
        }

        var host = installation.Settings.Api.Value!.ApiUrl.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
        return reply switch
        {
            { Status: null } => CheckResult.Wrong($"{host}: {reply.Said}", "See to the network from here to there: name resolution, firewall, proxy"),
            { Status: 401 } => CheckResult.Wrong(
                $"{host} refuses the token ({reply.Said})",
                "It was revoked, has expired, or is not whole: make a new one at https://cloud.digitalocean.com/account/api/tokens"),
            { Status: 429 } => CheckResult.Wrong($"{host}: {reply.Said}", "The token's requests are used up: wait, and see what else uses it"),
            { Status: >= 500 } => CheckResult.Wrong($"{host}: {reply.Said}", "DigitalOcean is in trouble: see https://status.digitalocean.com and try again"),
            _ when installation.Api.WhyNot is null => CheckResult.Fine(
                string.Create(CultureInfo.InvariantCulture, $"{host} takes the token, and answered in {installation.Api.Took.TotalMilliseconds:0} ms")),
            _ => CheckResult.Wrong(
                $"{host} answers, but not as DigitalOcean's API does ({(reply.IsSuccess ? "no JSON" : reply.Said)})", "See whether the address is right, and what stands between"),
        };
    }
}
