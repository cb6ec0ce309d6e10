using System.Collections.Concurrent;
using System.Globalization;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Live;

/// <summary>Droplets with their snapshots, as they were last asked for: kept for a minute, unless something happens to them or their plan.</summary>
internal sealed class ViewBook : IDisposable
{
    private const int AskedAtOnce = 4;

    /// <summary>A view has all snapshots of its droplet: of a large fleet, all of them together would be more than there is room for.</summary>
    private const int MostViews = 200;

    private static readonly TimeSpan OneViewLasts = TimeSpan.FromMinutes(1);

    private readonly ApiClient client;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<long, (long Place, DateTimeOffset At, DropletViewShape View)> views = new();
    private readonly SemaphoreSlim asking = new(AskedAtOnce);

    /// <summary>Empty.</summary>
    /// <param name="client">Asks.</param>
    /// <param name="clock">Says how old an answer is.</param>
    public ViewBook(ApiClient client, TimeProvider clock)
    {
        (this.client, this.clock) = (client, clock);
    }

    /// <summary>A droplet with its snapshots.</summary>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="heardOf">The place in the log of the last event that was heard of, whatever it was about.</param>
    /// <param name="lastOf">The place of the last event about the droplet, or a plan of it, by how it was told last.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ApiTroubleException">It cannot be had.</exception>
    public async Task<DropletViewShape> OfAsync(long dropletId, Func<long> heardOf, Func<DropletViewShape, long> lastOf, CancellationToken ct)
    {
        if (Kept(dropletId, lastOf) is { } kept)
        {
            return kept;
        }

        await asking.WaitAsync(ct);
        try
        {
            if (Kept(dropletId, lastOf) is { } meanwhile)
            {
                return meanwhile;
            }

            // Of whatever was heard by now it tells.
            var place = heardOf();
            var view = await client.DropletAsync(dropletId.ToString(CultureInfo.InvariantCulture), ct);
            Keep(dropletId, place, view);
            return view;
        }
        finally
        {
            asking.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => asking.Dispose();

    private void Keep(long dropletId, long place, DropletViewShape view)
    {
        var now = clock.GetUtcNow();
        if (views.Count >= MostViews)
        {
            foreach (var old in views.Where(v => now - v.Value.At >= OneViewLasts))
            {
                views.TryRemove(old.Key, out _);
            }
        }

        views[dropletId] = (place, now, view);
    }

    private DropletViewShape? Kept(long dropletId, Func<DropletViewShape, long> lastOf) =>
        views.TryGetValue(dropletId, out var kept) && lastOf(kept.View) <= kept.Place && clock.GetUtcNow() - kept.At < OneViewLasts ? kept.View : null;
}
