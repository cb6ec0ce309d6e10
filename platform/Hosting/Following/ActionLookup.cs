using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Hosting;

/// <summary>
/// The account's actions, read once for a round. The list is long, of everything that happens in the account, and its order is not promised:
/// what it lacks is asked for by id.
/// </summary>
public sealed class ActionLookup
{
    /// <summary>For more of them a list is worth waiting for: requests are scarce.</summary>
    private const int FewEnough = 50;

    private readonly IDigitalOcean api;
    private readonly Dictionary<long, CloudAction> actions;

    private ActionLookup(IDigitalOcean api, Dictionary<long, CloudAction> actions)
    {
        this.api = api;
        this.actions = actions;
    }

    /// <summary>
    /// Reads the actions back to the start of the oldest that is looked for, but not of those that lasted too long already: in a busy account a month is
    /// thousands of pages. Where the list cannot be had, each is asked for by id.
    /// </summary>
    /// <param name="api">DigitalOcean.</param>
    /// <param name="starts">When those that are looked for started, UTC.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timeout">How long one may last.</param>
    /// <param name="skew">How wrong clocks may be.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="byIdInstead">Whether each may be asked for by id where the list cannot be had.</param>
    public static async Task<ActionLookup> ReadAsync(
        IDigitalOcean api,
        IEnumerable<DateTimeOffset> starts,
        DateTimeOffset now,
        TimeSpan timeout,
        TimeSpan skew,
        CancellationToken ct,
        bool byIdInstead = true)
    {
        ArgumentNullException.ThrowIfNull(api);
        var inTime = starts.Where(s => now - s <= timeout).ToList();
        if (inTime.Count == 0)
        {
            return new ActionLookup(api, []);
        }

        try
        {
            var listed = await api.ListActionsAsync(inTime.Min() - skew, ct);
            return new ActionLookup(api, listed.DistinctBy(a => a.Id).ToDictionary(a => a.Id));
        }
        catch (DigitalOceanException e) when (byIdInstead && !e.IsUnauthorized && inTime.Count <= FewEnough)
        {
            return new ActionLookup(api, []);
        }
    }

    /// <summary>An action; null when DigitalOcean does not know it.</summary>
    public async Task<CloudAction?> FindAsync(long actionId, CancellationToken ct) =>
        actions.TryGetValue(actionId, out var listed) ? listed : await api.FindActionAsync(actionId, ct);
}
