using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Retention;
using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Cli.Pass;

/// <summary>Which snapshots of which account are looked at.</summary>
/// <param name="Tag">Droplets with this tag.</param>
/// <param name="Prefix">The start of their snapshots' names.</param>
/// <param name="Token">The API token, or the path of a file with it; null where the environment has it.</param>
/// <param name="ApiUrl">Where the API is; null where the environment says so, or for DigitalOcean.</param>
/// <param name="AllowPlainHttp">Whether that may be plain http to another machine.</param>
internal sealed record AccountOptions(string Tag, string Prefix, string? Token, string? ApiUrl, bool AllowPlainHttp);

/// <summary>The snapshots of an account that a pass would judge, read and not touched.</summary>
internal static class AccountSnapshots
{
    /// <summary>Reads them, droplet by droplet, in the order of the droplets' names.</summary>
    /// <exception cref="UsageException">An option cannot be used.</exception>
    /// <exception cref="DigitalOceanException">They cannot be read.</exception>
    public static async Task<IReadOnlyList<DropletSnapshots>> ReadAsync(
        AccountOptions options, Func<string, string?> environment, CancellationToken ct)
    {
        var plan = PassOptionsReader.ReadPlan(new PlanTerms(
            options.Tag, options.Prefix, "1d", "00:00", "0h", [], [], KeepAtLeast: 1, PlanTiming.Elapsed));
        var token = ApiToken.Read(options.Token, environment);
        foreach (var warning in token.Warnings)
        {
            await Console.Error.WriteLineAsync($"{Usage.Program}: {warning}");
        }

        var connection = PassRun.Connect(token, PassOptionsReader.ReadApiUrl(options.ApiUrl, environment), options.AllowPlainHttp);
        using var handler = DigitalOceanClient.CreateHandler();
        using var http = new HttpClient(new ReadOnlyHandler(handler), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        return await ReadAsync(new DigitalOceanClient(http, connection, TimeProvider.System), plan, ct);
    }

    private static async Task<IReadOnlyList<DropletSnapshots>> ReadAsync(IDigitalOcean api, Plan plan, CancellationToken ct)
    {
        var droplets = await api.ListDropletsAsync(plan.Tag, ct);
        var snapshots = (await api.ListSnapshotsAsync(ct)).ToLookup(s => s.DropletId);
        return
        [
            .. droplets.OrderBy(d => d.Name, StringComparer.Ordinal).ThenBy(d => d.Id).Select(d => new DropletSnapshots(
                d.Name,
                [
                    .. snapshots[d.Id].Where(s => plan.Names(s.Name, [d.Name]))
                        .Select(s => new ListedSnapshot(s.Id, s.CreatedAt, s.Name, s.SizeGigabytes)),
                ])),
        ];
    }
}
