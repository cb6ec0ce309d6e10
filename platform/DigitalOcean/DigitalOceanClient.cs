using System.Diagnostics;
using System.Net;
using DoSnapshot.DigitalOcean.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.DigitalOcean;

/// <summary>
/// <see cref="IDigitalOcean"/> over HTTP. GET makes up to four attempts, with growing and spread waits or those that the answer asks for; if it
/// asks for more than a minute, the call ends and says so. POST and DELETE make one. May be used by many threads at once.
/// </summary>
public sealed class DigitalOceanClient : IDigitalOcean
{
    private readonly ApiConnection connection;
    private readonly ApiReader reader;

    /// <summary>Checks and copies the options.</summary>
    /// <param name="http">
    /// Best over <see cref="CreateHandler"/>, and not used before: its own timeout is switched off, as each attempt is timed by
    /// <paramref name="time"/>. It must not have a handler that repeats requests.
    /// </param>
    /// <param name="options">Invalid ones are an <see cref="InvalidOperationException"/>; later changes are not seen.</param>
    /// <param name="time">For timeouts and waits.</param>
    /// <param name="logger">Told of every repetition.</param>
    /// <param name="budget">Asked before each attempt; null where the token's own limits are limit enough.</param>
    /// <param name="random">Spreads the waits; null for the process's own chance.</param>
    /// <param name="observer">Told of every attempt.</param>
    public DigitalOceanClient(
        HttpClient http,
        DigitalOceanOptions options,
        TimeProvider time,
        ILogger<DigitalOceanClient>? logger = null,
        IRequestBudget? budget = null,
        Random? random = null,
        IRequestObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        if (http.Timeout != Timeout.InfiniteTimeSpan)
            http.Timeout = Timeout.InfiniteTimeSpan;
        connection = new ApiConnection(http, options, time, logger ?? NullLogger<DigitalOceanClient>.Instance, budget, random, observer);
        reader = new ApiReader(connection);
    }

    /// <summary>The token's quota as the last answer that spoke of it told; null before that.</summary>
    public RateLimit? LastRateLimit => connection.LastRateLimit;

    /// <inheritdoc/>
    public ApiTrouble? Trouble => connection.Trouble;

    /// <inheritdoc/>
    public ClockComparison? Clocks => connection.Clocks;

    /// <inheritdoc/>
    public TimeSpan? ClockOffset => Clocks?.Offset;

    /// <summary>A handler that follows no redirect, keeps no cookie, and looks names up again every five minutes.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A trace is nobody else's business: its id is not sent along.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    };

