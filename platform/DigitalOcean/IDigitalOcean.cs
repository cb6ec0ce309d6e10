namespace DoSnapshot.DigitalOcean;

/// <summary>
/// What the platform asks of DigitalOcean's v2 API. Ids are positive; zero and below are an <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
/// <remarks>
/// <para>A read either returns the whole answer or throws <see cref="DigitalOceanException"/>; there is no partial list.
/// A list is collected page by page, so what is created or deleted meanwhile may or may not be in it.</para>
/// <para>A POST or DELETE reports what became of it as an outcome instead of throwing. Either is sent at most once.</para>
/// <para>A cancelled <c>ct</c> ends any call with <see cref="OperationCanceledException"/>; a POST may then have happened.</para>
/// </remarks>
public interface IDigitalOcean
{
    /// <summary>
    /// What the last request met with, after its attempts: no answer, 401, 429 or 5xx. Null when it was answered otherwise, and before the first.
    /// </summary>
    ApiTrouble? Trouble { get; }

    /// <summary>How the server's clock and this process's stood to each other at the last answer that had a Date. Null before that.</summary>
    ClockComparison? Clocks { get; }

    /// <summary>
    /// How far the server's clock, which stamps snapshots and actions, is ahead of this process's: by the Date of the last answer that had one, to
    /// about a second. Null before that.
    /// </summary>
    TimeSpan? ClockOffset { get; }

    /// <summary>The account the token belongs to: <c>GET /v2/account</c>, scope account:read.</summary>
    Task<Account> GetAccountAsync(CancellationToken ct);

    /// <summary>Every region: <c>GET /v2/regions</c>.</summary>
    Task<IReadOnlyList<Region>> ListRegionsAsync(CancellationToken ct);

    /// <summary>Every droplet with the tag: <c>GET /v2/droplets?tag_name=</c>, scopes droplet:read and tag:read (documented).</summary>
    Task<IReadOnlyList<Droplet>> ListDropletsAsync(string tag, CancellationToken ct);

    /// <summary>Every droplet, whatever its tags: <c>GET /v2/droplets</c>, scope droplet:read.</summary>
    Task<IReadOnlyList<Droplet>> ListAllDropletsAsync(CancellationToken ct);

    /// <summary>The droplet, or null where the API answers 404, which it also does for another team's token.</summary>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="purpose">What it is looked at for: where requests are scarce, that says who waits.</param>
    /// <param name="ct">Ends it.</param>
    Task<Droplet?> FindDropletAsync(long dropletId, RequestPurpose purpose, CancellationToken ct);

    /// <summary>
    /// Every finished droplet snapshot of the account: <c>GET /v2/snapshots?resource_type=droplet</c>.
    /// One that is still being made is in no list (observed). Volume snapshots are left out.
    /// </summary>
    Task<IReadOnlyList<DropletSnapshot>> ListSnapshotsAsync(CancellationToken ct);

    /// <summary>
    /// The finished snapshots of a droplet: <c>GET /v2/droplets/{id}/snapshots</c>, backups left out.
    /// A destroyed droplet is a <see cref="DigitalOceanException"/> with status 404, though its snapshots live on (documented).
    /// </summary>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="purpose">What they are read for: where requests are scarce, that says who waits.</param>
    /// <param name="ct">Ends it.</param>
    Task<IReadOnlyList<DropletSnapshot>> ListSnapshotsOfDropletAsync(long dropletId, RequestPurpose purpose, CancellationToken ct);

    /// <summary>
    /// The droplet snapshot: <c>GET /v2/snapshots/{id}</c>. Null where the API answers 404, which it also does for another team's token,
    /// or with something of that id that is no droplet snapshot.
    /// </summary>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="purpose">What it is looked at for: where requests are scarce, that says who waits.</param>
    /// <param name="ct">Ends it.</param>
    Task<DropletSnapshot?> FindSnapshotAsync(long snapshotId, RequestPurpose purpose, CancellationToken ct);

    /// <summary>
    /// The account's actions started at or after <paramref name="backTo"/>, to the whole second, and those that carry no start time:
    /// <c>GET /v2/actions</c>, which has no filter (documented). Newest first is assumed, as the order is not documented: reading stops at
    /// the first page that ends with an older one, and an action that matters and is missing should be asked for by id.
    /// </summary>
    Task<IReadOnlyList<CloudAction>> ListActionsAsync(DateTimeOffset backTo, CancellationToken ct);

    /// <summary>
    /// As <see cref="ListActionsAsync"/>, for one droplet; status 404 for one that is gone. Nobody asks by id for what this misses, so reading
    /// stops only at the first page that is older as a whole.
    /// </summary>
    Task<IReadOnlyList<CloudAction>> ListDropletActionsAsync(long dropletId, DateTimeOffset backTo, CancellationToken ct);

    /// <summary>
    /// As <see cref="ListDropletActionsAsync"/>, for one image (a droplet snapshot's id is its image's id, observed); status 404 for
    /// one that is gone.
    /// </summary>
    Task<IReadOnlyList<CloudAction>> ListImageActionsAsync(long imageId, DateTimeOffset backTo, CancellationToken ct);

    /// <summary>
    /// The action: <c>GET /v2/actions/{id}</c>, scope actions:read. Null on 404, which is also seen for a short time after the
    /// POST that made the action (observed): one null is no proof that it never was.
    /// </summary>
    Task<CloudAction?> FindActionAsync(long actionId, CancellationToken ct);

    /// <summary>Starts a snapshot of a droplet: <c>POST /v2/droplets/{id}/actions</c>. Names need not be unique (observed).</summary>
    Task<PostOutcome> SnapshotDropletAsync(long dropletId, string name, CancellationToken ct);

    /// <summary>
    /// Shuts a droplet down, cuts its power or powers it on: <c>POST /v2/droplets/{id}/actions</c>, scope droplet:update. A shutdown that is accepted, and
    /// even completed, may have had no effect, and the status changes seconds later (observed): look at <see cref="Droplet.Status"/>.
    /// </summary>
    Task<PostOutcome> PowerDropletAsync(long dropletId, PowerAction action, CancellationToken ct);

    /// <summary>
    /// Starts the copy of a snapshot to another region; its id stays, its regions grow: <c>POST /v2/images/{id}/actions</c>.
    /// A region that holds it already is refused with 422 (observed): read the regions before, and again after a refusal.
    /// </summary>
    Task<PostOutcome> TransferImageAsync(long imageId, string region, CancellationToken ct);

    /// <summary>
    /// Deletes a snapshot in all its regions, for good: <c>DELETE /v2/snapshots/{id}</c>. Backups and custom images are refused by the API
    /// with 400 (documented).
    /// </summary>
    Task<DeleteOutcome> DeleteSnapshotAsync(long snapshotId, CancellationToken ct);
}
