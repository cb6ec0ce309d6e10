using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Live;

/// <summary>The last turns of droplets. What a page shows at the same time is asked for at once, and kept until something happens to the droplet.</summary>
internal sealed class SlotBook
{
    /// <summary>Of a large fleet only what somebody looks at is kept.</summary>
    private const int MostKept = 500;

    /// <summary>The parts of a page ask one after the other, within this time.</summary>
    private static readonly TimeSpan Gathers = TimeSpan.FromMilliseconds(10);

    /// <summary>What is due or missed changes by time alone.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private readonly ApiClient client;
    private readonly TimeProvider clock;
    private readonly CancellationToken ending;
    private readonly Lock gate = new();
    private readonly Dictionary<long, Kept> known = [];
    private Dictionary<long, Wanted> wanted = [];

    /// <summary>Empty.</summary>
    /// <param name="client">Asks.</param>
    /// <param name="clock">Says how old an answer is.</param>
    /// <param name="ending">Ends what is asked.</param>
    public SlotBook(ApiClient client, TimeProvider clock, CancellationToken ending)
    {
        (this.client, this.clock, this.ending) = (client, clock, ending);
    }

    /// <summary>A droplet's turns, oldest first.</summary>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="place">The place in the log of what happened to it last: of an answer of before, something may be otherwise by now.</param>
    /// <exception cref="ApiTroubleException">They cannot be had.</exception>
    public Task<SlotShape[]> OfAsync(long dropletId, long place)
    {
        lock (gate)
        {
            if (known.TryGetValue(dropletId, out var kept) && kept.Place >= place && clock.GetElapsedTime(kept.At) < Lasts)
            {
                return Task.FromResult(kept.Slots);
            }

            if (wanted.TryGetValue(dropletId, out var asked))
            {
                return asked.Answer.Task;
            }

            var mine = new Wanted(place);
            wanted[dropletId] = mine;
            if (wanted.Count == 1)
            {
                _ = Task.Run(SendAsync, CancellationToken.None);
            }

            return mine.Answer.Task;
        }
    }

    private async Task SendAsync()
    {
        await Task.Delay(Gathers, clock, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Dictionary<long, Wanted> now;
        lock (gate)
        {
            (now, wanted) = (wanted, []);
        }

        foreach (var part in now.Chunk(SlotsShape.MostDroplets))
        {
            await AskAsync(part);
        }
    }

    private async Task AskAsync(KeyValuePair<long, Wanted>[] part)
    {
        try
        {
            var told = (await client.SlotsAsync(part.Select(p => p.Key), ending)).Droplets.ToDictionary(d => d.DropletId, d => d.Slots);
            foreach (var (id, asked) in part)
            {
                var slots = told.GetValueOrDefault(id, []);
                Keep(id, new Kept(asked.Place, clock.GetTimestamp(), slots));
                asked.Answer.TrySetResult(slots);
            }
        }
        catch (OperationCanceledException)
        {
            Array.ForEach(part, p => p.Value.Answer.TrySetCanceled(CancellationToken.None));
        }
#pragma warning disable CA1031 // Whatever it is, it is told to whoever waits for the answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Array.ForEach(part, p => p.Value.Answer.TrySetException(e));
        }
    }

    private void Keep(long dropletId, Kept kept)
    {
        lock (gate)
        {
            if (known.Count >= MostKept)
            {
                foreach (var old in known.Where(k => clock.GetElapsedTime(k.Value.At) >= Lasts).Select(k => k.Key).ToList())
                {
                    known.Remove(old);
                }
            }

            known[dropletId] = kept;
        }
    }

    private sealed record Kept(long Place, long At, SlotShape[] Slots);

    private sealed record Wanted(long Place)
    {
        /// <summary>Whoever waits goes on by itself, and holds up nobody else.</summary>
        public TaskCompletionSource<SlotShape[]> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