    /// <inheritdoc/>
    public Task<Account> GetAccountAsync(CancellationToken ct) =>
        reader.GetAsync("/v2/account", json => Resource.Account(json.Required("account")), ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Region>> ListRegionsAsync(CancellationToken ct) =>
        reader.ListAsync("/v2/regions", "regions", Resource.Region, region => region.Slug, null, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Droplet>> ListDropletsAsync(string tag, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        return reader.ListAsync(
            $"/v2/droplets?tag_name={Uri.EscapeDataString(tag)}", "droplets", Resource.Droplet, droplet => droplet.Id, null, ct);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Droplet>> ListAllDropletsAsync(CancellationToken ct) =>
        reader.ListAsync("/v2/droplets", "droplets", Resource.Droplet, droplet => droplet.Id, null, ct);

    /// <inheritdoc/>
    public Task<Droplet?> FindDropletAsync(long dropletId, RequestPurpose purpose, CancellationToken ct) =>
        reader.FindAsync($"/v2/droplets/{Checked(dropletId)}", "droplet", Resource.Droplet, ct, purpose);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DropletSnapshot>> ListSnapshotsAsync(CancellationToken ct) =>
        reader.ListAsync(
            "/v2/snapshots?resource_type=droplet", "snapshots", json => Resource.Snapshot(json), snapshot => snapshot.Id, null, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DropletSnapshot>> ListSnapshotsOfDropletAsync(long dropletId, RequestPurpose purpose, CancellationToken ct) =>
        reader.ListAsync(
            $"/v2/droplets/{Checked(dropletId)}/snapshots",
            "snapshots",
            json => Resource.Snapshot(json, dropletId),
            snapshot => snapshot.Id,
            null,
            ct,
            purpose);

    /// <inheritdoc/>
    public Task<DropletSnapshot?> FindSnapshotAsync(long snapshotId, RequestPurpose purpose, CancellationToken ct) =>
        reader.FindAsync($"/v2/snapshots/{Checked(snapshotId)}", "snapshot", json => Resource.Snapshot(json), ct, purpose);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CloudAction>> ListActionsAsync(DateTimeOffset backTo, CancellationToken ct) =>
        // What this list misses is asked for by id, so the first page that reaches back far enough is the last: half the requests.
        ListActionsAsync("/v2/actions", backTo, (page, isOlder) => isOlder(page[^1]), ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CloudAction>> ListDropletActionsAsync(long dropletId, DateTimeOffset backTo, CancellationToken ct) =>
        ListActionsAsync($"/v2/droplets/{Checked(dropletId)}/actions", backTo, IsOlderAsAWhole, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CloudAction>> ListImageActionsAsync(long imageId, DateTimeOffset backTo, CancellationToken ct) =>
        ListActionsAsync($"/v2/images/{Checked(imageId)}/actions", backTo, IsOlderAsAWhole, ct);

    /// <inheritdoc/>
    public Task<CloudAction?> FindActionAsync(long actionId, CancellationToken ct) =>
        reader.FindAsync($"/v2/actions/{Checked(actionId)}", "action", Resource.Action, ct);

    /// <inheritdoc/>
    public Task<PostOutcome> SnapshotDropletAsync(long dropletId, string name, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return PostAsync($"/v2/droplets/{Checked(dropletId)}/actions", new { type = "snapshot", name }, ct);
    }

    /// <inheritdoc/>
    public Task<PostOutcome> PowerDropletAsync(long dropletId, PowerAction action, CancellationToken ct)
    {
        var type = action switch
        {
            PowerAction.Shutdown => "shutdown",
            PowerAction.PowerOff => "power_off",
            PowerAction.PowerOn => "power_on",
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "There is no such action."),
        };
        return PostAsync(
            $"/v2/droplets/{Checked(dropletId)}/actions",
            new { type },
            ct,
            action is PowerAction.PowerOn ? RequestPurpose.PowerOn : RequestPurpose.Snapshot);
    }

    /// <inheritdoc/>
    public Task<PostOutcome> TransferImageAsync(long imageId, string region, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(region);
        return PostAsync($"/v2/images/{Checked(imageId)}/actions", new { type = "transfer", region }, ct);
    }

    /// <inheritdoc/>
    public async Task<DeleteOutcome> DeleteSnapshotAsync(long snapshotId, CancellationToken ct)
    {
        var path = $"/v2/snapshots/{Checked(snapshotId)}";
        return Outcomes.OfDelete($"DELETE {path}", await connection.DeleteAsync(path, ct), connection.Secret);
    }

    private async Task<PostOutcome> PostAsync(string path, object body, CancellationToken ct, RequestPurpose? purpose = null) =>
        Outcomes.OfPost($"POST {path}", await connection.PostAsync(path, body, ct, purpose), connection.Secret);

    private async Task<IReadOnlyList<CloudAction>> ListActionsAsync(
        string path, DateTimeOffset backTo, Func<IReadOnlyList<CloudAction>, Func<CloudAction, bool>, bool> isLast, CancellationToken ct)
    {
        // Starts are told in whole seconds, so one in the very second of backTo seems to lie before it.
        var oldest = new DateTimeOffset(backTo.UtcTicks - (backTo.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var actions = await reader.ListAsync(
            path, "actions", Resource.Action, action => action.Id, page => page.Count > 0 && isLast(page, IsOlder), ct);
        return [.. actions.Where(action => !IsOlder(action))];

        bool IsOlder(CloudAction action) => action.StartedAt < oldest;
    }

    /// <summary>
    /// Whether a page and, as it runs from new to old, all after it are older. In one that runs the other way, or does not show which way it runs,
    /// the newest are yet to come.
    /// </summary>
    private static bool IsOlderAsAWhole(IReadOnlyList<CloudAction> page, Func<CloudAction, bool> isOlder) =>
        page.All(isOlder) && page[0].StartedAt > page[^1].StartedAt;

    /// <summary>No resource has an id below 1: such a one is a mistake of ours and must not become a request.</summary>
    private static long Checked(long id)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(id);
        return id;
    }
}
