using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Hosting;

/// <summary>Goes through what is at work, so that trouble with one of them is not the others'.</summary>
public static class Each
{
    /// <summary>This many in a row that DigitalOcean did not answer: it is away as a whole, and asking on would only use up the quota.</summary>
    private const int MostInARow = 3;

    /// <summary>
    /// Acts on each item, one after the other. One that fails does not keep the next from its turn, unless the token is refused or several in a row
    /// fail because DigitalOcean does not answer. Where it starts changes from call to call, so that what always fails is not always first.
    /// </summary>
    /// <param name="items">The items.</param>
    /// <param name="act">What to do with each.</param>
    /// <param name="ct">Ends it between two items.</param>
    /// <param name="random">Where it starts; null for the process's own chance.</param>
    /// <exception cref="AggregateException">Some failed; thrown when all had their turn, or when it was given up.</exception>
    public static async Task RunAsync<T>(IEnumerable<T> items, Func<T, Task> act, CancellationToken ct, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(act);
        List<Exception>? failures = null;
        var inARow = 0;
        foreach (var item in Rotated([.. items], random ?? Random.Shared))
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                await act(item);
                inARow = 0;
            }
#pragma warning disable CA1031 // Whatever it was, it was about this one; it is thrown on when all have had their turn.
            catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                (failures ??= []).Add(e);
                inARow = MayBeAboutAll(e) ? inARow + 1 : 0;
                if (inARow == MostInARow || e is DigitalOceanException { IsUnauthorized: true })
                {
                    break;
                }
            }
        }

        if (failures is not null)
        {
            throw new AggregateException(failures).Flatten();
        }
    }

    private static IEnumerable<T> Rotated<T>(List<T> items, Random random)
    {
        if (items.Count < 2)
        {
            return items;
        }

        var first = random.Next(items.Count);
        return items.Skip(first).Concat(items.Take(first));
    }

    private static bool MayBeAboutAll(Exception e) => e is DigitalOceanException api && (api.IsTransient || api.IsForbidden);
}
