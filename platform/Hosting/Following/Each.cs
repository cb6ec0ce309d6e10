using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Hosting;

/// <summary>Goes through what is at work, so that trouble with one of them is not the others'.</summary>
public static class Each
{
    /// <summary>
    /// Acts on each item, one after the other. One that fails does not keep the next from its turn, unless it failed because DigitalOcean as a
    /// whole is away or refuses the token.
    /// </summary>
    /// <exception cref="AggregateException">Some failed; thrown when all had their turn.</exception>
    public static async Task RunAsync<T>(IEnumerable<T> items, Func<T, Task> act, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(act);
        List<Exception>? failures = null;
        foreach (var item in items)
        {
            try
            {
                await act(item);
            }
#pragma warning disable CA1031 // Whatever it was, it was about this one; it is thrown on when all have had their turn.
            catch (Exception e) when (!ct.IsCancellationRequested && !IsAboutAll(e))
#pragma warning restore CA1031
            {
                (failures ??= []).Add(e);
            }
        }

        if (failures is not null)
        {
            throw new AggregateException(failures);
        }
    }

    private static bool IsAboutAll(Exception e) =>
        e is DigitalOceanException api && (api.IsTransient || api.IsUnauthorized || api.IsForbidden);
}
