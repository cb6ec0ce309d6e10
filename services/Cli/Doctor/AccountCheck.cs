using System.Globalization;
using System.Text.Json;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Whose account it is, whether it may work, and whether it is the one that the log belongs to.</summary>
internal sealed class AccountCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "account";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct)
    {
        if (installation.Api.WhyNot is { } why)
        {
            return [CheckResult.NotChecked(why)];
        }

        if (installation.Api.Account!.Body is not { } body || !installation.Api.Account.IsSuccess)
        {
            return [CheckResult.NotChecked("it needs the scope account:read")];
        }

        var account = body.TryGetProperty("account", out var told) && told.ValueKind is JsonValueKind.Object ? told : body;
        var uuid = Uuid(account);
        return uuid is null
            ? [CheckResult.Wrong("DigitalOcean does not say which it is", "Try again; the services wait until they know it")]
            : [.. Standing(account, uuid, await DropletsAsync(installation, ct)), .. Binding(installation, uuid)];
    }

    /// <summary>As the services take it: that of the team, where the token was made in one.</summary>
    private static string? Uuid(JsonElement account) =>
        account.TryGetProperty("team", out var team) && team.ValueKind is JsonValueKind.Object && Text(team, "uuid") is { } ofTeam ? ofTeam : Text(account, "uuid");

    private static IEnumerable<CheckResult> Standing(JsonElement account, string uuid, string droplets)
    {
        var (status, said) = (Text(account, "status"), Text(account, "status_message"));
        var what = $"{uuid} is {status ?? "of no status that is told"}{(string.IsNullOrEmpty(said) ? "" : $" ({said})")}{droplets}{Limit(account)}";
        yield return status switch
        {
            "active" or null => CheckResult.Fine(what),
            "warning" => CheckResult.Remark(what, "See to it at https://cloud.digitalocean.com before it is locked"),
            _ => CheckResult.Wrong(what, "Nothing can be made or copied in it: see to it at https://cloud.digitalocean.com"),
        };
    }

    private static IEnumerable<CheckResult> Binding(Installation installation, string uuid) => installation.Database switch
    {
        { Fleet.Account.Uuid: { } bound } when string.Equals(bound, uuid, StringComparison.Ordinal) => [CheckResult.Fine("the log belongs to this account")],
        { Fleet.Account.Uuid: { } bound } =>
        [
            CheckResult.Wrong(
                $"the log belongs to account {bound}, and the token to {uuid}",
                "Give the token of the log's account, or another database to this account: the services do nothing until then"),
        ],
        { Fleet: not null } => [CheckResult.Fine("the log belongs to no account yet: the first planner or pass binds it to its token's")],
        _ => [],
    };

    /// <summary>How many droplets there are; nothing where it cannot be read.</summary>
    private static async Task<string> DropletsAsync(Installation installation, CancellationToken ct)
    {
        var reply = await installation.Api.Questions!.GetAsync("/v2/droplets?per_page=1", ct);
        return reply is { IsSuccess: true, Body: { } body } && body.TryGetProperty("meta", out var meta) && Number(meta, "total") is { } total
            ? string.Create(CultureInfo.InvariantCulture, $", {total} droplet{(total == 1 ? "" : "s")}")
            : "";
    }

    private static string Limit(JsonElement account) => Number(account, "droplet_limit") is { } limit
        ? string.Create(CultureInfo.InvariantCulture, $", droplet limit {limit}")
        : "";

    private static long? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
