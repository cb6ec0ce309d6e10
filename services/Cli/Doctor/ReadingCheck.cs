using System.Text.Json;
using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli.Doctor;

/// <summary>
/// Whether the token has each scope for reading, by a call that needs that scope. There is no call that lists a token's scopes. Of most, an answer that
/// is not 403 shows that the scope is there.
/// </summary>
internal sealed class ReadingCheck : ICheck
{
    private static readonly (string Scope, string Path)[] Calls =
    [
        ("actions:read", "/v2/actions?per_page=1"),
        ("droplet:read", "/v2/droplets?per_page=1"),
        ("image:read", "/v2/images?private=true&per_page=1"),
        ("tag:read", "/v2/tags?per_page=1"),
    ];

    /// <inheritdoc/>
    public string Name => "reading";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct)
    {
        if (installation.Api.WhyNot is { } why)
        {
            return [CheckResult.NotChecked(why)];
        }

        var api = installation.Api.Questions!;
        var asked = await Task.WhenAll(
        [
            Task.FromResult<ScopeFound[]>([ScopeFound.Of("account:read", installation.Api.Account!)]),
            .. Calls.Select(async call => (ScopeFound[])[ScopeFound.Of(call.Scope, await api.GetAsync(call.Path, ct))]),
            RegionsAsync(api, ct),
            SnapshotsAsync(api, ct),
        ]);
        return ScopeFound.Judge([.. asked.SelectMany(found => found)]);
    }

    /// <summary>Without sizes:read the regions come without their sizes (documented).</summary>
    private static async Task<ScopeFound[]> RegionsAsync(ApiQuestions api, CancellationToken ct)
    {
        var reply = await api.GetAsync("/v2/regions?per_page=1", ct);
        var sizes = First(reply, "regions") switch
        {
            { } region => region.TryGetProperty("sizes", out _) ? ScopeFound.Has("sizes:read") : ScopeFound.Lacks("sizes:read"),
            null => ScopeFound.Unknown("sizes:read", "it shows in the regions, which cannot be read"),
        };
        return [ScopeFound.Of("regions:read", reply), sizes];
    }

    /// <summary>
    /// A snapshot by its id needs both scopes. Without any snapshot one is asked for that there cannot be.
    /// </summary>
    private static async Task<ScopeFound[]> SnapshotsAsync(ApiQuestions api, CancellationToken ct)
    {
        var list = await api.GetAsync("/v2/snapshots?resource_type=droplet&per_page=1", ct);
        var one = First(list, "snapshots") is { } snapshot && snapshot.TryGetProperty("id", out var id)
            ? await api.GetAsync($"/v2/snapshots/{Uri.EscapeDataString(id.ToString())}", ct)
            : await api.GetAsync(HarmlessCall.DeleteSnapshot.Thing, ct);
        var ofVolumes = one switch
        {
            { IsForbidden: true } when list.IsForbidden => ScopeFound.Unknown("block_storage_snapshot:read", "it shows only beside snapshot:read"),
            _ => ScopeFound.Of("block_storage_snapshot:read", one),
        };
        return [ScopeFound.Of("snapshot:read", list), ofVolumes];
    }

    private static JsonElement? First(ApiReply reply, string list) =>
        reply is { IsSuccess: true, Body: { } body } && body.TryGetProperty(list, out var rows) && rows.ValueKind is JsonValueKind.Array && rows.GetArrayLength() > 0
            ? rows[0]
            : null;
}
