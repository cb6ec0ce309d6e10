using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli.Doctor;

/// <summary>
/// Whether the token has the scopes for changing things. That shows only in calls that ask for a change, so that they are sent only when that is asked for,
/// and only about what there cannot be (<see cref="HarmlessCall"/>).
/// </summary>
internal sealed class WritingCheck : ICheck
{
    private const string DropletUpdate = "droplet:update";
    private const string ImageCreate = "image:create";
    private const string ImageUpdate = "image:update";
    private const string ImageDelete = "image:delete";
    private const string SnapshotDelete = "snapshot:delete";

    /// <inheritdoc/>
    public string Name => "writing";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct)
    {
        if (installation.Api.WhyNot is { } why)
        {
            return [CheckResult.NotChecked(why)];
        }

        if (!installation.Settings.ProbesWrites)
        {
            return
            [
                CheckResult.NotChecked(
                    $"whether the token has {DropletUpdate}, {ImageCreate}, {ImageUpdate}, {ImageDelete}, {SnapshotDelete}: only calls that ask for a change "
                    + "show it; --probe-writes sends such as can have no effect"),
            ];
        }

        var api = installation.Api.Questions!;
        var found = await Task.WhenAll(
            PairAsync(api, HarmlessCall.Snapshot, HarmlessCall.PowerOn, DropletUpdate, ImageCreate, ct),
            PairAsync(api, HarmlessCall.DeleteSnapshot, HarmlessCall.DeleteImage, ImageDelete, SnapshotDelete, ct),
            OneAsync(api, HarmlessCall.Transfer, ImageUpdate, ct));
        return ScopeFound.Judge([.. found.SelectMany(f => f)], ", as far as answers about what there is not can tell");
    }

    private static async Task<ScopeFound[]> OneAsync(ApiQuestions api, HarmlessCall call, string scope, CancellationToken ct) =>
        [Of(scope, await api.TryAsync(call, ct))];

    /// <summary>A call that needs two scopes. Where it is refused, a call that needs the first alone tells which is missing.</summary>
    private static async Task<ScopeFound[]> PairAsync(
        ApiQuestions api, HarmlessCall both, HarmlessCall firstAlone, string first, string second, CancellationToken ct)
    {
        var tried = await api.TryAsync(both, ct);
        if (tried is not { Sent: true, Reply.IsForbidden: true })
        {
            return [Of(first, tried), Of(second, tried)];
        }

        return Of(first, await api.TryAsync(firstAlone, ct)) switch
        {
            { IsThere: true } there => [there, ScopeFound.Lacks(second)],
            { IsThere: false } missing => [missing, ScopeFound.Unknown(second, $"it shows only beside {first}")],
            var unknown => [unknown, ScopeFound.Unknown(second, $"it or {first} is missing")],
        };
    }

    /// <summary>
    /// What is wrong with the request, 400 or 422, is said to whoever may send it. Anything but these, 403 and 404 tells nothing.
    /// </summary>
    private static ScopeFound Of(string scope, TriedCall tried) => tried switch
    {
        { Sent: false, Reply.IsForbidden: true } => ScopeFound.Unknown(scope, "it shows only to a token that may read such things"),
        { Sent: false } => ScopeFound.Unknown(
            scope, $"the look before the call was not answered 404, so that it was not sent ({(tried.Reply.IsSuccess ? "there is such a thing" : tried.Reply.Said)})"),
        { Reply.Status: 400 or 422 } => ScopeFound.Has(scope),
        // It cannot have been done; that it is said to be is no answer to rely on.
        { Reply.IsSuccess: true } => ScopeFound.Unknown(scope, $"DigitalOcean says that it has done what cannot be done ({tried.Reply.Status})"),
        _ => ScopeFound.Of(scope, tried.Reply),
    };
}
