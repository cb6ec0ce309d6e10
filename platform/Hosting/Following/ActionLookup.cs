using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Hosting;

/// <summary>
/// The account's actions, read once for a round. The list is long, of everything that happens in the account, and its order is not promised:
/// what it lacks is asked for by id.
/// </summary>
public sealed class ActionLookup
{
    private readonly IDigitalOcean api;
    private readonly Dictionary<long, CloudAction> actions;

    private ActionLookup(IDigitalOcean api, Dictionary<long, CloudAction> actions)
    {
        this.api = api;
        this.actions = actions;
    }

    /// <summary>Reads the actions back to a moment.</summary>
    public static async Task<ActionLookup> ReadAsync(IDigitalOcean api, DateTimeOffset backTo, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(api);
        var listed = await api.ListActionsAsync(backTo, ct);
        return new ActionLookup(api, listed.DistinctBy(a => a.Id).ToDictionary(a => a.Id));
    }

    /// <summary>An action; null when DigitalOcean does not know it.</summary>
    public async Task<CloudAction?> FindAsync(long actionId, CancellationToken ct) =>
        actions.TryGetValue(actionId, out var listed) ? listed : await api.FindActionAsync(actionId, ct);
}
